using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Appliance.Dicom.Objects;

/// <summary>The inner loops of a segmentation: which labels a slice holds, and a slice's mask as bits. 32 voxels a step.</summary>
internal static class LabelBits
{
    /// <summary>Bytes behind the last bit that <see cref="Pack"/> may touch (with zeros).</summary>
    public const int SlackBytes = 8;

    private const int Step = 32;

    /// <summary>Marks the labels that occur. Runs of one label, nearly all of a slice, go by 32 voxels at a time.</summary>
    /// <param name="present">256 flags; only set, never cleared.</param>
    public static void Mark(ReadOnlySpan<byte> labels, Span<bool> present)
    {
        ref byte at = ref MemoryMarshal.GetReference(labels);
        int i = 0;
        while (i < labels.Length)
        {
            byte label = labels[i];
            present[label] = true;
            Vector256<byte> run = Vector256.Create(label);
            i++;
            while (i + Step <= labels.Length && Vector256.LoadUnsafe(ref at, (nuint)i) == run)
            {
                i += Step;
            }
        }
    }

    /// <summary>
    /// Sets a bit for each voxel that has one of the values: the first voxel in the lowest bit, no gap between frames
    /// (PS3.5 8.1.1 and D.1).
    /// </summary>
    /// <param name="bits">Zero where this frame goes; <see cref="SlackBytes"/> longer than all frames.</param>
    /// <param name="firstBit">Where the frame starts.</param>
    public static void Pack(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> values, Span<byte> bits, long firstBit)
    {
        ref byte at = ref MemoryMarshal.GetReference(labels);
        int i = 0;
        for (; i + Step <= labels.Length; i += Step)
        {
            Vector256<byte> voxels = Vector256.LoadUnsafe(ref at, (nuint)i);
            Vector256<byte> mask = Vector256.Equals(voxels, Vector256.Create(values[0]));
            for (int v = 1; v < values.Length; v++)
            {
                mask |= Vector256.Equals(voxels, Vector256.Create(values[v]));
            }

            Or(bits, firstBit + i, mask.ExtractMostSignificantBits());
        }

        uint rest = 0;
        for (int tail = i; tail < labels.Length; tail++)
        {
            rest |= values.Contains(labels[tail]) ? 1u << (tail - i) : 0;
        }

        Or(bits, firstBit + i, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Or(Span<byte> bits, long bit, uint word)
    {
        if (word == 0)
        {
            return;
        }

        Span<byte> eight = bits.Slice((int)(bit >> 3), sizeof(ulong));
        ulong shifted = (ulong)word << (int)(bit & 7);
        BinaryPrimitives.WriteUInt64LittleEndian(eight, BinaryPrimitives.ReadUInt64LittleEndian(eight) | shifted);
    }
}
