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
    private readonly QueuePool oneThread;
    private volatile QueuePool[] gpus = [];

    /// <param name="threads">Of the CPU, for steps that are wide.</param>
    public Compute(int threads)
    {
        cpu = new QueuePool(new CpuLauncher(threads), (long)Limits.StepScratchMib << 20, Limits.CpuQueuesCount);
        oneThread = new QueuePool(new CpuLauncher(1), (long)Limits.StepScratchMib << 20, Limits.CpuQueuesCount);
    }

    /// <summary>
    /// The one of this process: stages of the pipeline are pure functions, and the machine below them is no argument of theirs
    /// (docs/decisions, the launcher).
    /// </summary>
    public static Compute Shared { get; } = new(Environment.ProcessorCount);

    /// <summary>Told once of each GPU that failed, with the reason; from any thread that computes.</summary>
    public Action<Launcher, Refusal>? GpuLost { get; set; }

    /// <summary>The GPUs in use now.</summary>
    public IReadOnlyList<Launcher> Gpus => [.. gpus.Select(pool => pool.Launcher)];

    /// <summary>The machine of last resort.</summary>
    public Launcher Cpu => cpu.Launcher;

    /// <summary>Does a step on a machine that is free; its results are in the host's memory when this returns. Any thread.</summary>
    /// <param name="again">See <see cref="LaunchQueue.Run"/>.</param>
    /// <param name="wide">Whole volumes: the CPU shares each launch among its threads. Without it the caller is one of several.</param>
    /// <param name="until">Looked at on the way; a step that is cut is refused: budget.</param>
    /// <returns>Null, or why it cannot be done on any machine: what was asked for does not fit.</returns>
    public Refusal? Run<TState>(in TState state, Step<TState> step, bool again = false, bool wide = false, Deadline? until = null)
        where TState : unmanaged
    {
        until ??= Deadline.Never;
        while (Idlest() is QueuePool gpu)
        {
            Refusal? refusal = On(gpu, state, step, again, until);
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

        QueuePool processor = wide ? cpu : oneThread;
        processor.Come();
        return On(processor, state, step, again: false, until);
    }

    /// <summary>A step of the pipeline, whose shapes are its own. Where it cannot be done, the series is not analysed.</summary>
    /// <param name="until">Of the stage whose step it is: looked at before it, and inside where it is wide and on the CPU.</param>
    /// <exception cref="InvalidOperationException">What was asked for does not fit, or the host has no memory for it.</exception>
    /// <exception cref="DeadlineException">The time was up; what the step had begun to write is there in part.</exception>
    public void Do<TState>(in TState state, Step<TState> step, bool wide = false, Deadline? until = null)
        where TState : unmanaged
    {
        until?.Check();
        if (Run(state, step, again: true, wide: wide, until) is Refusal refusal)
        {
            throw refusal == LaunchQueue.Late ? new DeadlineException(until!.Stage) : new InvalidOperationException(refusal.Text);
        }
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
        oneThread.Rest();
        Array.ForEach(gpus, pool => pool.Rest());
    }

    /// <summary>No card is used any more; each ends with the last step on it.</summary>
    public void LeaveGpus()
    {
        QueuePool[] all;
        lock (gate)
        {
            (all, gpus) = (gpus, []);
        }

        Array.ForEach(all, pool => pool.Dispose());
    }

    public void Dispose()
    {
        LeaveGpus();
        cpu.Dispose();
        oneThread.Dispose();
    }

    /// <summary>By a caller that has come; it goes after this.</summary>
    private static Refusal? On<TState>(QueuePool pool, in TState state, Step<TState> step, bool again, Deadline until)
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
                queue.Value.Until = until;
                return queue.Value.Run(state, step, again);
            }
            finally
            {
                queue.Value.Until = Deadline.Never;
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
        GpuLost?.Invoke(gpu.Launcher, why);
    }
}
