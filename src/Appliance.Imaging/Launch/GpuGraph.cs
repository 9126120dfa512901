using System.Runtime.InteropServices;

namespace Appliance.Imaging.Launch;

/// <summary>One recorded step: the card is told once for all of its copies and kernels.</summary>
internal sealed unsafe class GpuGraph(GpuLauncher launcher, nint stream)
{
    private readonly CudaDriver driver = launcher.Driver;
    private Delegate? step;
    private byte[] state = [];
    private int stateBytes;
    private nint exec;

    public bool IsRecorded => exec != 0;

    /// <summary>Whether the last step that was asked for was this one with the same state; if not, it is from now on.</summary>
    public bool Knows<TState>(in TState asked, Delegate askedStep)
        where TState : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<TState>(in asked));
        if (askedStep.Equals(step) && bytes.SequenceEqual(state.AsSpan(0, stateBytes)))
        {
            return true;
        }

        if (state.Length < bytes.Length)
        {
            state = new byte[bytes.Length];
        }

        bytes.CopyTo(state);
        (step, stateBytes) = (askedStep, bytes.Length);
        return false;
    }

    /// <returns>CUresult.</returns>
    public int Begin()
    {
        const int ThreadLocal = 1;
        return driver.StreamBeginCapture(stream, ThreadLocal);
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

        exec = 0;
    }
}
