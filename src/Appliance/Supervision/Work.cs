using Appliance.Core;

namespace Appliance.Daemon.Supervision;

/// <summary>A worker that is watched.</summary>
/// <param name="replace">
/// Gives up the work that is stuck and goes on without its thread; on the supervisor's thread, so it may not wait. Null: the process ends.
/// </param>
public sealed class Worker(string name, Action<Work>? replace = null)
{
    public string Name { get; } = name;

    internal int Replacements { get; set; }

    internal Action<Work>? Replace { get; } = replace;
}

/// <summary>One operation under way: alive until it is disposed, within its deadline, or beating.</summary>
public sealed class Work : IDisposable
{
    [ThreadStatic]
    private static Work? innermost;

    private readonly Supervisor supervisor;
    private readonly Work? outer;
    private long beats;
    private volatile bool isSuspended;
    private volatile bool isAbandoned;

    /// <param name="isBeating">It goes on for ever and beats; without that the thread that makes it carries it to its end.</param>
    internal Work(Supervisor supervisor, Worker worker, Operation operation, object? subject, bool isBeating)
    {
        Worker = worker;
        Operation = operation;
        Subject = subject;
        IsBeating = isBeating;
        this.supervisor = supervisor;
        if (!isBeating)
        {
            // What is inside is what is under way; what is around it waits.
            ThreadId = OwnThread.Id;
            outer = innermost;
            innermost = this;
            if (outer is not null)
            {
                outer.isSuspended = true;
            }
        }
    }

    public Worker Worker { get; }

    public Operation Operation { get; }

    /// <summary>What it is about, for whoever replaces the worker.</summary>
    public object? Subject { get; }

    /// <summary>As /proc/self/task names it; 0 where it has none.</summary>
    internal int ThreadId { get; }

    internal bool IsBeating { get; }

    internal bool IsSuspended => isSuspended;

    /// <summary>What the supervisor has seen of it; only its thread writes here.</summary>
    internal WorkSeen Seen { get; } = new();

    internal long Beats => Interlocked.Read(ref beats);

    /// <summary>Somebody else has taken it over.</summary>
    public bool IsAbandoned => isAbandoned;

    /// <summary>A part of what this thread does, with a deadline of its own. Null where nobody watches this thread.</summary>
    public static Work? Inside(Operation operation) =>
        innermost is Work around ? around.supervisor.Begin(around.Worker, operation, around.Subject) : null;

    /// <summary>Somebody else has taken the work over meanwhile: whoever comes back too late leaves everything as it is.</summary>
    /// <exception cref="AbandonedException">So it is.</exception>
    public static void ThrowIfAbandoned()
    {
        if (innermost is { isAbandoned: true })
        {
            throw new AbandonedException();
        }
    }

    /// <summary>It lives.</summary>
    public void Beat() => Interlocked.Increment(ref beats);

    public void Dispose()
    {
        if (!IsBeating)
        {
            innermost = outer;
        }

        if (outer is not null)
        {
            outer.Beat();
            outer.isSuspended = false;
        }

        supervisor.Remove(this);
    }

    /// <summary>From the supervisor: it, and what is around it, belongs to somebody else now.</summary>
    internal void Abandon()
    {
        for (Work? each = this; each is not null; each = each.outer)
        {
            each.isAbandoned = true;
            supervisor.Remove(each);
        }
    }
}

/// <summary>What the supervisor has seen of a work since its last beat.</summary>
internal sealed class WorkSeen
{
    public long Beats { get; set; }

    /// <summary>Of the clock.</summary>
    public double SilentMs { get; set; }

    /// <summary>In looks during which nobody waited for a processor.</summary>
    public double CountedMs { get; set; }

    /// <summary>Without a processor, though nothing held one back.</summary>
    public double StillMs { get; set; }

    public ThreadTime? Thread { get; set; }
}

/// <summary>The thread was given up by the supervisor and has come back: it ends.</summary>
public sealed class AbandonedException() : Exception("the work was given to somebody else");
