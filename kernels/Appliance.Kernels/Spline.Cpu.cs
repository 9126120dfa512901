#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Appliance.Kernels;

/// <content>
/// Rows: eight at once, turned so that each lane holds a row. Evaluation: sixteen source rows are blended into one on the stack first, so
/// that the four columns of a result are gathered once and from the first cache.
/// </content>
public static partial class Spline
{
    /// <summary>Longest row on the stack: 16 KB.</summary>
    private const int MaximumColumns = 4096;

    /// <content>A whole row of lines goes one sample on together, so that memory is walked in runs and not in columns.</content>
    public unsafe partial struct Prefilter : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            for (int z = zFrom; Count > 1 && z < zTo; z++)
            {
                for (int y = 0; y < height; y++)
                {
                    Lines(width, (y * StepY) + (z * StepZ));
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void Lines(int width, long start)
        {
            int whole = width & ~7;
            for (int x = 0; x < whole; x += 8)
            {
                EightFloat first = Causal<EightFloat, EightInt, EightMask>(start + x) * EightFloat.Set(6);
                EightFloat.Store(Data, start + x, first);
            }

            float* row = Data.Pointer + start;
            Vector256<float> pole = Vector256.Create(Pole), six = Vector256.Create(6f);
            for (int i = 1; i < Count; i++)
            {
                row += Step;
                for (int x = 0; x < whole; x += 8)
                {
                    ((six * Vector256.Load(row + x)) + (pole * Vector256.Load(row - Step + x))).Store(row + x);
                }
            }

            Vector256<float> end = Vector256.Create(Pole / ((Pole * Pole) - 1));
            for (int x = 0; x < whole; x += 8)
            {
                (end * (Vector256.Load(row + x) + (pole * Vector256.Load(row - Step + x)))).Store(row + x);
            }

            for (int i = Count - 2; i >= 0; i--)
            {
                row -= Step;
                for (int x = 0; x < whole; x += 8)
                {
                    (pole * (Vector256.Load(row + Step + x) - Vector256.Load(row + x))).Store(row + x);
                }
            }

            Prefilter rest = this;
            for (int x = whole; x < width; x++)
            {
                rest.Data = new View<float>(Data.Pointer + start + x, 1);
                rest.Run<OneFloat, OneInt, OneMask>(0, 0, 0);
            }
        }
    }

    public unsafe partial struct PrefilterRows : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            float* turned = stackalloc float[(8 * MaximumColumns) + 8];
            turned = (float*)(((nint)turned + 31) & ~(nint)31);
            View<float> scratch = new(turned, 8 * MaximumColumns);
            Prefilter lines = new() { Data = scratch, Count = Width, Step = 8 };
            for (int z = zFrom; z < zTo; z++)
            {
                int y = 0;
                for (; Width <= MaximumColumns && y <= height - 8; y += 8)
                {
                    float* rows = Data.Pointer + ((((long)z * Height) + y) * Width);
                    Turn(rows, Width, turned, inwards: true);
                    lines.Run<EightFloat, EightInt, EightMask>(0, 0, 0);
                    Turn(rows, Width, turned, inwards: false);
                }

                for (; y < height; y++)
                {
                    Run(0, y, z);
                }
            }
        }

        /// <summary>Eight rows of width samples to width columns of eight, or back.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Turn(float* rows, int width, float* turned, bool inwards)
        {
            int x = 0;
            for (; x <= width - 8; x += 8)
            {
                if (inwards)
                {
                    Transpose(rows + x, width, turned + (8 * x), 8);
                }
                else
                {
                    Transpose(turned + (8 * x), 8, rows + x, width);
                }
            }

            for (; x < width; x++)
            {
                for (int k = 0; k < 8; k++)
                {
                    ref float row = ref rows[(k * width) + x];
                    ref float column = ref turned[(8 * x) + k];
                    (row, column) = inwards ? (row, row) : (column, column);
                }
            }
        }

