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
}
#endif
