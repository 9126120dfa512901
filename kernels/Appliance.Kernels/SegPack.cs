using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>One label's voxels as a bit plane, the first in the least significant bit (PS3.5 8.1.1, BitsAllocated 1).</summary>
/// <remarks>
/// The volume is taken as one run of voxels; the last byte of a run that is no multiple of eight is filled with zeros. Launch: as many
/// columns as bytes come out, one row for each plane.
/// </remarks>
public static partial class SegPack
{
    public static void Reference(ReadOnlySpan<byte> labels, byte label, Span<byte> bits)
    {
        bits.Clear();
        for (int i = 0; i < labels.Length; i++)
        {
            bits[i / 8] |= (byte)(labels[i] == label ? 1 << (i % 8) : 0);
        }
    }

    [Kernel(128)]
    public partial struct Bits : ILaneKernel
    {
        public View<byte> Source;
        public View<byte> Target;
        public int Label;

        /// <summary>Voxels of a plane.</summary>
        public int Voxels;

        /// <summary>Bytes of a plane: Voxels / 8, rounded up.</summary>
        public int Bytes;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Bytes, needs.Y);
            needs.Between("extent y", needs.Y, 0, 1);
            needs.Between(nameof(Voxels), Voxels, 0, 8L * Bytes);
            needs.Holds(Source, Needs.Product(Voxels, needs.Z), nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long first = (long)z * Voxels;
            TInt byteAt = TInt.Count(x) << 3;
            TInt label = TInt.Set(Label), last = TInt.Set(Voxels - 1), none = TInt.Set(0);
            TInt bits = none;
            for (int bit = 0; bit < 8; bit++)
            {
                TInt at = byteAt + TInt.Set(bit);
                TMask inside = ~TInt.Less(last, at);
                TMask set = TInt.Equal(TInt.Gather(Source, first, TInt.Min(at, last)), label) & inside;
                bits |= TInt.Select(set, TInt.Set(1 << bit), none);
            }

            TInt.Store(Target, ((long)z * Bytes) + x, bits);
        }
    }
}
