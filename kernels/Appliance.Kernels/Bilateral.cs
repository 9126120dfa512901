using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Smooths without crossing edges: neighbours count by their distance and by how much their value differs.</summary>
/// <remarks>
/// Tomasi and Manduchi, Bilateral filtering for gray and color images, ICCV 1998. Weight of a neighbour at distance d with difference e:
/// exp(-d^2 * Near - e^2 * Like), Near = 1 / 2 sigma_space^2 (in voxels), Like = 1 / 2 sigma_value^2. Cube of 2 * Radius + 1 voxels;
/// beyond the volume its edge repeats. A halo of Radius planes.
/// </remarks>
public static class Bilateral
{
    public static void Reference(
        ReadOnlySpan<float> source, int width, int height, int depth, int radius, double near, double like, Span<float> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            int x = i % width, y = i / width % height, z = i / width / height;
            double sum = 0, weights = 0;
            for (int dz = -radius; dz <= radius; dz++)
            {
                for (int dy = -radius; dy <= radius; dy++)
                {
                    for (int dx = -radius; dx <= radius; dx++)
                    {
                        int row = (Math.Clamp(z + dz, 0, depth - 1) * height) + Math.Clamp(y + dy, 0, height - 1);
                        float value = source[(row * width) + Math.Clamp(x + dx, 0, width - 1)];
                        double difference = value - source[i];
                        double weight = Math.Exp(-(((dx * dx) + (dy * dy) + (dz * dz)) * near) - (difference * difference * like));
                        sum += weight * value;
                        weights += weight;
                    }
                }
            }

            target[i] = (float)(sum / weights);
        }
    }

    [Kernel(32, 8)]
    public struct Cube : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public int Width;
        public int Height;
        public Slab Slab;
        public int Radius;
        public float Near;
        public float Like;

        public readonly void Check(ref Needs needs)
        {
            needs.Between(nameof(Radius), Radius, 0, int.MaxValue / 2);
            needs.Neighbours(Source, Slab, Radius, Target, Width, Height);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long inPlane = (long)Width * Height;
            TInt column = TInt.Count(x), zero = TInt.Set(0), last = TInt.Set(Width - 1);
            TFloat here = TFloat.Load(Source, (Slab.Plane(z, 0) * inPlane) + ((long)y * Width) + x);
            TFloat sum = TFloat.Set(0), weights = TFloat.Set(0);
            for (int dz = -Radius; dz <= Radius; dz++)
            {
                for (int dy = -Radius; dy <= Radius; dy++)
                {
                    int line = y + dy < 0 ? 0 : y + dy > Height - 1 ? Height - 1 : y + dy;
                    long row = (Slab.Plane(z, dz) * inPlane) + ((long)line * Width);
                    for (int dx = -Radius; dx <= Radius; dx++)
                    {
                        TFloat value = TFloat.Gather(Source, row, TInt.Min(TInt.Max(column + TInt.Set(dx), zero), last));
                        TFloat difference = value - here;
                        TFloat power = TFloat.Set(-(((dx * dx) + (dy * dy) + (dz * dz)) * Near));
                        TFloat weight = Exp.Of<TFloat, TInt, TMask>(power - (difference * difference * TFloat.Set(Like)));
                        sum += weight * value;
                        weights += weight;
                    }
                }
            }

            TFloat.Store(Target, (z * inPlane) + ((long)y * Width) + x, sum / weights);
        }
    }
}
