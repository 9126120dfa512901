using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Weighted sums along one axis: three launches make a Gaussian. Beyond the volume its edge repeats.</summary>
/// <remarks>
/// target = sum over k = -Radius .. Radius of Weights[k + Radius] * source(position + k), in that order. <see cref="Weights"/> are
/// exp(-k^2 / 2 sigma^2) over their sum. The slice axis needs a halo of Radius planes.
/// </remarks>
public static class Gaussian
{
    /// <summary>2 * radius + 1 weights whose sum is 1.</summary>
    public static float[] Weights(double sigma, int radius)
    {
        double[] weights = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(k => Math.Exp(-k * k / (2 * sigma * sigma)))];
        return [.. weights.Select(weight => (float)(weight / weights.Sum()))];
    }

    /// <param name="stride">Elements from one sample to the next along the axis.</param>
    /// <param name="count">Samples along the axis.</param>
    public static void Reference(ReadOnlySpan<float> source, int stride, int count, ReadOnlySpan<float> weights, Span<float> target)
    {
        int radius = weights.Length / 2;
        for (int i = 0; i < source.Length; i++)
        {
            int position = i / stride % count;
            float sum = 0;
            for (int k = -radius; k <= radius; k++)
            {
                sum += weights[k + radius] * source[i + ((Math.Clamp(position + k, 0, count - 1) - position) * stride)];
            }

            target[i] = sum;
        }
    }

    [Kernel(64, 4)]
    public struct AlongX : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public View<float> Weights;
        public int Radius;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Between(nameof(Radius), Radius, 0, int.MaxValue / 4);
            needs.Pointwise(Source, Target, Width, Height);
            needs.Holds(Weights, (2L * Radius) + 1, nameof(Weights));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long row = (((long)z * Height) + y) * Width;
            TInt column = TInt.Count(x), zero = TInt.Set(0), last = TInt.Set(Width - 1);
            bool within = x >= Radius && x + TFloat.Width + Radius <= Width;
            TFloat sum = TFloat.Set(0);
            for (int k = -Radius; k <= Radius; k++)
            {
                TFloat sample = within
                    ? TFloat.Load(Source, row + x + k)
                    : TFloat.Gather(Source, row, TInt.Min(TInt.Max(column + TInt.Set(k), zero), last));
                sum += TFloat.Set(Weights[k + Radius]) * sample;
            }

            TFloat.Store(Target, row + x, sum);
        }
    }

    [Kernel(64, 4)]
    public struct AlongY : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public View<float> Weights;
        public int Radius;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Between(nameof(Radius), Radius, 0, int.MaxValue / 4);
            needs.Grid(Width, Height);
            needs.Holds(Source, needs.Planes, nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
            needs.Holds(Weights, (2L * Radius) + 1, nameof(Weights));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long plane = (long)z * Height;
            TFloat sum = TFloat.Set(0);
            for (int k = -Radius; k <= Radius; k++)
            {
                int row = y + k < 0 ? 0 : y + k > Height - 1 ? Height - 1 : y + k;
                sum += TFloat.Set(Weights[k + Radius]) * TFloat.Load(Source, ((plane + row) * Width) + x);
            }

            TFloat.Store(Target, ((plane + y) * Width) + x, sum);
        }
    }

    [Kernel(64, 4)]
    public struct AlongZ : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public View<float> Weights;
        public int Radius;
        public int Width;
        public int Height;
        public Slab Slab;

        public readonly void Check(ref Needs needs)
        {
            needs.Between(nameof(Radius), Radius, 0, int.MaxValue / 4);
            needs.Neighbours(Source, Slab, Radius, Target, Width, Height);
            needs.Holds(Weights, (2L * Radius) + 1, nameof(Weights));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long inPlane = ((long)y * Width) + x, plane = (long)Width * Height;
            TFloat sum = TFloat.Set(0);
            for (int k = -Radius; k <= Radius; k++)
            {
                sum += TFloat.Set(Weights[k + Radius]) * TFloat.Load(Source, (Slab.Plane(z, k) * plane) + inPlane);
            }

            TFloat.Store(Target, (z * plane) + inPlane, sum);
        }
    }
}
