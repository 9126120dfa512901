using System.Collections.Concurrent;

namespace Appliance.Daemon.Supervision;

/// <summary>
/// Sees within two seconds that a worker hangs. One that can be replaced is, once; otherwise, and the second time, the process ends:
/// systemd starts it again, the journal knows all. The watchdogs are fed from here, and only while all hearts beat.
/// </summary>
/// <remarks>
/// Three signs. A heart that beats by itself (control thread, sockets) is silent. A thread in the middle of an operation stands still: it
/// had no processor, waited for none and is not on a disk. An operation takes longer than its deadline, whatever it does.
/// A machine that is suspended, stopped or out of breath stops this thread too: the first two count only in looks that were themselves in
/// time, in a process that got the processor when it wanted it. Under such load the watchdogs are what is left.
/// </remarks>
public sealed class Supervisor
{
    private readonly ConcurrentDictionary<Work, bool> works = [];
    private readonly TimeProvider time;
    private readonly Func<double> waitedMs;
    private readonly Func<int, ThreadTime?> threadTime;
    private readonly Action<Work> stuck;
    private readonly Action feed;
    private long looked;
    private int looksSinceFeed;
    private bool ended;

    /// <param name="waitedMs">What the process waited for a processor since the last call: <see cref="Breath"/>.</param>
    /// <param name="threadTime">What a thread has had so far.</param>
    /// <param name="stuck">Ends the process. Called once, on the supervisor's thread.</param>
    /// <param name="feed">Called about once a second while all is well: watchdogs.</param>
    public Supervisor(
        TimeProvider time, Func<double> waitedMs, Func<int, ThreadTime?> threadTime, Action<Work> stuck, Action feed)
    {
        this.time = time;
        this.waitedMs = waitedMs;
        this.threadTime = threadTime;
        this.stuck = stuck;
        this.feed = feed;
        looked = time.GetTimestamp();
    }

    /// <summary>Told of each work that was given up, when its worker has been replaced; on the supervisor's thread.</summary>
    public Action<Work>? Replaced { get; set; }

    /// <summary>A heart that beats by itself from now on.</summary>
    public Work Beating(Worker worker, Operation operation) => Add(new Work(this, worker, operation, null, isBeating: true));

    /// <summary>This thread begins an operation and disposes of the result when it ends.</summary>
    /// <param name="subject">What it is about, for whoever replaces the worker.</param>
    public Work Begin(Worker worker, Operation operation, object? subject = null) =>
        Add(new Work(this, worker, operation, subject, isBeating: false));

    /// <summary>Looks again and again until stopped, on a thread of its own: a pool that is full would not see anything.</summary>
    public void Start(CancellationToken stop)
    {
        Thread thread = new(() => Loop(stop)) { Name = "supervisor", IsBackground = true };
        thread.Start();
    }

    /// <summary>One look, due <see cref="Limits.SupervisionMs"/> after the one before.</summary>
    public void Look()
    {
        // 1. What this look is worth.
        double waited = waitedMs();
        double sinceLook = time.GetElapsedTime(looked).TotalMilliseconds;
        looked = time.GetTimestamp();
        bool isInTime = sinceLook < 2 * Limits.SupervisionMs && waited < Limits.BreathlessMs;

        // 2. Who hangs.
        foreach (Work work in works.Keys.Where(each => !each.IsSuspended))
        {
            if (Hangs(work, sinceLook, isInTime))
            {
                Act(work);
            }
        }

        // 3. The watchdogs, while every heart that beats by itself has done so.
        bool allBeat = !ended && works.Keys.All(each => !each.IsBeating || each.Seen.SilentMs < each.Operation.DeadlineMs);
        looksSinceFeed++;
        if (allBeat && looksSinceFeed * Limits.SupervisionMs >= Limits.FeedMs)
        {
            looksSinceFeed = 0;
            feed();
        }
    }

    internal void Remove(Work work) => works.TryRemove(work, out _);

    private Work Add(Work work)
    {
        works.TryAdd(work, true);
        return work;
    }

    private bool Hangs(Work work, double sinceLook, bool isInTime)
    {
        WorkSeen seen = work.Seen;
        long beats = work.Beats;
        if (beats != seen.Beats)
        {
            (seen.Beats, seen.SilentMs, seen.CountedMs, seen.StillMs, seen.Thread) = (beats, 0, 0, 0, null);
            return false;
        }

        double clipped = Math.Min(sinceLook, 2 * Limits.SupervisionMs);
        seen.SilentMs += sinceLook;

        if (work.IsBeating)
        {
            // Out of breath, a heart proves nothing.
            seen.CountedMs = isInTime ? seen.CountedMs + clipped : 0;
            return seen.CountedMs >= work.Operation.DeadlineMs;
        }

        // A deadline is as far again as the machine is slow: for all, or for a nice thread that has to wait for the others.
        ThreadTime? before = seen.Thread;
        seen.Thread = threadTime(work.ThreadId);
        bool hadBreath = isInTime && !(seen.Thread?.WaitedNs - before?.WaitedNs >= Limits.BreathlessMs * 1_000_000L);
        seen.CountedMs += hadBreath ? clipped : clipped / Limits.BreathlessSlowness;
        return seen.CountedMs >= work.Operation.DeadlineMs || StandsStill(work, before, clipped, isInTime);
    }

    private static bool StandsStill(Work work, ThreadTime? before, double sinceLook, bool isInTime)
    {
        WorkSeen seen = work.Seen;
        if (work.Operation.MayStandStill || seen.Thread is not ThreadTime now)
        {
            return false;
        }

        if (now != before || now.IsOnDisk)
        {
            seen.StillMs = 0;
            return false;
        }

        // It may wait for others that wait for a processor: such a look proves nothing, either way.
        seen.StillMs += isInTime ? sinceLook : 0;
        return seen.StillMs >= Limits.StandstillMs;
    }

    private void Act(Work work)
    {
        if (ended)
        {
            return;
        }

        Worker worker = work.Worker;
        if (worker.Replace is not null && worker.Replacements == 0)
        {
            worker.Replacements++;
            work.Abandon();
            worker.Replace(work);
            Replaced?.Invoke(work);
            return;
        }

        ended = true;
        stuck(work);
    }

    private void Loop(CancellationToken stop)
    {
        while (!stop.WaitHandle.WaitOne(Limits.SupervisionMs))
        {
            Look();
        }
    }
}
