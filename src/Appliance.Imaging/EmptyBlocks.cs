using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>Blocks of a volume in which nothing is seen: rays leap over them.</summary>
public readonly record struct EmptyBlocks(int X, int Y, int Z)
{
    public EmptyBlocks(Extent extent)
        : this(RayCast.BlocksOf(extent.Width), RayCast.BlocksOf(extent.Height), RayCast.BlocksOf(extent.Depth))
    {
    }

    public long Count => (long)X * Y * Z;

    /// <summary>A block is seen where a value is above <paramref name="from"/>.</summary>
    /// <param name="seen">Takes 0 for each block that is seen, else <see cref="RayCast.Far"/>.</param>
    public void Mark(View<short> values, Extent extent, float from, View<byte> seen) => CpuLaunch.Tuned(
        new RayCast.Occupancy { Source = values, Extent = extent, Target = seen, BlocksX = X, BlocksY = Y, From = from }, X, Y, 0, Z);

    /// <summary>From blocks that are seen to the distance of each to the nearest of them.</summary>
    /// <param name="seen">As marked; changed.</param>
    public void Reach(View<byte> seen, View<byte> reach)
    {
        for (int axis = 0; axis < 3; axis++)
        {
            (View<byte> source, View<byte> target) = axis == 1 ? (reach, seen) : (seen, reach);
            RayCast.Reach step = new() { Source = source, Target = target, BlocksX = X, BlocksY = Y, BlocksZ = Z, Axis = axis };
            CpuLaunch.Points(step, X, Y, 0, Z);
        }
    }
}
