using System.Runtime.InteropServices;

namespace Appliance.Imaging.Launch;

/// <summary>One step as a graph: the card is told once for all of its copies and kernels.</summary>
/// <remarks>
/// The log holds what the step asked for when it was recorded. Before each replay the step is walked through again without the card: if
/// it asks for the same sizes and launches in the same order, the graph is what it wants; the host's addresses may be others.
/// </remarks>
internal sealed unsafe class GpuGraph(GpuLauncher launcher, nint stream)
{
    private readonly CudaDriver driver = launcher.Driver;
    private byte[] log = new byte[1024];
    private int logged;
    private int walked;
    private bool isUnlike;
    private nint exec;

    /// <summary>How often the step was asked for.</summary>
    public int Times { get; set; }

    public bool IsRecorded => exec != 0;

    /// <summary>After a walk: the step asked for all that was recorded and for nothing else.</summary>
    public bool IsAlike => !isUnlike && walked == logged;

    /// <returns>CUresult.</returns>
    public int Begin()
    {
        const int ThreadLocal = 1;
        logged = 0;
        return driver.StreamBeginCapture(stream, ThreadLocal);
    }

    public void BeginWalk() => (walked, isUnlike) = (0, false);

    /// <summary>Something that the step asks for: noted, or on a walk compared.</summary>
    public void Note<T>(in T asked, bool isWalk)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in asked));
        if (isWalk)
        {
            isUnlike |= bytes.Length > logged - walked || !bytes.SequenceEqual(log.AsSpan(walked, bytes.Length));
            walked = isUnlike ? walked : walked + bytes.Length;
            return;
        }

        if (logged + bytes.Length > log.Length)
        {
            Array.Resize(ref log, 2 * (logged + bytes.Length));
        }

        bytes.CopyTo(log.AsSpan(logged));
        logged += bytes.Length;
    }

    /// <returns>CUresult.</returns>
    public int End(bool isKept)
    {
        nint graph = 0, made = 0;
        int result = driver.StreamEndCapture(stream, &graph);
        if (result == CudaResult.Success && isKept)
        {
            result = driver.GraphInstantiate(&made, graph, 0);
        }

        if (graph != 0)
        {
            driver.GraphDestroy(graph);
        }

        exec = result == CudaResult.Success ? made : 0;
        return result;
    }

    /// <returns>CUresult.</returns>
    public int Launch() => driver.GraphLaunch(exec, stream);

    public void Drop()
    {
        if (exec != 0 && !launcher.IsLost)
        {
            driver.GraphExecDestroy(exec);
        }

        (exec, Times) = (0, 0);
    }
}