        /// <summary>8 x 8 floats, as four of 4 x 4.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Transpose(float* from, long fromStep, float* to, long toStep)
        {
            for (int half = 0; half < 2; half++)
            {
                for (int side = 0; side < 2; side++)
                {
                    float* a = from + (4 * half * fromStep) + (4 * side);
                    float* b = to + (4 * side * toStep) + (4 * half);
                    Vector128<int> r0 = Vector128.Load(a).AsInt32(), r1 = Vector128.Load(a + fromStep).AsInt32();
                    Vector128<int> r2 = Vector128.Load(a + (2 * fromStep)).AsInt32(), r3 = Vector128.Load(a + (3 * fromStep)).AsInt32();
                    Vector128<long> p = Interleave.Low(r0, r1).AsInt64(), q = Interleave.High(r0, r1).AsInt64();
                    Vector128<long> r = Interleave.Low(r2, r3).AsInt64(), s = Interleave.High(r2, r3).AsInt64();
                    Interleave.Low(p, r).AsSingle().Store(b);
                    Interleave.High(p, r).AsSingle().Store(b + toStep);
                    Interleave.Low(q, s).AsSingle().Store(b + (2 * toStep));
                    Interleave.High(q, s).AsSingle().Store(b + (3 * toStep));
                }
            }
        }
    }

    public unsafe partial struct Aligned : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            if (Extent.Width > MaximumColumns)
            {
                CpuLaunch.Lanes(this, width, height, zFrom, zTo);
                return;
            }

            float* blended = stackalloc float[MaximumColumns + 8];
            float** rows = stackalloc float*[16];
            float* weights = stackalloc float[16];
            for (int z = zFrom; z < zTo; z++)
            {
                for (int y = 0; y < height; y++)
                {
                    for (int k = 0; k < 16; k++)
                    {
                        long plane = MirrorAt(Planes[z] - 1 + (k >> 2), Extent.Depth);
                        int row = MirrorAt(Rows[y] - 1 + (k & 3), Extent.Height);
                        rows[k] = Source.Pointer + (((plane * Extent.Height) + row) * Extent.Width);
                        EightFloat weight = Weight<EightFloat, EightInt, EightMask>(EightFloat.Set(PlaneShares[z]), k >> 2)
                            * Weight<EightFloat, EightInt, EightMask>(EightFloat.Set(RowShares[y]), k & 3);
                        weights[k] = weight.Value.ToScalar();
                    }

                    Blend(rows, weights, blended, Extent.Width);
                    Aligned one = this;
                    one.Source = new View<float>(blended, Extent.Width);
                    one.Columns4(width, Target.Pointer + ((((long)z * Height) + y) * Width));
                }
            }
        }

        /// <summary>The sums in the order of the lanes' loop, so that the bits are the same.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Blend(float** rows, float* weights, float* to, int width)
        {
            int x = 0;
            for (; x <= width - 16; x += 16)
            {
                Vector256<float> a = default, b = default;
                for (int k = 0; k < 16; k++)
                {
                    Vector256<float> weight = Vector256.Create(weights[k]);
                    a += weight * Vector256.Load(rows[k] + x);
                    b += weight * Vector256.Load(rows[k] + x + 8);
                }

                a.Store(to + x);
                b.Store(to + x + 8);
            }

            for (; x < width; x++)
            {
                float sum = 0;
                for (int k = 0; k < 16; k++)
                {
                    sum += weights[k] * rows[k][x];
                }

                to[x] = sum;
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void Columns4(int width, float* to)
        {
            View<float> target = new(to, width);
            int x = 0;
            for (; x <= width - 8; x += 8)
            {
                EightFloat.Store(target, x, Column<EightFloat, EightInt, EightMask>(x));
            }

            for (; x < width; x++)
            {
                OneFloat.Store(target, x, Column<OneFloat, OneInt, OneMask>(x));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TFloat Column<TFloat, TInt, TMask>(int x)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt column = TInt.Load(Columns, x);
            TFloat share = TFloat.Load(ColumnShares, x);
            TFloat s0 = TFloat.Gather(Source, 0, Mirror<TInt, TMask>(column - TInt.Set(1), Extent.Width));
            TFloat s1 = TFloat.Gather(Source, 0, Mirror<TInt, TMask>(column, Extent.Width));
            TFloat s2 = TFloat.Gather(Source, 0, Mirror<TInt, TMask>(column + TInt.Set(1), Extent.Width));
            TFloat s3 = TFloat.Gather(Source, 0, Mirror<TInt, TMask>(column + TInt.Set(2), Extent.Width));
            TFloat value = (((Weight<TFloat, TInt, TMask>(share, 0) * s0) + (Weight<TFloat, TInt, TMask>(share, 1) * s1))
                + (Weight<TFloat, TInt, TMask>(share, 2) * s2)) + (Weight<TFloat, TInt, TMask>(share, 3) * s3);
            return Line.Apply<TFloat, TInt, TMask>(value);
        }
    }
}
#endif
