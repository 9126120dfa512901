using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Interpolating cubic B-spline in three axes: coefficients by recursive filters, then four neighbours in each axis.</summary>
/// <remarks>
/// Unser, Splines: a perfect fit for signal and image processing, IEEE Signal Processing Magazine 16(6), 1999. Pole sqrt(3) - 2,
/// gain 6 in each axis, ends mirrored. The causal filter starts from a sum of 12 terms (its pole to the 12th power is 1e-7); lines
/// shorter than that are mirrored exactly.
/// </remarks>
public static partial class Spline
{
    public const float Pole = -0.26794919243f;

    private const int Horizon = 12;

    /// <summary>Coefficients of one line, in place, in double: the definition.</summary>
    public static void ReferenceLine(Span<double> line)
    {
        double pole = Math.Sqrt(3) - 2;
        int n = line.Length;
        if (n == 1)
        {
            return;
        }

        double sum = 0;
        for (int k = 0; k < (2 * n) - 2; k++)
        {
            sum += Math.Pow(pole, k) * line[k < n ? k : (2 * n) - 2 - k];
        }

        line[0] = 6 * sum / (1 - Math.Pow(pole, (2 * n) - 2));
        for (int i = 1; i < n; i++)
        {
            line[i] = (6 * line[i]) + (pole * line[i - 1]);
        }

        line[n - 1] = pole / ((pole * pole) - 1) * (line[n - 1] + (pole * line[n - 2]));
        for (int i = n - 2; i >= 0; i--)
        {
            line[i] = pole * (line[i + 1] - line[i]);
        }
    }

    /// <summary>Weights of the four neighbours of a position, the second of which lies at or below it.</summary>
    public static void ReferenceWeights(double t, Span<double> weights)
    {
        weights[0] = Math.Pow(1 - t, 3) / 6;
        weights[1] = (4 - (6 * t * t) + (3 * t * t * t)) / 6;
        weights[2] = (1 + (3 * t) + (3 * t * t) - (3 * t * t * t)) / 6;
        weights[3] = t * t * t / 6;
    }

    /// <summary>Lines along y or z: lanes are neighbours in x. Launch: width, and the number of lines' rows.</summary>
    [Kernel(64)]
    public partial struct Prefilter : ILaneKernel
    {
        /// <summary>Samples in, coefficients out.</summary>
        public View<float> Data;
        public int Count;

        /// <summary>Elements from one sample of a line to the next, and from one launch row and plane to the next.</summary>
        public long Step;
        public long StepY;
        public long StepZ;

        public readonly void Check(ref Needs needs)
        {
            needs.Between(nameof(Count), Count, 0, int.MaxValue);
            long line = Needs.Product(Step, Math.Max(0, Count - 1L));
            needs.Reaches(Data, Math.Min(line, 0), 1, StepY, StepZ, nameof(Data));
            needs.Reaches(Data, Math.Max(line, 0), 1, StepY, StepZ, nameof(Data));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            if (Count < 2)
            {
                return;
            }

            long at = x + (y * StepY) + (z * StepZ), end = at + ((Count - 1) * Step);
            TFloat pole = TFloat.Set(Pole), six = TFloat.Set(6);
            TFloat before = Causal<TFloat, TInt, TMask>(at) * six;
            TFloat last = before;
            TFloat.Store(Data, at, before);
            for (at += Step; at <= end; at += Step)
            {
                last = before;
                before = (six * TFloat.Load(Data, at)) + (pole * before);
                TFloat.Store(Data, at, before);
            }

            TFloat value = TFloat.Set(Pole / ((Pole * Pole) - 1)) * (before + (pole * last));
            TFloat.Store(Data, end, value);
            for (int i = Count - 2; i >= 0; i--)
            {
                end -= Step;
                value = pole * (value - TFloat.Load(Data, end));
                TFloat.Store(Data, end, value);
            }
        }

        /// <summary>First value of the causal filter, without the gain.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TFloat Causal<TFloat, TInt, TMask>(long at)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat sum = TFloat.Load(Data, at);
            float power = Pole;
            int terms = Count < Horizon ? (2 * Count) - 2 : Horizon;
            for (int k = 1; k < terms; k++)
            {
                int index = k < Count ? k : (2 * Count) - 2 - k;
                sum += TFloat.Load(Data, at + (index * Step)) * TFloat.Set(power);
                power *= Pole;
            }

