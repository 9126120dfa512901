using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Samples along a line through each pixel: the highest (MIP) or the mean (thick slab; of one sample: MPR).</summary>
/// <remarks>
/// Pixel (x, y), step k lies at ToSource (x, y, k); linear between eight neighbours. Samples outside the volume do not count; a pixel
/// without any gets <see cref="Rays.Outside"/>. MPR: PS3.3 A.80; a plane in any direction.
/// </remarks>
public static class Projection
{
    public static void Reference(
        ReadOnlySpan<short> source, in Extent extent, in Affine toSource, int steps, bool highest, float outside,
        int width, Span<float> target)
    {
        (int w, int h, int d) = (extent.Width, extent.Height, extent.Depth);
        for (int i = 0; i < target.Length; i++)
        {
            int x = i % width, y = i / width, count = 0;
            float sum = 0, top = float.MinValue;
            for (int k = 0; k < steps; k++)
            {
                float sx = (toSource.Xx * x) + ((toSource.Xy * y) + (toSource.Xz * k) + toSource.X0);
                float sy = (toSource.Yx * x) + ((toSource.Yy * y) + (toSource.Yz * k) + toSource.Y0);
                float sz = (toSource.Zx * x) + ((toSource.Zy * y) + (toSource.Zz * k) + toSource.Z0);
                if (sx >= -0.5f && sy >= -0.5f && sz >= -0.5f && sx <= w - 0.5f && sy <= h - 0.5f && sz <= d - 0.5f)
                {
                    float value = Trilinear.At<short>(source, w, h, d, sx, sy, sz);
                    (sum, top, count) = (sum + value, MathF.Max(top, value), count + 1);
                }
            }

            target[i] = count == 0 ? outside : highest ? top : sum / count;
        }
    }

    [Kernel(16, 16)]
    public struct Rays : ILaneKernel
    {
        public View<short> Source;
        public View<float> Target;
        public Extent Extent;
        public int Width;
        public Affine ToSource;
        public int Steps;

        /// <summary>1: the highest, 0: the mean.</summary>
        public int Highest;
        public float Outside;

        public readonly void Check(ref Needs needs)
        {
            needs.Resampled(Source, Extent, Target, Width, needs.Y);
            needs.Between("extent z", needs.Z, 0, 1);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat sum = TFloat.Set(0), top = TFloat.Set(float.MinValue);
            TInt count = TInt.Set(0);
            for (int k = 0; k < Steps; k++)
            {
                ToSource.At<TFloat, TInt, TMask>(x, y, k, out TFloat sx, out TFloat sy, out TFloat sz);
                TMask inside = Extent.Holds<TFloat, TInt, TMask>(sx, sy, sz);
                if (!TMask.None(inside))
                {
                    TFloat value = Extent.Sample<TFloat, TInt, TMask>(Source, sx, sy, sz);
                    sum = TFloat.Select(inside, sum + value, sum);
                    top = TFloat.Select(inside, TFloat.Max(top, value), top);
                    count = TInt.Select(inside, count + TInt.Set(1), count);
                }
            }

            TFloat mean = sum / TFloat.From(TInt.Max(count, TInt.Set(1)));
            TFloat result = Highest != 0 ? top : mean;
            TMask none = TInt.Equal(count, TInt.Set(0));
            TFloat.Store(Target, ((long)y * Width) + x, TFloat.Select(none, TFloat.Set(Outside), result));
        }
    }
}
