#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Appliance.Kernels;

/// <content>
/// Rows that stay rows are copied past the caches. Where columns become rows, tiles of 8 x 8 samples are turned in registers, so that both
/// sides are read and written in whole runs of 16 bytes.
/// </content>
public static partial class Reorient
{
    /// <summary>Samples in a tile's side, and tiles whose rows are written one behind the other.</summary>
    private const int Tile = 8, Strip = 64;

    /// <summary>Samples in a cache line, and the longest row that a buffer of that many is made for.</summary>
    private const int Line = 32, MaximumColumns = 1024;

    public unsafe partial struct Int16 : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            for (int z = zFrom; z < zTo; z++)
            {
                if (Axes.StrideX != 1 && Axes.StrideY == 1)
                {
                    Plane(z, width, height);
                    continue;
                }

                if (Axes.StrideX != 1 && Axes.StrideZ == 1 && z + Line <= zTo && width <= MaximumColumns)
                {
                    Planes(z, width, height);
                    z += Line - 1;
                    continue;
                }

                // In the source's order, which the processor reads ahead in.
                for (int i = 0; i < height; i++)
                {
                    Row(z, Axes.StrideY < 0 ? height - 1 - i : i, width);
                }
            }
        }

        private readonly short* TargetAt(int x, int y, int z) => Target.Pointer + ((((long)z * Height) + y) * Width) + x;

        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void Row(int z, int y, int width)
        {
            short* from = Source.Pointer + Axes.At(0, y, z);
            short* to = TargetAt(0, y, z);
            int x = 0;
            if (Axes.StrideX == 1 && ((nint)to & 31) == 0)
            {
                for (; x <= width - 64; x += 64)
                {
                    Vector256<short> a = Vector256.Load(from + x), b = Vector256.Load(from + x + 16);
                    Vector256<short> c = Vector256.Load(from + x + 32), d = Vector256.Load(from + x + 48);
                    a.StoreAlignedNonTemporal(to + x);
                    b.StoreAlignedNonTemporal(to + x + 16);
                    c.StoreAlignedNonTemporal(to + x + 32);
                    d.StoreAlignedNonTemporal(to + x + 48);
                }

                for (; x <= width - Vector256<short>.Count; x += Vector256<short>.Count)
                {
                    Vector256.Load(from + x).StoreAlignedNonTemporal(to + x);
                }
            }

            for (; x < width; x++)
            {
                to[x] = from[x * (long)Axes.StrideX];
            }
        }

        /// <summary>Source runs along y: x and y change places within a plane.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void Plane(int z, int width, int height)
        {
            for (int strip = 0; strip < width; strip += Strip)
            {
                int end = Math.Min(width, strip + Strip);
                for (int y = 0; y < height; y += Tile)
                {
                    for (int x = strip; x < end; x += Tile)
                    {
                        if (x + Tile <= end && y + Tile <= height)
                        {
                            Turn(Source.Pointer + Axes.At(x, y, z), Axes.StrideX, TargetAt(x, y, z), Width);
                            continue;
                        }

                        for (int yy = y; yy < Math.Min(height, y + Tile); yy++)
                        {
                            for (int xx = x; xx < Math.Min(end, x + Tile); xx++)
                            {
                                *TargetAt(xx, yy, z) = Source.Pointer[Axes.At(xx, yy, z)];
                            }
                        }
                    }
                }
            }
        }

        /// <summary>
        /// Source runs along z: as many planes at once as a cache line holds samples. Lines are turned into a buffer first, for neither
        /// the source's rows nor the target's planes, some power of two apart, would stay in the first cache.
        /// </summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void Planes(int z, int width, int height)
        {
            short* buffer = stackalloc short[Line * (MaximumColumns + Tile)];
            int step = (width + Tile) & ~(Tile - 1);
            for (int y = 0; y < height; y++)
            {
                short* from = Source.Pointer + Axes.At(0, y, z);
                int x = 0;
                for (; x <= width - Tile; x += Tile, from += Tile * (long)Axes.StrideX)
                {
                    Ahead(from + (2 * Tile * (long)Axes.StrideX), x + (3 * Tile) <= width);
                    for (int k = 0; k < Line; k += Tile)
                    {
                        Turn(from + k, Axes.StrideX, buffer + (k * step) + x, step);
                    }
                }

                for (; x < width; x++, from += Axes.StrideX)
                {
                    for (int k = 0; k < Line; k++)
                    {
                        buffer[(k * step) + x] = from[k];
                    }
                }

                for (int k = 0; k < Line; k++)
                {
                    new ReadOnlySpan<short>(buffer + (k * step), width).CopyTo(new Span<short>(TargetAt(0, y, z + k), width));
                }
            }
        }

        /// <summary>Asks for the next tile's lines: their distance is too large for the processor to guess.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Ahead(short* from, bool exists)
        {
            for (int i = 0; exists && Sse.IsSupported && i < Tile; i++)
            {
                Sse.Prefetch0(from + (i * (long)Axes.StrideX));
            }
        }

        /// <summary>Eight runs of eight samples, transposed.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Turn(short* from, long fromStep, short* to, long toStep)
        {
            Vector128<short> r0 = Vector128.Load(from), r1 = Vector128.Load(from + fromStep);
            Vector128<short> r2 = Vector128.Load(from + (2 * fromStep)), r3 = Vector128.Load(from + (3 * fromStep));
            Vector128<short> r4 = Vector128.Load(from + (4 * fromStep)), r5 = Vector128.Load(from + (5 * fromStep));
            Vector128<short> r6 = Vector128.Load(from + (6 * fromStep)), r7 = Vector128.Load(from + (7 * fromStep));
            Vector128<int> a0 = Interleave.Low(r0, r1).AsInt32(), a1 = Interleave.High(r0, r1).AsInt32();
            Vector128<int> a2 = Interleave.Low(r2, r3).AsInt32(), a3 = Interleave.High(r2, r3).AsInt32();
            Vector128<int> a4 = Interleave.Low(r4, r5).AsInt32(), a5 = Interleave.High(r4, r5).AsInt32();
            Vector128<int> a6 = Interleave.Low(r6, r7).AsInt32(), a7 = Interleave.High(r6, r7).AsInt32();
            Vector128<long> b0 = Interleave.Low(a0, a2).AsInt64(), b1 = Interleave.High(a0, a2).AsInt64();
            Vector128<long> b2 = Interleave.Low(a1, a3).AsInt64(), b3 = Interleave.High(a1, a3).AsInt64();
            Vector128<long> b4 = Interleave.Low(a4, a6).AsInt64(), b5 = Interleave.High(a4, a6).AsInt64();
            Vector128<long> b6 = Interleave.Low(a5, a7).AsInt64(), b7 = Interleave.High(a5, a7).AsInt64();
            Interleave.Low(b0, b4).AsInt16().Store(to);
            Interleave.High(b0, b4).AsInt16().Store(to + toStep);
            Interleave.Low(b1, b5).AsInt16().Store(to + (2 * toStep));
            Interleave.High(b1, b5).AsInt16().Store(to + (3 * toStep));
            Interleave.Low(b2, b6).AsInt16().Store(to + (4 * toStep));
            Interleave.High(b2, b6).AsInt16().Store(to + (5 * toStep));
            Interleave.Low(b3, b7).AsInt16().Store(to + (6 * toStep));
            Interleave.High(b3, b7).AsInt16().Store(to + (7 * toStep));
        }
    }
}
#endif
