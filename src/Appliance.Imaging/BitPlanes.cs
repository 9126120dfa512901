using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Appliance.Dicom.Objects;
using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>Labels of a slice as bits, a plane for each value: what the frames of a segmentation are (PS3.5 8.1.1).</summary>
public static unsafe class BitPlanes
{
    private const int Step = 32;

    /// <summary>The frames of a whole volume.</summary>
    /// <param name="labels">[slice][row][column].</param>
    /// <param name="voxels">Of one slice.</param>
    /// <param name="values">Each once. What other voxels have is background.</param>
    /// <param name="beforeFrame">Called before each frame is packed: whoever has no more time throws.</param>
    public static PackedFrames Of(ReadOnlySpan<byte> labels, int voxels, IReadOnlyList<byte> values, Action? beforeFrame = null)
    {
        PackedFrames packed = new(labels.Length / voxels, voxels);
        Span<bool> present = stackalloc bool[256];
        for (int slice = 0; slice < packed.Slices; slice++)
        {
            ReadOnlySpan<byte> plane = labels.Slice(slice * voxels, voxels);
            present.Clear();
            Mark(plane, present);
            foreach (byte value in values)
            {
                if (present[value])
                {
                    beforeFrame?.Invoke();
                    byte[] bits = GC.AllocateUninitializedArray<byte>(PackedFrames.BytesOf(voxels));
                    Pack(plane, value, bits);
                    packed.Add(slice, value, bits);
                }
            }
        }

        return packed;
    }

    /// <summary>A bit for each voxel: whether it has the value; the first voxel in the lowest bit.</summary>
    /// <param name="bits"><see cref="PackedFrames.BytesOf"/>; what it held is written over.</param>
    /// <returns>How many have it.</returns>
    public static int Pack(ReadOnlySpan<byte> labels, byte value, Span<byte> bits)
    {
        fixed (byte* source = labels, target = bits)
        {
            SegPack.Bits kernel = new()
            {
                Source = new View<byte>(source, labels.Length),
                Target = new View<byte>(target, bits.Length),
                Label = value,
                Voxels = labels.Length,
                Bytes = bits.Length,
            };
            Compute.Shared.Do(kernel, Issue);
        }

        return Count(bits);
    }

    /// <summary>Marks the labels that occur. Runs of one label, nearly all of a slice, go by 32 voxels at a time.</summary>
    /// <param name="present">256 flags; only set, never cleared.</param>
    public static void Mark(ReadOnlySpan<byte> labels, Span<bool> present)
    {
        int i = 0;
        while (i < labels.Length)
        {
            byte label = labels[i];
            present[label] = true;
            Vector256<byte> run = Vector256.Create(label);
            i++;
            while (i + Step <= labels.Length && Vector256.Create(labels.Slice(i, Step)) == run)
            {
                i += Step;
            }
        }
    }

    /// <summary>Sets or clears the bits of neighbouring voxels.</summary>
    public static void Set(Span<byte> bits, int first, int count, bool value)
    {
        for (int bit = first; bit < first + count;)
        {
            if ((bit & 7) == 0 && first + count - bit >= 8)
            {
                int whole = (first + count - bit) >> 3;
                bits.Slice(bit >> 3, whole).Fill(value ? byte.MaxValue : (byte)0);
                bit += whole << 3;
                continue;
            }

            byte mask = (byte)(1 << (bit & 7));
            bits[bit >> 3] = (byte)(value ? bits[bit >> 3] | mask : bits[bit >> 3] & ~mask);
            bit++;
        }
    }

    /// <summary>Bits that are set.</summary>
    private static int Count(ReadOnlySpan<byte> bits)
    {
        int count = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bits);
        foreach (ulong word in words)
        {
            count += BitOperations.PopCount(word);
        }

        foreach (byte eight in bits[(words.Length * sizeof(ulong))..])
        {
            count += BitOperations.PopCount(eight);
        }

        return count;
    }

    private static void Issue(LaunchQueue on, in SegPack.Bits asked)
    {
        SegPack.Bits kernel = asked;
        (kernel.Source, kernel.Target) = (on.In(kernel.Source), on.Out(kernel.Target));
        on.Tuned(kernel, kernel.Bytes, 1, 1);
    }
}
