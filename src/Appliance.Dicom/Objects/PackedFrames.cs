using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Appliance.Dicom.Objects;

/// <summary>
/// Frames of a binary segmentation that were packed before it is made, each for itself: as one can while slices arrive, when nobody knows
/// yet how many frames there will be.
/// </summary>
/// <remarks>Only where a frame is a whole number of bytes: then the pixel data is one frame behind the other (PS3.5 8.1.1).</remarks>
/// <param name="voxels">Of one frame, a multiple of 8.</param>
public sealed class PackedFrames(int slices, int voxels)
{
    private const int Step = 32;
    private readonly Dictionary<(int Slice, byte Value), ReadOnlyMemory<byte>> frames = [];

    public int Slices => slices;

    public int Voxels => voxels;

    /// <summary>Whether frames of so many voxels can be packed for themselves.</summary>
    public static bool Fits(int voxels) => voxels % 8 == 0;

    /// <summary>Room that <see cref="Pack"/> needs: the bits, rounded up to its step.</summary>
    public static int BytesOf(int voxels) => (voxels + Step - 1) / Step * (Step / 8);

    /// <summary>Marks the labels that occur.</summary>
    /// <param name="present">256 flags; only set, never cleared.</param>
    public static void Mark(ReadOnlySpan<byte> labels, Span<bool> present) => LabelBits.Mark(labels, present);

    /// <summary>A bit for each voxel: whether it has the value; the first voxel in the lowest bit.</summary>
    /// <param name="bits"><see cref="BytesOf"/>; what it held is written over.</param>
    /// <returns>How many have it.</returns>
    public static int Pack(ReadOnlySpan<byte> labels, byte value, Span<byte> bits)
    {
        Vector256<byte> wanted = Vector256.Create(value);
        ref byte at = ref MemoryMarshal.GetReference(labels);
        int count = 0, i = 0;
        for (; i + Step <= labels.Length; i += Step)
        {
            uint word = Vector256.Equals(Vector256.LoadUnsafe(ref at, (nuint)i), wanted).ExtractMostSignificantBits();
            BinaryPrimitives.WriteUInt32LittleEndian(bits[(i >> 3)..], word);
            count += BitOperations.PopCount(word);
        }

        if (i < labels.Length)
        {
            uint word = 0;
            for (int tail = i; tail < labels.Length; tail++)
            {
                word |= labels[tail] == value ? 1u << (tail - i) : 0;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(bits[(i >> 3)..], word);
            count += BitOperations.PopCount(word);
        }

        return count;
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

    /// <summary>A frame that has at least one voxel. Its bits are not copied.</summary>
    public void Add(int slice, byte value, ReadOnlyMemory<byte> bits) => frames.Add((slice, value), bits[..(voxels / 8)]);

    public bool Has(int slice, byte value) => frames.ContainsKey((slice, value));

    internal ReadOnlyMemory<byte> this[int slice, byte value] => frames[(slice, value)];
}
