using Appliance.Kernels;

namespace Appliance.Imaging.Launch;

/// <summary>A kernel's code for the CPU: planes [from, to) of width x height, or rows [from, to) of plane 0.</summary>
/// <param name="planes">(kernel, width, height, from, to).</param>
/// <param name="rows">The same; null where the kernel cannot be split by rows.</param>
public readonly unsafe struct CpuBody(
    delegate*<void*, int, int, int, int, void> planes, delegate*<void*, int, int, int, int, void> rows)
{
    internal readonly delegate*<void*, int, int, int, int, void> Planes = planes;

    internal readonly delegate*<void*, int, int, int, int, void> Rows = rows;
}

/// <summary>The bodies, by what a kernel is.</summary>
internal static unsafe class CpuBodies
{
    public static void Lanes<TKernel>(void* kernel, int width, int height, int from, int to)
        where TKernel : unmanaged, ILaneKernel => CpuLaunch.Lanes(*(TKernel*)kernel, width, height, from, to);

    public static void LaneRows<TKernel>(void* kernel, int width, int height, int from, int to)
        where TKernel : unmanaged, ILaneKernel
    {
        for (int y = from; y < to; y++)
        {
            CpuLaunch.Lane(*(TKernel*)kernel, width, y, 0);
        }
    }

    public static void Points<TKernel>(void* kernel, int width, int height, int from, int to)
        where TKernel : unmanaged, IPointKernel => CpuLaunch.Points(*(TKernel*)kernel, width, height, from, to);

    public static void PointRows<TKernel>(void* kernel, int width, int height, int from, int to)
        where TKernel : unmanaged, IPointKernel
    {
        for (int y = from; y < to; y++)
        {
            for (int x = 0; x < width; x++)
            {
                ((TKernel*)kernel)->Run(x, y, 0);
            }
        }
    }

    public static void Tuned<TKernel>(void* kernel, int width, int height, int from, int to)
        where TKernel : unmanaged, ICpuKernel => CpuLaunch.Tuned(*(TKernel*)kernel, width, height, from, to);
}
