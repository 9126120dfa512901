using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Linear resampling of stored 16-bit values in three axes, fused with rescale, window and normalise.</summary>
/// <remarks>
/// Between eight neighbours: along y a + f * (b - a), then along z, then along x, then the line of <see cref="Rescale.Line"/>. Positions
/// are in source voxels, 0 in the middle of the first. Within half a voxel of the volume the edge repeats; farther out a value is put in.
/// </remarks>
public static partial class Trilinear
{
    /// <summary>Position (x, y, z) of the source, each axis kept within the volume.</summary>
    public static float At<T>(ReadOnlySpan<T> source, int width, int height, int depth, float x, float y, float z)
        where T : unmanaged, IConvertible
    {
        (int ix, float fx) = Cell(x, width);
        (int iy, float fy) = Cell(y, height);
        (int iz, float fz) = Cell(z, depth);
        int dx = width > 1 ? 1 : 0, dy = height > 1 ? width : 0, dz = depth > 1 ? width * height : 0;
        int at = (((iz * height) + iy) * width) + ix;
        float left = Between(Pair(source, at, dy, fy), Pair(source, at + dz, dy, fy), fz);
        float right = Between(Pair(source, at + dx, dy, fy), Pair(source, at + dx + dz, dy, fy), fz);
        return Between(left, right, fx);
    }

    public static void Reference<T>(
        ReadOnlySpan<T> source, int width, int height, int depth, in Affine toSource, in Rescale.Line line, float outside,
        Span<float> target, int targetWidth, int targetHeight)
        where T : unmanaged, IConvertible
    {
        for (int i = 0; i < target.Length; i++)
        {
            int x = i % targetWidth, y = i / targetWidth % targetHeight, z = i / targetWidth / targetHeight;
            float sx = (toSource.Xx * x) + ((toSource.Xy * y) + (toSource.Xz * z) + toSource.X0);
            float sy = (toSource.Yx * x) + ((toSource.Yy * y) + (toSource.Yz * z) + toSource.Y0);
            float sz = (toSource.Zx * x) + ((toSource.Zy * y) + (toSource.Zz * z) + toSource.Z0);
            bool inside = sx >= -0.5f && sy >= -0.5f && sz >= -0.5f && sx <= width - 0.5f && sy <= height - 0.5f && sz <= depth - 0.5f;
            float value = inside ? At(source, width, height, depth, sx, sy, sz) : 0;
            float scaled = MathF.Min(MathF.Max((value * line.Scale) + line.Offset, line.Low), line.High);
            target[i] = inside ? scaled : outside;
        }
    }

    private static (int Index, float Fraction) Cell(float position, int count)
    {
        position = MathF.Min(MathF.Max(position, 0), count - 1);
        int index = Math.Max(Math.Min((int)position, count - 2), 0);
        return (index, position - index);
    }

    private static float Pair<T>(ReadOnlySpan<T> source, int at, int step, float f)
        where T : unmanaged, IConvertible => Between(source[at].ToSingle(null), source[at + step].ToSingle(null), f);

    private static float Between(float a, float b, float f) => a + (f * (b - a));

    /// <summary>Any affine grid: oblique stacks, and by one plane a multiplanar reformat.</summary>
    [Kernel(32, 8)]
    public struct Oblique : ILaneKernel
    {
        public View<short> Source;
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
            TFloat value = TFloat.Set(Outside);
            if (!TMask.None(inside))
            {
                TFloat sample = Extent.Sample<TFloat, TInt, TMask>(Source, sx, sy, sz);
                value = TFloat.Select(inside, Line.Apply<TFloat, TInt, TMask>(sample), value);
            }

            TFloat.Store(Target, ((((long)z * Height) + y) * Width) + x, value);
        }
    }

    /// <summary>The same of floats that are in HU already, without rescale: an oblique stack that was blurred along its own axes.</summary>
    [Kernel(32, 8)]
    public struct ObliqueFloats : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public Extent Extent;
        public int Width;
        public int Height;
        public Affine ToSource;

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
            TFloat value = TFloat.Set(Outside);
            if (!TMask.None(inside))
            {
                value = TFloat.Select(inside, Extent.Sample<TFloat, TInt, TMask>(Source, sx, sy, sz), value);
            }

            TFloat.Store(Target, ((((long)z * Height) + y) * Width) + x, value);
        }
    }

    /// <summary>Axes that stay axes: one table of cells for each.</summary>
    [Kernel(32, 8)]
    public partial struct Aligned : ILaneKernel
    {
        public View<short> Source;
        public View<float> Target;
        public Extent Extent;
        public int Width;
        public int Height;

        /// <summary>Lower neighbour and share of the upper, for each column, row and plane of the target.</summary>
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
            int dy = Extent.Height > 1 ? Extent.Width : 0;
            long dz = Extent.Depth > 1 ? (long)Extent.Width * Extent.Height : 0;
            long row = (((long)Planes[z] * Extent.Height) + Rows[y]) * Extent.Width;
            TInt column = TInt.Load(Columns, x);
            TFloat fx = TFloat.Load(ColumnShares, x), fy = TFloat.Set(RowShares[y]), fz = TFloat.Set(PlaneShares[z]);
            Extent.Square<TFloat, TInt, TMask>(Source, row, dy, column, fy, out TFloat nearLeft, out TFloat nearRight);
            Extent.Square<TFloat, TInt, TMask>(Source, row + dz, dy, column, fy, out TFloat farLeft, out TFloat farRight);
            TFloat left = nearLeft + (fz * (farLeft - nearLeft)), right = nearRight + (fz * (farRight - nearRight));
            TFloat value = left + (fx * (right - left));
            TFloat.Store(Target, ((((long)z * Height) + y) * Width) + x, Line.Apply<TFloat, TInt, TMask>(value));
        }
    }
}
