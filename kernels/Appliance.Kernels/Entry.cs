#if GPU
using ILGPU;

namespace Appliance.Kernels;

/// <summary>What the GPU calls: one thread, one lane.</summary>
public static class Entry
{
    public static void Lanes<TKernel>(Index3D at, TKernel kernel)
        where TKernel : struct, ILaneKernel => kernel.Run<OneFloat, OneInt, OneMask>(at.X, at.Y, at.Z);

    public static void Point<TKernel>(Index3D at, TKernel kernel)
        where TKernel : struct, IPointKernel => kernel.Run(at.X, at.Y, at.Z);

    /// <summary>Every thread of a block, those beyond the extent too: they are needed at its barriers.</summary>
    /// <param name="at">The extent; named as the others' position, so that the PTX has the same parameters.</param>
    public static void Block<TKernel>(Index3D at, TKernel kernel)
        where TKernel : struct, IBlockKernel => kernel.Block(
            (Grid.IdxX * Group.DimX) + Group.IdxX, (Grid.IdxY * Group.DimY) + Group.IdxY, (Grid.IdxZ * Group.DimZ) + Group.IdxZ, at);
}

/// <summary>A kernel with a body for the GPU whose threads share memory. It leaves what the body for one element leaves.</summary>
public interface IBlockKernel
{
    /// <summary>Thread (x, y, z) of a launch over an extent that it may lie beyond.</summary>
    void Block(int x, int y, int z, Index3D extent);
}
#endif
