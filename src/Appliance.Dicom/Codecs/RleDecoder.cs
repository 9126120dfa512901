using System.Buffers.Binary;
using System.Diagnostics;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>RLE lossless: byte planes, each packed by runs.</summary>
/// <remarks>PS3.5 annex G. One segment for each byte of a composite pixel code, most significant first, colour by colour.</remarks>
internal static class RleDecoder
{
    private const int HeaderBytes = 64;
    private const int MostSegments = 15;

    /// <summary>Decodes one frame.</summary>
    /// <param name="source">Header and segments; bytes after the last needed one are not looked at.</param>
    /// <param name="destination"><see cref="PixelDescription.FrameBytes"/> bytes, little endian, colours interleaved.</param>
    /// <returns>Null, or what is wrong; then the destination holds part of an image.</returns>
    public static Malformed? Decode(ReadOnlySpan<byte> source, PixelDescription expected, Span<byte> destination)
    {
        Debug.Assert(destination.Length == expected.FrameBytes);
        int planes = expected.Samples * expected.SampleBytes;
        if (expected.BitsAllocated == 1 || planes > MostSegments)
        {
            return Bad(0, "RLE holds whole bytes, at most 15 of them per pixel");
        }

        if (source.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(source) != planes)
        {
            return Bad(0, "an RLE header is cut short or has another number of segments than its data set needs");
        }

        for (int plane = 0; plane < planes; plane++)
        {
            uint start = Offset(source, plane);
            uint end = plane + 1 < planes ? Offset(source, plane + 1) : (uint)source.Length;
            if (start < HeaderBytes || end < start || end > source.Length)
            {
                return Bad(4 * (plane + 1), "an RLE segment lies outside of its frame");
            }

            // Most significant byte first in the segments, last in little-endian memory.
            int sample = plane / expected.SampleBytes;
            int significance = expected.SampleBytes - 1 - (plane % expected.SampleBytes);
            Span<byte> target = destination[((sample * expected.SampleBytes) + significance)..];
            if (!Unpack(source[(int)start..(int)end], target, planes))
            {
                return Bad(start, "an RLE segment ends before its plane does");
            }
        }

        return null;
    }

    private static uint Offset(ReadOnlySpan<byte> source, int segment) =>
        BinaryPrimitives.ReadUInt32LittleEndian(source[(4 * (segment + 1))..]);

    /// <summary>Writes every <paramref name="stride"/>-th byte of the target, until its end; false where the runs end before.</summary>
    private static bool Unpack(ReadOnlySpan<byte> packed, Span<byte> target, int stride)
    {
        int from = 0;
        int to = 0;
        while (to < target.Length)
        {
            if (packed.Length - from < 2)
            {
                return false;
            }

            int count = (sbyte)packed[from++];
            if (count >= 0)
            {
                // A literal run. The last one may go beyond the plane: some encoders pad it to an even length.
                int run = Math.Min(count + 1, ((target.Length - 1 - to) / stride) + 1);
                if (run > packed.Length - from)
                {
                    return false;
                }

                foreach (byte value in packed.Slice(from, run))
                {
                    target[to] = value;
                    to += stride;
                }

                from += count + 1;
            }
            else if (count != sbyte.MinValue)
            {
                byte value = packed[from++];
                int end = (int)Math.Min(target.Length, to + ((1L - count) * stride));
                for (; to < end; to += stride)
                {
                    target[to] = value;
                }
            }
        }

        return true;
    }

    private static Malformed Bad(long offset, string text) => new(MalformedReason.BadPixelStream, offset, text);
}
