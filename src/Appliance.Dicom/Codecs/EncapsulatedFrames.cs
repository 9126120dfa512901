using System.Buffers.Binary;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>Which fragments of encapsulated pixel data make up which frame.</summary>
/// <remarks>
/// PS3.5 A.4 and table A.4-1 (basic offset table), PS3.3 C.7.6.3.1.8 (extended offset table). A fragment holds bytes of one frame
/// only. Tables are believed where they point at fragments; files exist whose tables do not, but whose fragments still tell.
/// </remarks>
public sealed class EncapsulatedFrames
{
    private const int ItemHeaderBytes = 8;

    private readonly IReadOnlyList<ReadOnlyMemory<byte>> fragments;

    /// <summary>Index of the first fragment of each frame, and behind the last one the number of fragments.</summary>
    private readonly int[] starts;

    private EncapsulatedFrames(IReadOnlyList<ReadOnlyMemory<byte>> fragments, int[] starts)
    {
        this.fragments = fragments;
        this.starts = starts;
    }

    public int Count => starts.Length - 1;

    /// <summary>Assigns fragments to frames.</summary>
    /// <param name="dataSet">With encapsulated pixel data.</param>
    /// <param name="frames">How many there must be.</param>
    public static Parsed<EncapsulatedFrames> Split(DataSet dataSet, int frames)
    {
        if (dataSet[Tags.PixelData]?.Fragments is not { Count: > 1 } items)
        {
            return Bad("encapsulated pixel data has no fragment");
        }

        ReadOnlyMemory<byte>[] fragments = [.. items.Skip(1)];
        int[]? starts =
            frames == 1 ? [0]
            : ByTable(fragments, frames, dataSet.GetBytes(Tags.ExtendedOffsetTable).Span, sizeof(ulong))
                ?? ByTable(fragments, frames, items[0].Span, sizeof(uint))
                ?? OneFragmentEach(fragments, frames)
                ?? ByStartOfCodestream(fragments, frames);
        return starts is null
            ? Bad("fragments of pixel data cannot be assigned to the number of frames")
            : new EncapsulatedFrames(fragments, [.. starts, fragments.Length]);
    }

    /// <summary>The codestream of a frame, from 0; several fragments are joined in new memory.</summary>
    public ReadOnlyMemory<byte> this[int frame]
    {
        get
        {
            int start = starts[frame];
            int end = starts[frame + 1];
            if (end - start == 1)
            {
                return fragments[start];
            }

            byte[] joined = new byte[fragments.Skip(start).Take(end - start).Sum(fragment => fragment.Length)];
            int at = 0;
            for (int i = start; i < end; i++)
            {
                fragments[i].Span.CopyTo(joined.AsSpan(at));
                at += fragments[i].Length;
            }

            return joined;
        }
    }

    /// <summary>
    /// Offsets from the first byte of the first fragment's item tag, 4 or 8 bytes each; null where they do not fit the
    /// fragments.
    /// </summary>
    private static int[]? ByTable(ReadOnlyMemory<byte>[] fragments, int frames, ReadOnlySpan<byte> table, int entryBytes)
    {
        if (table.Length < (long)frames * entryBytes)
        {
            return null;
        }

        int[] starts = new int[frames];
        int fragment = 0;
        long position = 0;
        for (int frame = 0; frame < frames; frame++)
        {
            ReadOnlySpan<byte> entry = table.Slice(frame * entryBytes, entryBytes);
            ulong offset = entryBytes == sizeof(uint)
                ? BinaryPrimitives.ReadUInt32LittleEndian(entry)
                : BinaryPrimitives.ReadUInt64LittleEndian(entry);
            while (fragment < fragments.Length && (ulong)position < offset)
            {
                position += ItemHeaderBytes + fragments[fragment].Length;
                fragment++;
            }

            bool isFirstAtZero = frame > 0 || offset == 0;
            bool isLater = frame == 0 || fragment > starts[frame - 1];
            if (fragment == fragments.Length || (ulong)position != offset || !isFirstAtZero || !isLater)
            {
                return null;
            }

            starts[frame] = fragment;
        }

        return starts;
    }

    private static int[]? OneFragmentEach(ReadOnlyMemory<byte>[] fragments, int frames) =>
        fragments.Length == frames ? [.. Enumerable.Range(0, frames)] : null;

    private static int[]? ByStartOfCodestream(ReadOnlyMemory<byte>[] fragments, int frames)
    {
        List<int> starts = [];
        for (int i = 0; i < fragments.Length && starts.Count <= frames; i++)
        {
            if (StartsCodestream(fragments[i].Span))
            {
                starts.Add(i);
            }
        }

        return starts.Count == frames && starts[0] == 0 ? [.. starts] : null;
    }

    /// <summary>JPEG and JPEG-LS: SOI and the next marker; JPEG 2000: SOC and SIZ, or the signature box of a JP2 file.</summary>
    private static bool StartsCodestream(ReadOnlySpan<byte> fragment) =>
        fragment.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
        || fragment.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51])
        || fragment.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20]);

    private static Malformed Bad(string text) => new(MalformedReason.BadPixelStream, 0, text);
}
