using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <content>Coefficients on any affine grid, fused with rescale, window and normalise.</content>
public static partial class Spline
{
    /// <summary>Position in source voxels, in double: the sum over 64 neighbours.</summary>
    public static double ReferenceAt(ReadOnlySpan<float> coefficients, in Extent extent, double x, double y, double z)
    {
        (int ix, int iy, int iz) = ((int)Math.Floor(x), (int)Math.Floor(y), (int)Math.Floor(z));
        Span<double> wx = stackalloc double[4], wy = stackalloc double[4], wz = stackalloc double[4];
        ReferenceWeights(x - ix, wx);
        ReferenceWeights(y - iy, wy);
        ReferenceWeights(z - iz, wz);
        double sum = 0;
        for (int k = 0; k < 64; k++)
        {
            int plane = MirrorAt(iz - 1 + (k >> 4), extent.Depth), row = MirrorAt(iy - 1 + (k >> 2 & 3), extent.Height);
            int column = MirrorAt(ix - 1 + (k & 3), extent.Width);
            sum += wx[k & 3] * wy[k >> 2 & 3] * wz[k >> 4] * coefficients[(((plane * extent.Height) + row) * extent.Width) + column];
        }

        return sum;
    }

    /// <summary>Within half a voxel of the volume the ends are mirrored; farther out a value is put in.</summary>
    [Kernel(32, 8)]
    public struct Oblique : ILaneKernel
    {
        /// <summary>Coefficients.</summary>
        public View<float> Source;
        public View<float> Target;
        public Extent Extent;
        public int Width;
        public int Height;
        public Affine ToSource;
        public Rescale.Line Line;

        /// <summary>What lies outside the volume.</summary>
        public float Outside;

        public readonly void Check(ref Needs needs)
        {
            needs.Resampled(Source, Extent, Target, Width, Height);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            ToSource.At<TFloat, TInt, TMask>(x, y, z, out TFloat sx, out TFloat sy, out TFloat sz);
            TMask inside = Extent.Holds<TFloat, TInt, TMask>(sx, sy, sz);
            TFloat result = TFloat.Set(Outside);
            if (!TMask.None(inside))
            {
                Cell<TFloat, TInt, TMask>(sx, Extent.Width, out TInt column, out TFloat fx);
                Cell<TFloat, TInt, TMask>(sy, Extent.Height, out TInt row, out TFloat fy);
                Cell<TFloat, TInt, TMask>(sz, Extent.Depth, out TInt plane, out TFloat fz);
                TFloat value = TFloat.Set(0);
                for (int k = 0; k < 16; k++)
                {
                    TInt line = Mirror<TInt, TMask>(plane + TInt.Set((k >> 2) - 1), Extent.Depth) * TInt.Set(Extent.Height);
                    line = (line + Mirror<TInt, TMask>(row + TInt.Set((k & 3) - 1), Extent.Height)) * TInt.Set(Extent.Width);
                    TFloat weight = Weight<TFloat, TInt, TMask>(fz, k >> 2) * Weight<TFloat, TInt, TMask>(fy, k & 3);
                    value += weight * Along<TFloat, TInt, TMask>(line, column, fx);
                }

                result = TFloat.Select(inside, Line.Apply<TFloat, TInt, TMask>(value), result);
            }

            TFloat.Store(Target, ((((long)z * Height) + y) * Width) + x, result);
        }

        /// <summary>Four neighbours in x.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TFloat Along<TFloat, TInt, TMask>(TInt line, TInt column, TFloat share)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat sum = TFloat.Set(0);
            for (int k = 0; k < 4; k++)
            {
                TInt at = line + Mirror<TInt, TMask>(column + TInt.Set(k - 1), Extent.Width);
                sum += Weight<TFloat, TInt, TMask>(share, k) * TFloat.Gather(Source, 0, at);
            }

            return sum;
        }

        /// <summary>The neighbour at or below, -1 at the lowest, and the distance from it. Lanes outside are kept in reach.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Cell<TFloat, TInt, TMask>(TFloat position, int count, out TInt index, out TFloat share)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat kept = TFloat.Min(TFloat.Max(position, TFloat.Set(-0.5f)), TFloat.Set(count - 0.5f));
            index = TFloat.Truncate(kept + TFloat.Set(1)) - TInt.Set(1);
            share = kept - TFloat.From(index);
        }
    }
}
