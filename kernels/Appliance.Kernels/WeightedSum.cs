using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Weighted sums along one axis: a blur and a resampling folded into one row of weights for each result.</summary>
/// <remarks>
/// target (i) = sum over k = 0 .. Reach - 1 of weight (i, k) * source (Starts[i] + k), in that order. Tables are made so that
/// Starts[i] + Reach stays within the source; weights beyond a row's own are 0. One axis at a time; the axis of slices is added up plane
/// by plane, because its planes arrive one by one and lie where they arrived.
/// </remarks>
public static class WeightedSum
{
    /// <param name="stride">Elements from one sample to the next along the axis; samples of the axis below it lie side by side.</param>
    /// <param name="inputs">Samples of the source along the axis.</param>
    /// <param name="weights">[output][reach].</param>
    public static void Reference(
        ReadOnlySpan<float> source, int stride, int inputs, ReadOnlySpan<int> starts, ReadOnlySpan<float> weights, Span<float> target)
    {
        int outputs = starts.Length, reach = weights.Length / outputs;
        for (int i = 0; i < target.Length; i++)
        {
            int inside = i % stride, output = i / stride % outputs, outside = i / stride / outputs;
            float sum = 0;
            for (int k = 0; k < reach; k++)
            {
                sum += weights[(output * reach) + k] * source[(((outside * inputs) + starts[output] + k) * stride) + inside];
            }

            target[i] = sum;
        }
    }

    /// <summary>Along y. Launch: columns, result rows, planes.</summary>
    [Kernel(64, 4)]
    public struct AlongY : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public View<int> Starts;

        /// <summary>[result row][Reach].</summary>
        public View<float> Weights;
        public int Reach;
        public int Width;
        public int SourceHeight;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Between(nameof(Reach), Reach, 0, SourceHeight);
            needs.Holds(Starts, needs.Y, nameof(Starts));
            needs.Holds(Weights, Needs.Product(needs.Y, Reach), nameof(Weights));
            needs.Holds(Source, Needs.Product(Needs.Product(Width, SourceHeight), needs.Z), nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * SourceHeight) + Starts[y]) * Width) + x, row = (long)y * Reach;
            TFloat sum = TFloat.Set(0);
            for (int k = 0; k < Reach; k++)
            {
                sum += TFloat.Set(Weights[row + k]) * TFloat.Load(Source, at);
                at += Width;
            }

            TFloat.Store(Target, ((((long)z * Height) + y) * Width) + x, sum);
        }
    }

    /// <summary>Along x. Launch: result columns, rows, planes.</summary>
    [Kernel(64, 4)]
    public struct AlongX : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public View<int> Starts;

        /// <summary>[Reach][result column]: neighbours in a row have theirs side by side.</summary>
        public View<float> Weights;
        public int Reach;
        public int SourceWidth;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Between(nameof(Reach), Reach, 0, SourceWidth);
            needs.Holds(Starts, needs.X, nameof(Starts));
            needs.Holds(Weights, Needs.Product(Width, Reach), nameof(Weights));
            long rows = Needs.Sum(Needs.Product(needs.Z - 1, Height), needs.Y);
            needs.Holds(Source, Needs.Product(SourceWidth, rows), nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long line = ((long)z * Height) + y, source = line * SourceWidth;
            TInt start = TInt.Load(Starts, x);
            TFloat sum = TFloat.Set(0);
            for (int k = 0; k < Reach; k++)
            {
                sum += TFloat.Load(Weights, ((long)k * Width) + x) * TFloat.Gather(Source, source + k, start);
            }

            TFloat.Store(Target, (line * Width) + x, sum);
        }
    }

    /// <summary>Along z, one source plane at a time: target = weight * source, or that added to what is there.</summary>
    [Kernel(256)]
    public struct Plane : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public int Width;
        public float Weight;

        /// <summary>1: the first plane of a sum; what was in the target goes.</summary>
        public int First;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, needs.Y);
            needs.Between("extent z", needs.Z, 0, 1);
            needs.Holds(Source, needs.Cells, nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((long)y * Width) + x;
            TFloat share = TFloat.Set(Weight) * TFloat.Load(Source, at);
            TFloat.Store(Target, at, First != 0 ? TFloat.Set(0) + share : TFloat.Load(Target, at) + share);
        }
    }
}
