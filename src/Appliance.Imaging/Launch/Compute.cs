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
            Outcome<LaunchQueue> queue = gpu.Rent();
            if (queue.Refused)
            {
                break;
            }

            Refusal? refusal = On(gpu, queue.Value, state, step, again);
            switch (refusal?.Reason)
            {
                case RefusalReason.GpuFailed:
                    Lose(gpu, refusal);
                    continue;
                case RefusalReason.OutOfMemory:
                    // The step is too large for the card now: not the card's fault, and the CPU can.
                    return OnCpu(state, step);
                default:
                    return refusal;
            }
        }

        return OnCpu(state, step);
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

    private Refusal? OnCpu<TState>(in TState state, Step<TState> step)
        where TState : unmanaged
    {
        Outcome<LaunchQueue> queue = cpu.Rent();
        return queue.Refused ? queue.Refusal : On(cpu, queue.Value, state, step, again: false);
    }

    private static Refusal? On<TState>(QueuePool pool, LaunchQueue queue, in TState state, Step<TState> step, bool again)
        where TState : unmanaged
    {
        try
        {
            return queue.Run(state, step, again);
        }
        finally
        {
            pool.Return(queue);
        }
    }

    private QueuePool? Idlest()
    {
        QueuePool? best = null;
        foreach (QueuePool pool in gpus)
        {
            best = best is null || pool.Rented < best.Rented ? pool : best;
        }

        return best;
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
