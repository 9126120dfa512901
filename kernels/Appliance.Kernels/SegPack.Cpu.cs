#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Appliance.Kernels;

/// <content>32 labels are compared at once; the vector's sign bits are the bits.</content>
public static partial class SegPack
{
    public unsafe partial struct Bits : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            for (int z = zFrom; z < zTo; z++)
            {
                Plane(Source.Pointer + ((long)z * Voxels), Target.Pointer + ((long)z * Bytes));
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void Plane(byte* from, byte* to)
        {
            Vector256<byte> label = Vector256.Create((byte)Label);
            int at = 0;
            for (; at <= Voxels - 64; at += 64)
            {
                CpuLaunch.Ahead(from + at);
                *(uint*)(to + (at / 8)) = Equal(from + at, label);
                *(uint*)(to + (at / 8) + 4) = Equal(from + at + 32, label);
            }

            for (; at <= Voxels - 32; at += 32)
            {
                *(uint*)(to + (at / 8)) = Equal(from + at, label);
            }

            for (; at < Voxels; at += 8)
            {
                int bits = 0;
                for (int bit = 0; bit < Math.Min(8, Voxels - at); bit++)
                {
                    bits |= from[at + bit] == (byte)Label ? 1 << bit : 0;
                }

                to[at / 8] = (byte)bits;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static uint Equal(byte* from, Vector256<byte> label) =>
            Vector256.ExtractMostSignificantBits(Vector256.Equals(Vector256.Load(from), label));
    }
}
#endif
