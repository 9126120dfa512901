using Appliance.Core;

namespace Appliance.Imaging.Launch;

/// <summary>When a stage of a series is to be over. Looked at between two slabs of its work: it ends within one of them.</summary>
/// <remarks>A slab is a slice, a frame, or a pass over the network's grid: at most some milliseconds of one thread.</remarks>
public sealed class Deadline
{
    private readonly TimeProvider? time;
    private readonly long start;
    private readonly TimeSpan left;

    /// <param name="left">From now on.</param>
    public Deadline(Stage stage, TimeProvider time, TimeSpan left)
    {
        Stage = stage;
        this.time = time;
        this.left = left;
        start = time.GetTimestamp();
    }

    private Deadline()
    {
    }

    /// <summary>It may take as long as it takes.</summary>
    public static Deadline Never { get; } = new();

    public Stage Stage { get; }

    public bool IsOver => time is not null && time.GetElapsedTime(start) >= left;

    /// <exception cref="DeadlineException">It is over.</exception>
    public void Check()
    {
        if (IsOver)
        {
            throw new DeadlineException(Stage);
        }
    }

    /// <summary>Slabs 0 to count - 1, on all processors.</summary>
    /// <exception cref="DeadlineException">It was over before the last one began.</exception>
    public void For(int count, Action<int> slab)
    {
        ParallelLoopResult done = Parallel.For(0, count, (i, loop) =>
        {
            if (IsOver)
            {
                loop.Stop();
                return;
            }

            slab(i);
        });
        if (!done.IsCompleted)
        {
            throw new DeadlineException(Stage);
        }
    }

    /// <summary>Two parts of a stage side by side, each of which looks for itself.</summary>
    /// <exception cref="DeadlineException">It was over in one of them.</exception>
    public void Both(Action one, Action other)
    {
        Task beside = Task.Run(other);
        try
        {
            one();
        }
        finally
        {
            // Looks up now and then: a thread that only waits for the other part is taken for one that is stuck.
            while (Task.WaitAny([beside], Limits.LookUpMs) < 0)
            {
            }

            _ = beside.Exception;
        }

        beside.GetAwaiter().GetResult();
    }
}

/// <summary>A stage was not over in time; what it had begun is thrown away.</summary>
public sealed class DeadlineException(Stage stage) : Exception($"the time for {stage} is up")
{
    public Stage Stage => stage;
}
