using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Target voxel (x, y, z) to source position: three rows of four numbers.</summary>
public struct Affine
{
    public float Xx;
    public float Xy;
    public float Xz;
    public float X0;
    public float Yx;
    public float Yy;
    public float Yz;
    public float Y0;
    public float Zx;
    public float Zy;
    public float Zz;
    public float Z0;

    /// <summary>Source position of target voxels x, x + 1, ... of row (y, z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void At<TFloat, TInt, TMask>(int x, int y, int z, out TFloat sx, out TFloat sy, out TFloat sz)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TFloat column = TFloat.From(TInt.Count(x));
        sx = (TFloat.Set(Xx) * column) + TFloat.Set((Xy * y) + (Xz * z) + X0);
        sy = (TFloat.Set(Yx) * column) + TFloat.Set((Yy * y) + (Yz * z) + Y0);
        sz = (TFloat.Set(Zx) * column) + TFloat.Set((Zy * y) + (Zz * z) + Z0);
    }
}

/// <summary>Shape of a source volume that is sampled anywhere. At most 2^31 - 1 voxels: indices within it are 32-bit.</summary>
public struct Extent
{
    public int Width;
    public int Height;
    public int Depth;

    /// <summary>Within half a voxel of the volume.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TMask Holds<TFloat, TInt, TMask>(TFloat x, TFloat y, TFloat z)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TFloat low = TFloat.Set(-0.5f);
        return TFloat.LessOrEqual(low, x) & TFloat.LessOrEqual(x, TFloat.Set(Width - 0.5f))
            & TFloat.LessOrEqual(low, y) & TFloat.LessOrEqual(y, TFloat.Set(Height - 0.5f))
            & TFloat.LessOrEqual(low, z) & TFloat.LessOrEqual(z, TFloat.Set(Depth - 0.5f));
    }

    /// <summary>Linear between eight neighbours; positions beyond the volume are moved to its edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TFloat Sample<TFloat, TInt, TMask>(View<short> source, TFloat x, TFloat y, TFloat z)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TInt at = Cells<TFloat, TInt, TMask>(x, y, z, out TFloat fx, out TFloat fy, out TFloat fz);
        int dy = Height > 1 ? Width : 0, dz = Depth > 1 ? Width * Height : 0;
        Square<TFloat, TInt, TMask>(source, 0, dy, at, fy, out TFloat nearLeft, out TFloat nearRight);
        Square<TFloat, TInt, TMask>(source, dz, dy, at, fy, out TFloat farLeft, out TFloat farRight);
        TFloat left = nearLeft + (fz * (farLeft - nearLeft)), right = nearRight + (fz * (farRight - nearRight));
        return left + (fx * (right - left));
    }

    /// <summary>The same of floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TFloat Sample<TFloat, TInt, TMask>(View<float> source, TFloat x, TFloat y, TFloat z)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TInt at = Cells<TFloat, TInt, TMask>(x, y, z, out TFloat fx, out TFloat fy, out TFloat fz);
        int dx = Width > 1 ? 1 : 0, dy = Height > 1 ? Width : 0, dz = Depth > 1 ? Width * Height : 0;
        TFloat a = Along<TFloat, TInt, TMask>(source, 0, dy, at, fy), b = Along<TFloat, TInt, TMask>(source, dx, dy, at, fy);
        TFloat left = a + (fz * (Along<TFloat, TInt, TMask>(source, dz, dy, at, fy) - a));
        TFloat right = b + (fz * (Along<TFloat, TInt, TMask>(source, dz + dx, dy, at, fy) - b));
        return left + (fx * (right - left));
    }

    /// <summary>The lowest of the eight neighbours, and the share of the upper in each axis (<see cref="Cell"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TInt Cells<TFloat, TInt, TMask>(TFloat x, TFloat y, TFloat z, out TFloat fx, out TFloat fy, out TFloat fz)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        Cell<TFloat, TInt, TMask>(x, Width, out TInt ix, out fx);
        Cell<TFloat, TInt, TMask>(y, Height, out TInt iy, out fy);
        Cell<TFloat, TInt, TMask>(z, Depth, out TInt iz, out fz);
        return ix + (((iz * TInt.Set(Height)) + iy) * TInt.Set(Width));
    }

    /// <summary>Linear between two neighbours in y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Along<TFloat, TInt, TMask>(View<float> source, long first, int dy, TInt at, TFloat fy)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TFloat near = TFloat.Gather(source, first, at);
        return near + (fy * (TFloat.Gather(source, first + dy, at) - near));
    }

    /// <summary>Two neighbours in x, each linear between two in y.</summary>
    /// <remarks>A volume of one column takes the next row's voxel for a neighbour, and gives it the share 0.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square<TFloat, TInt, TMask>(
        View<short> source, long first, int dy, TInt at, TFloat fy, out TFloat left, out TFloat right)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TInt.GatherPair(source, first, at, out TInt ia, out TInt ib);
        TInt.GatherPair(source, first + dy, at, out TInt ic, out TInt id);
        TFloat a = TFloat.From(ia), b = TFloat.From(ib), c = TFloat.From(ic), d = TFloat.From(id);
        left = a + (fy * (c - a));
        right = b + (fy * (d - b));
    }

    /// <summary>Lower neighbour and share of the upper, the position kept within [0, count - 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Cell<TFloat, TInt, TMask>(TFloat position, int count, out TInt index, out TFloat share)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TFloat kept = TFloat.Min(TFloat.Max(position, TFloat.Set(0)), TFloat.Set(count - 1));
        index = TInt.Max(TInt.Min(TFloat.Truncate(kept), TInt.Set(count - 2)), TInt.Set(0));
        share = kept - TFloat.From(index);
    }
}
