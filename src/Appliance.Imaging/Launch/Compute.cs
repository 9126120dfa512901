using Appliance.Core;

namespace Appliance.Imaging.Launch;

/// <summary>What the pipeline computes on: GPUs that have proved themselves; the CPU until then and for what they cannot do.</summary>
/// <remarks>
/// A step names memory of the host only (<see cref="LaunchQueue"/>), so it can be done again elsewhere: a GPU that fails in the middle of
/// a study is left alone from then on, and the step is done by another or by the CPU before the caller hears of it.
/// </remarks>
public sealed class Compute : IDisposable
{
    private readonly Lock gate = new();
    private readonly QueuePool cpu;
    private readonly Action<Launcher, Refusal> gpuLost;
    private volatile QueuePool[] gpus = [];

    /// <param name="threads">Of the CPU.</param>
    /// <param name="gpuLost">Told once of each GPU that failed, with the reason; from any thread that computes.</param>
    public Compute(int threads, Action<Launcher, Refusal> gpuLost)
    {
        this.gpuLost = gpuLost;
        cpu = new QueuePool(new CpuLauncher(threads), (long)Limits.StepScratchMib << 20, Limits.CpuQueuesCount);
    }

    /// <summary>The GPUs in use now.</summary>
    public IReadOnlyList<Launcher> Gpus => [.. gpus.Select(pool => pool.Launcher)];

    /// <summary>The machine of last resort.</summary>
    public Launcher Cpu => cpu.Launcher;

    /// <summary>Does a step on a machine that is free; its results are in the host's memory when this returns. Any thread.</summary>
    /// <param name="again">See <see cref="LaunchQueue.Run"/>.</param>
    /// <returns>Null, or why it cannot be done on any machine: what was asked for does not fit.</returns>
    public Refusal? Run<TState>(in TState state, Step<TState> step, bool again = false)
        where TState : unmanaged
    {
        while (Idlest() is QueuePool gpu)
        {
            Refusal? refusal = On(gpu, state, step, again);
            switch (refusal?.Reason)
            {
                case RefusalReason.GpuFailed:
                    Lose(gpu, refusal);
                    continue;
                case RefusalReason.OutOfMemory:
                    // The step is too large for the card now, or the card is busy: not its fault, and the CPU can.
                    break;
                default:
                    return refusal;
            }

            break;
        }

        cpu.Come();
        return On(cpu, state, step, again: false);
    }

    /// <summary>From now on steps go to this GPU too.</summary>
    public void Use(Launcher gpu)
    {
        lock (gate)
        {
            gpus = [.. gpus, new QueuePool(gpu, (long)Limits.StepScratchMib << 20, Limits.GpuQueuesCount)];
        }
    }

    /// <summary>Between studies: gives back the memory that steps took.</summary>
    public void Rest()
    {
        cpu.Rest();
        Array.ForEach(gpus, pool => pool.Rest());
    }

    public void Dispose()
    {
        QueuePool[] all;
        lock (gate)
        {
            (all, gpus) = (gpus, []);
        }

        Array.ForEach(all, pool => pool.Dispose());
        cpu.Dispose();
    }

    /// <summary>By a caller that has come; it goes after this.</summary>
    private static Refusal? On<TState>(QueuePool pool, in TState state, Step<TState> step, bool again)
        where TState : unmanaged
    {
        try
        {
            Outcome<LaunchQueue> queue = pool.Rent();
            if (queue.Refused)
            {
                return queue.Refusal;
            }

            try
            {
                return queue.Value.Run(state, step, again);
            }
            finally
            {
                pool.Return(queue.Value);
            }
        }
        finally
        {
            pool.Go();
        }
    }

    /// <summary>The card with the fewest callers, of whom this is now one.</summary>
    private QueuePool? Idlest()
    {
        if (gpus.Length == 0)
        {
            return null;
        }

        lock (gate)
        {
            QueuePool? best = null;
            foreach (QueuePool pool in gpus)
            {
                best = best is null || pool.Callers < best.Callers ? pool : best;
            }

            best?.Come();
            return best;
        }
    }

    private void Lose(QueuePool gpu, Refusal why)
    {
        lock (gate)
        {
            if (!gpus.Contains(gpu))
            {
                return;
            }

            gpus = [.. gpus.Where(pool => pool != gpu)];
        }

        gpu.Dispose();
        gpuLost(gpu.Launcher, why);
    }
}
