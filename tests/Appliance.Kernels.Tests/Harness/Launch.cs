using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Appliance.Imaging.Launch;

namespace Appliance.Kernels.Tests.Harness;

/// <summary>A kernel, its parameters and its extents, for any machine.</summary>
public abstract class Launch((int X, int Y, int Z) extent)
{
    public (int X, int Y, int Z) Extent { get; } = extent;

    /// <summary>As the launch table calls it.</summary>
    public string Name => Kernel.GetType().FullName![(Kernel.GetType().Namespace!.Length + 1)..].Replace('+', '_');

    /// <summary>The struct with views of host memory.</summary>
    public abstract object Kernel { get; }

    /// <summary>The same as bytes: what a driver copies to the card.</summary>
    public abstract byte[] Bytes { get; }

    /// <summary>If the planes can be made in slabs: the halo, and elements of a plane in both views.</summary>
    public SlabRule? Slabs { get; set; }

    /// <summary>As the product runs it: by the kernel's own body for the CPU if it has one, else in lanes.</summary>
    public void OnCpu(int zFrom, int zTo)
    {
        if (Kernel is ICpuKernel tuned)
        {
            tuned.Tuned(Extent.X, Extent.Y, zFrom, zTo);
        }
        else
        {
            OnLanes(zFrom, zTo);
        }
    }

    public abstract void OnLanes(int zFrom, int zTo);

    public abstract void OnOneLane();

    /// <summary>Queues it with a kernel whose views may be another machine's.</summary>
    public void OnQueue(LaunchQueue queue, object moved)
    {
        if (moved is ICpuKernel)
        {
            typeof(LaunchQueue).GetMethod(nameof(LaunchQueue.Tuned))!.MakeGenericMethod(moved.GetType())
                .Invoke(queue, [moved, (long)Extent.X, (long)Extent.Y, (long)Extent.Z]);
        }
        else
        {
            Queue(queue, moved);
        }
    }

    /// <summary>Makes planes [from, to) from a copy of only those source planes that the rule allows.</summary>
    public abstract void OnSlab(int from, int to);

    /// <summary>In lanes, or point by point.</summary>
    protected abstract void Queue(LaunchQueue queue, object moved);
}

/// <param name="Halo">Planes before and behind.</param>
/// <param name="SourcePlane">Elements.</param>
/// <param name="TargetPlane">Elements.</param>
public sealed record SlabRule(int Halo, int SourcePlane, int TargetPlane);

public sealed class LaneLaunch<TKernel>(TKernel kernel, (int X, int Y, int Z) extent) : Launch(extent)
    where TKernel : unmanaged, ILaneKernel
{
    public override object Kernel => kernel;

    public override byte[] Bytes => MemoryMarshal.AsBytes(new ReadOnlySpan<TKernel>(in kernel)).ToArray();

    public override void OnLanes(int zFrom, int zTo) => CpuLaunch.Lanes(kernel, Extent.X, Extent.Y, zFrom, zTo);

    public override void OnOneLane()
    {
        TKernel own = kernel;
        for (int z = 0; z < Extent.Z; z++)
        {
            for (int y = 0; y < Extent.Y; y++)
            {
                for (int x = 0; x < Extent.X; x++)
                {
                    own.Run<OneFloat, OneInt, OneMask>(x, y, z);
                }
            }
        }
    }

    protected override void Queue(LaunchQueue queue, object moved) => queue.Lanes((TKernel)moved, Extent.X, Extent.Y, Extent.Z);

    public override void OnSlab(int from, int to)
    {
        using SlabCopy<TKernel> slab = new(kernel, Slabs!, from, to);
        CpuLaunch.Lanes(slab.Kernel, Extent.X, Extent.Y, 0, to - from);
    }
}

public sealed class PointLaunch<TKernel>(TKernel kernel, (int X, int Y, int Z) extent) : Launch(extent)
    where TKernel : unmanaged, IPointKernel
{
    public override object Kernel => kernel;

    public override byte[] Bytes => MemoryMarshal.AsBytes(new ReadOnlySpan<TKernel>(in kernel)).ToArray();

    public override void OnLanes(int zFrom, int zTo) => CpuLaunch.Points(kernel, Extent.X, Extent.Y, zFrom, zTo);

    public override void OnOneLane() => CpuLaunch.Points(kernel, Extent.X, Extent.Y, 0, Extent.Z);

    protected override void Queue(LaunchQueue queue, object moved) => queue.Points((TKernel)moved, Extent.X, Extent.Y, Extent.Z);

    public override void OnSlab(int from, int to)
    {
        using SlabCopy<TKernel> slab = new(kernel, Slabs!, from, to);
        CpuLaunch.Points(slab.Kernel, Extent.X, Extent.Y, 0, to - from);
    }
}
