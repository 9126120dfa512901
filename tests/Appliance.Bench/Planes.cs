using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Bench;

/// <summary>A kernel with its extents: one piece of it at a time.</summary>
public interface IPlanes
{
    void Run(int z);
}

/// <summary>All pieces, shared among the threads that the daemon's CPU launcher has. Allocates nothing.</summary>
public static unsafe class AllPlanes
{
    public static void Run<TPlanes>(this CpuWorkers workers, TPlanes planes, int count)
        where TPlanes : unmanaged, IPlanes => workers.Run(&Some<TPlanes>, &planes, 0, 0, count);

    private static void Some<TPlanes>(void* planes, int width, int height, int from, int to)
        where TPlanes : unmanaged, IPlanes
    {
        for (int z = from; z < to; z++)
        {
            ((TPlanes*)planes)->Run(z);
        }
    }
}

public readonly struct LanePlanes<TKernel>(TKernel kernel, int width, int height) : IPlanes
    where TKernel : unmanaged, ILaneKernel
{
    private readonly TKernel kernel = kernel;
    private readonly int width = width, height = height;

    public void Run(int z) => CpuLaunch.Lanes(kernel, width, height, z, z + 1);
}

/// <summary>An image: pieces are its rows.</summary>
public readonly struct RowPlanes<TKernel>(TKernel kernel, int width) : IPlanes
    where TKernel : unmanaged, ILaneKernel
{
    private readonly TKernel kernel = kernel;
    private readonly int width = width;

    public void Run(int z) => CpuLaunch.Lane(kernel, width, z, 0);
}

public readonly struct PointPlanes<TKernel>(TKernel kernel, int width, int height) : IPlanes
    where TKernel : unmanaged, IPointKernel
{
    private readonly TKernel kernel = kernel;
    private readonly int width = width, height = height;

    public void Run(int z) => CpuLaunch.Points(kernel, width, height, z, z + 1);
}

/// <summary>A kernel with a body of its own for the CPU; pieces of several planes where it works on more than one.</summary>
public readonly struct TunedPlanes<TKernel>(TKernel kernel, int width, int height, int planes) : IPlanes
    where TKernel : unmanaged, ICpuKernel
{
    private readonly TKernel kernel = kernel;
    private readonly int width = width, height = height, planes = planes;

    public void Run(int z) =>
        CpuLaunch.Tuned(kernel, width, height, z * planes, (z + 1) * planes);
}

/// <summary>Three kernels on one plane after another, while it is in the caches.</summary>
public readonly struct ThreePlanes<T1, T2, T3>(T1 first, T2 second, T3 third) : IPlanes
    where T1 : unmanaged, IPlanes
    where T2 : unmanaged, IPlanes
    where T3 : unmanaged, IPlanes
{
    private readonly T1 first = first;
    private readonly T2 second = second;
    private readonly T3 third = third;

    public void Run(int z)
    {
        first.Run(z);
        second.Run(z);
        third.Run(z);
    }
}

/// <summary>The bit planes of labels 1 to <paramref name="labels"/> of one plane after another.</summary>
public readonly unsafe struct SegmentPlanes(View<byte> source, View<byte> target, int labels, int voxels, long segmentBytes) : IPlanes
{
    private readonly View<byte> source = source, target = target;
    private readonly int labels = labels, voxels = voxels;
    private readonly long segmentBytes = segmentBytes;

    public void Run(int z)
    {
        for (int label = 1; label <= labels; label++)
        {
            View<byte> bits = new(target.Pointer + (label * segmentBytes), segmentBytes);
            SegPack.Bits kernel = new() { Source = source, Target = bits, Label = label, Voxels = voxels, Bytes = voxels / 8 };
            CpuLaunch.Tuned(kernel, voxels / 8, 1, z, z + 1);
        }
    }
}
