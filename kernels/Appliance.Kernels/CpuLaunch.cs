#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Appliance.Kernels;

/// <summary>Runs a kernel on the calling thread: whole vectors first, the end of the row with one lane.</summary>
public static class CpuLaunch
{
    /// <summary>Rows of <paramref name="width"/> results for every y below <paramref name="height"/> and z in [zFrom, zTo).</summary>
    public static void Rows<TKernel>(TKernel kernel, int width, int height, int zFrom, int zTo)
        where TKernel : struct, ILaneKernel
    {
        for (int z = zFrom; z < zTo; z++)
        {
            for (int y = 0; y < height; y++)
            {
                Row(kernel, width, y, z);
            }
        }
    }

    // Not inlined: the loop is compiled once for each kernel with its parameters in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Row<TKernel>(TKernel kernel, int width, int y, int z)
        where TKernel : struct, ILaneKernel
    {
        int x = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; x <= width - EightFloat.Width; x += EightFloat.Width)
            {
                kernel.Run<EightFloat, EightInt, EightMask>(x, y, z);
            }
        }

        for (; x < width; x++)
        {
            kernel.Run<OneFloat, OneInt, OneMask>(x, y, z);
        }
    }
}
#endif
