#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Appliance.Kernels;

/// <content>Four source rows are blended in whole vectors; then the result's columns are picked, from the first cache.</content>
public static partial class Trilinear
{
    /// <summary>Longest row on the stack: 16 KB.</summary>
    private const int MaximumColumns = 4096;

    public unsafe partial struct Aligned : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            if (Extent.Width > MaximumColumns)
            {
                CpuLaunch.Lanes(this, width, height, zFrom, zTo);
                return;
            }

            float* blended = stackalloc float[MaximumColumns + 16];
            int dy = Extent.Height > 1 ? Extent.Width : 0;
            long dz = Extent.Depth > 1 ? (long)Extent.Width * Extent.Height : 0;
            for (int z = zFrom; z < zTo; z++)
            {
                for (int y = 0; y < height; y++)
                {
                    short* row = Source.Pointer + ((((long)Planes[z] * Extent.Height) + Rows[y]) * Extent.Width);
                    Blend(row, dy, dz, RowShares[y], PlaneShares[z], blended, Extent.Width);
                    Pick(blended, width, ((((long)z * Height) + y) * Width));
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Blend(short* row, int dy, long dz, float fy, float fz, float* to, int width)
        {
            View<short> a = new(row, width), b = new(row + dy, width), c = new(row + dz, width), d = new(row + dz + dy, width);
            View<float> target = new(to, width);
            int x = 0;
            for (; x <= width - 32; x += 32)
            {
                CpuLaunch.Ahead(a.Pointer + x);
                CpuLaunch.Ahead(b.Pointer + x);
                CpuLaunch.Ahead(c.Pointer + x);
                CpuLaunch.Ahead(d.Pointer + x);
                EightFloat.Store(target, x, Column<EightFloat, EightInt, EightMask>(a, b, c, d, x, fy, fz));
                EightFloat.Store(target, x + 8, Column<EightFloat, EightInt, EightMask>(a, b, c, d, x + 8, fy, fz));
                EightFloat.Store(target, x + 16, Column<EightFloat, EightInt, EightMask>(a, b, c, d, x + 16, fy, fz));
                EightFloat.Store(target, x + 24, Column<EightFloat, EightInt, EightMask>(a, b, c, d, x + 24, fy, fz));
            }

            for (; x <= width - 8; x += 8)
            {
                EightFloat.Store(target, x, Column<EightFloat, EightInt, EightMask>(a, b, c, d, x, fy, fz));
            }

            for (; x < width; x++)
            {
                OneFloat.Store(target, x, Column<OneFloat, OneInt, OneMask>(a, b, c, d, x, fy, fz));
            }

            // A row of one column has no right neighbour: its share is 0, but what is read must be a number.
            to[width] = 0;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TFloat Column<TFloat, TInt, TMask>(
            View<short> a, View<short> b, View<short> c, View<short> d, int x, float fy, float fz)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat near = TFloat.From(TInt.Load(a, x)), far = TFloat.From(TInt.Load(c, x));
            near += TFloat.Set(fy) * (TFloat.From(TInt.Load(b, x)) - near);
            far += TFloat.Set(fy) * (TFloat.From(TInt.Load(d, x)) - far);
            return near + (TFloat.Set(fz) * (far - near));
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void Pick(float* blended, int width, long at)
        {
            View<float> row = new(blended, Extent.Width + 1);
            int x = 0;
            for (; Avx2.IsSupported && x <= width - 8; x += 8)
            {
                // Where the grid is half as fine, left and right neighbours are every other sample; else they are gathered, in one read of
                // eight bytes for both.
                Vector256<int> columns = Vector256.Load(Columns.Pointer + x);
                int first = columns.ToScalar();
                bool half = columns == Vector256.Create(first) + Vector256.Create(0, 2, 4, 6, 8, 10, 12, 14);
                Vector256<float> low = half
                    ? Vector256.Load(blended + first)
                    : Avx2.GatherVector256((long*)blended, columns.GetLower(), 4).AsSingle();
                Vector256<float> high = half
                    ? Vector256.Load(blended + first + 8)
                    : Avx2.GatherVector256((long*)blended, columns.GetUpper(), 4).AsSingle();
                Vector256<float> left = Avx2.Permute4x64(Avx.Shuffle(low, high, 0x88).AsDouble(), 0xD8).AsSingle();
                Vector256<float> right = Avx2.Permute4x64(Avx.Shuffle(low, high, 0xDD).AsDouble(), 0xD8).AsSingle();
                Vector256<float> value = left + (Vector256.Load(ColumnShares.Pointer + x) * (right - left));
                EightFloat.Store(Target, at + x, Line.Apply<EightFloat, EightInt, EightMask>(new EightFloat(value)));
            }

            for (; x < width; x++)
            {
                float left = row[Columns[x]], right = row[Columns[x] + 1];
                OneFloat value = OneFloat.Set(left + (ColumnShares[x] * (right - left)));
                OneFloat.Store(Target, at + x, Line.Apply<OneFloat, OneInt, OneMask>(value));
            }
        }
    }
}
#endif