            return Count < Horizon ? sum / TFloat.Set(1 - power) : sum;
        }
    }

    /// <summary>Lines along x. Launch: 1, rows, planes.</summary>
    [Kernel(1, 64)]
    public partial struct PrefilterRows : IPointKernel
    {
        public View<float> Data;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Between("extent x", needs.X, 0, 1);
            needs.Holds(Data, needs.Planes, nameof(Data));
        }

        public readonly void Run(int x, int y, int z)
        {
            Prefilter line = new() { Data = Data, Count = Width, Step = 1, StepY = Width, StepZ = (long)Width * Height };
            line.Run<OneFloat, OneInt, OneMask>(0, y, z);
        }
    }

    /// <summary>Coefficients on axes that stay axes: one table of cells for each.</summary>
    [Kernel(32, 8)]
    public partial struct Aligned : ILaneKernel
    {
        /// <summary>Coefficients.</summary>
        public View<float> Source;
        public View<float> Target;
        public Extent Extent;
        public int Width;
        public int Height;

        /// <summary>Neighbour at or below (from -1 on) and distance from it, for each column, row and plane of the target.</summary>
        public View<int> Columns;
        public View<float> ColumnShares;
        public View<int> Rows;
        public View<float> RowShares;
        public View<int> Planes;
        public View<float> PlaneShares;
        public Rescale.Line Line;

        public readonly void Check(ref Needs needs)
        {
            needs.Resampled(Source, Extent, Target, Width, Height);
            needs.Holds(Columns, needs.X, nameof(Columns));
            needs.Holds(ColumnShares, needs.X, nameof(ColumnShares));
            needs.Holds(Rows, needs.Y, nameof(Rows));
            needs.Holds(RowShares, needs.Y, nameof(RowShares));
            needs.Holds(Planes, needs.Z, nameof(Planes));
            needs.Holds(PlaneShares, needs.Z, nameof(PlaneShares));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt column = TInt.Load(Columns, x);
            TInt c0 = Mirror<TInt, TMask>(column - TInt.Set(1), Extent.Width), c1 = Mirror<TInt, TMask>(column, Extent.Width);
            TInt c2 = Mirror<TInt, TMask>(column + TInt.Set(1), Extent.Width), c3 = Mirror<TInt, TMask>(column + TInt.Set(2), Extent.Width);
            TFloat share = TFloat.Load(ColumnShares, x);
            TFloat w0 = Weight<TFloat, TInt, TMask>(share, 0), w1 = Weight<TFloat, TInt, TMask>(share, 1);
            TFloat w2 = Weight<TFloat, TInt, TMask>(share, 2), w3 = Weight<TFloat, TInt, TMask>(share, 3);
            TFloat s0 = TFloat.Set(0), s1 = s0, s2 = s0, s3 = s0;
            for (int k = 0; k < 16; k++)
            {
                TFloat weight = Weight<TFloat, TInt, TMask>(TFloat.Set(PlaneShares[z]), k >> 2)
                    * Weight<TFloat, TInt, TMask>(TFloat.Set(RowShares[y]), k & 3);
                long plane = MirrorAt(Planes[z] - 1 + (k >> 2), Extent.Depth);
                long row = ((plane * Extent.Height) + MirrorAt(Rows[y] - 1 + (k & 3), Extent.Height)) * Extent.Width;
                s0 += weight * TFloat.Gather(Source, row, c0);
                s1 += weight * TFloat.Gather(Source, row, c1);
                s2 += weight * TFloat.Gather(Source, row, c2);
                s3 += weight * TFloat.Gather(Source, row, c3);
            }

            TFloat value = (((w0 * s0) + (w1 * s1)) + (w2 * s2)) + (w3 * s3);
            TFloat.Store(Target, ((((long)z * Height) + y) * Width) + x, Line.Apply<TFloat, TInt, TMask>(value));
        }
    }

    /// <summary>The ends are mirrored about the outermost samples; neighbours reach two beyond them at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInt Mirror<TInt, TMask>(TInt index, int count)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TInt zero = TInt.Set(0), last = TInt.Set(count - 1);
        TInt positive = TInt.Max(index, zero - index);
        TInt kept = TInt.Min(positive, (last + last) - positive);
        return TInt.Min(TInt.Max(kept, zero - kept), last);
    }

    /// <summary>Scalar form of the mirror.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MirrorAt(int index, int count)
    {
        int positive = index < 0 ? -index : index;
        int back = (2 * (count - 1)) - positive;
        int kept = positive < back ? positive : back;
        kept = kept < 0 ? -kept : kept;
        return kept < count - 1 ? kept : count - 1;
    }

    /// <summary>Weight of neighbour <paramref name="k"/> at distance t from the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Weight<TFloat, TInt, TMask>(TFloat t, int k)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TFloat one = TFloat.Set(1), three = TFloat.Set(3), six = TFloat.Set(6);
        TFloat u = one - t;
        TFloat near = k == 1 ? t : u;
        TFloat far = k == 0 ? u : t;
        return k is 1 or 2
            ? (TFloat.Set(4) - (near * near * (six - (three * near)))) / six
            : far * far * far / six;
    }
}
