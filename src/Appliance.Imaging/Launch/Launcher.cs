using Appliance.Core;

namespace Appliance.Imaging.Launch;

/// <summary>A machine that kernels run on: the CPU, or one GPU of the box. Any thread may ask it for a queue of its own.</summary>
public abstract class Launcher : IDisposable
{
    /// <summary>"CPU, 2 threads"; "GPU 0, Tesla V100-SXM2-32GB".</summary>
    public abstract string Name { get; }

    public abstract bool IsGpu { get; }

    /// <summary>A queue for one thread at a time. It may go to another when it is empty.</summary>
    /// <param name="scratchBytes">What all inputs, results and intermediates of one step take together on the machine.</param>
    public abstract Outcome<LaunchQueue> NewQueue(long scratchBytes);

    /// <summary>Memory that lives longer than a step: on a GPU a block of its memory and a pinned block of the host's beside it.</summary>
    public abstract Outcome<Arena> NewArena(long bytes);

    /// <summary>All of its queues and arenas are gone before.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
