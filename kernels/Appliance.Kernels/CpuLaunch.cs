#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Appliance.Kernels;

/// <summary>Runs a kernel on the calling thread: whole vectors first, the end of the row with one lane.</summary>
public static class CpuLaunch
{
    private const int AheadBytes = 8192;

    /// <summary>Results [0, width) x [0, height) x [zFrom, zTo).</summary>
    public static void Lanes<TKernel>(in TKernel kernel, int width, int height, int zFrom, int zTo)
        where TKernel : struct, ILaneKernel
    {
        for (int z = zFrom; z < zTo; z++)
        {
            for (int y = 0; y < height; y++)
            {
                Row(kernel, width, y, z);
            }
        }

        Fence();
    }

    /// <summary>One row of results.</summary>
    public static void Lane<TKernel>(in TKernel kernel, int width, int y, int z)
        where TKernel : struct, ILaneKernel
    {
        Row(kernel, width, y, z);
        Fence();
    }

    /// <summary>The same for a kernel without lanes.</summary>
    public static void Points<TKernel>(in TKernel kernel, int width, int height, int zFrom, int zTo)
        where TKernel : struct, IPointKernel
    {
        TKernel own = kernel;
        for (int z = zFrom; z < zTo; z++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    own.Run(x, y, z);
                }
            }
        }
    }

    /// <summary>The same by the kernel's own body for the CPU.</summary>
    public static void Tuned<TKernel>(in TKernel kernel, int width, int height, int zFrom, int zTo)
        where TKernel : struct, ICpuKernel
    {
        kernel.Tuned(width, height, zFrom, zTo);
        Fence();
    }

    /// <summary>Streaming stores are seen by other threads only after this.</summary>
    public static void Fence()
    {
        if (Sse.IsSupported)
        {
            Sse.StoreFence();
        }
    }

    /// <summary>Asks for the line of the caches two pages on: the processor itself looks ahead to the end of a page only.</summary>
    /// <remarks>Once for each 64 bytes of every run that comes from memory. Beyond the end of a volume it does nothing.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Ahead(void* now)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0((byte*)now + AheadBytes);
        }
    }

    // Not inlined, and the kernel by value: the loop is compiled once for each kernel with its parameters in registers.
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
