using System.Diagnostics;
using System.Runtime.InteropServices;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>Pixel data that is not compressed.</summary>
/// <remarks>PS3.5 8.1, annex D; PS3.3 C.7.6.3.1.2, C.7.6.3.1.3.</remarks>
internal static class NativePixels
{
    /// <summary>Copies one frame out of the value field.</summary>
    /// <param name="value">The value field, its words already little endian.</param>
    /// <param name="hasSwappedHalves">32-bit cells came as big-endian OW: the reader turned the bytes of each 16-bit word only.</param>
    /// <param name="destination"><see cref="PixelDescription.FrameBytes"/> bytes, little endian, colours interleaved.</param>
    public static Malformed? Decode(
        ReadOnlySpan<byte> value, PixelDescription description, int frame, bool hasSwappedHalves, Span<byte> destination)
    {
        Debug.Assert(destination.Length == description.FrameBytes);
        long firstBit = frame * description.NativeFrameBits;
        long endBit = firstBit + description.NativeFrameBits;
        if ((endBit + 7) / 8 > value.Length)
        {
            return new Malformed(MalformedReason.BadPixelStream, value.Length, "pixel data is shorter than its frames need");
        }

        if (description.BitsAllocated == 1)
        {
            UnpackBits(value, firstBit, destination);
            return null;
        }

        ReadOnlySpan<byte> source = value[(int)(firstBit / 8)..(int)(endBit / 8)];
        if (description.HasHalfChroma)
        {
            RepeatChroma(source, destination);
        }
        else if (description.IsPlanar)
        {
            Interleave(source, description, destination);
        }
        else
        {
            source.CopyTo(destination);
        }

        if (hasSwappedHalves)
        {
            SwapHalves(destination);
        }

        return null;
    }

    /// <summary>Exchanges the 16-bit halves of each 32-bit cell.</summary>
    public static void SwapHalves(Span<byte> cells)
    {
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(cells);
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = (words[i] >> 16) | (words[i] << 16);
        }
    }

    /// <summary>The first pixel is in the lowest bit; a frame may start within a byte.</summary>
    private static void UnpackBits(ReadOnlySpan<byte> value, long firstBit, Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            long bit = firstBit + i;
            destination[i] = (byte)((value[(int)(bit >> 3)] >> (int)(bit & 7)) & 1);
        }
    }

    /// <summary>Y1 Y2 Cb Cr for two pixels becomes Y1 Cb Cr Y2 Cb Cr.</summary>
    private static void RepeatChroma(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        for (int from = 0, to = 0; from < source.Length; from += 4, to += 6)
        {
            ReadOnlySpan<byte> pair = source.Slice(from, 4);
            Span<byte> pixels = destination.Slice(to, 6);
            (pixels[0], pixels[1], pixels[2]) = (pair[0], pair[2], pair[3]);
            (pixels[3], pixels[4], pixels[5]) = (pair[1], pair[2], pair[3]);
        }
    }

    private static void Interleave(ReadOnlySpan<byte> planes, PixelDescription description, Span<byte> destination)
    {
        int size = description.SampleBytes;
        int pixels = description.Rows * description.Columns;
        for (int sample = 0; sample < description.Samples; sample++)
        {
            ReadOnlySpan<byte> plane = planes.Slice(sample * pixels * size, pixels * size);
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                plane.Slice(pixel * size, size).CopyTo(destination[(((pixel * description.Samples) + sample) * size)..]);
            }
        }
    }
}
