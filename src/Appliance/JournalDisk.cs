using Appliance.Core;
using Appliance.Daemon.Supervision;

namespace Appliance.Daemon;

/// <summary>Looks after the file system of the journal: how full it is, and whether it can still be written.</summary>
public sealed class JournalDisk
{
    private readonly Journal journal;
    private readonly DiskSettings settings;
    private readonly Supervisor supervisor;
    private readonly Action<Happening> tell;
    private readonly TimeProvider time;
    private readonly DriveInfo drive;
    private readonly Worker looks;
    private readonly Worker removals;
    private Thread? thread;
    private CancellationToken stopping;
    private int suspected;
    private bool isFaulty;

    public JournalDisk(Journal journal, DiskSettings settings, Supervisor supervisor, Action<Happening> tell, TimeProvider time)
    {
        this.journal = journal;
        this.settings = settings;
        this.supervisor = supervisor;
        this.tell = tell;
        this.time = time;
        drive = new DriveInfo(journal.Studies);
        looks = new Worker("disk", _ => Start(stopping));
        removals = new Worker("removal", GiveUpRemoval);
    }

    /// <summary>Less space than objects are taken for. Asked anew each time: a system call, no wait.</summary>
    public bool IsLow => drive.AvailableFreeSpace < settings.RefuseBelowFreeBytes;

    /// <summary>A write failed: the next look tries for itself.</summary>
    public void Suspect() => Interlocked.Exchange(ref suspected, 1);

    /// <summary>Looks now and tells.</summary>
    public void Look()
    {
        Refusal? fault = null;
        if (isFaulty || Interlocked.Exchange(ref suspected, 0) == 1)
        {
            fault = Try();
            isFaulty = fault is not null;
        }

        tell(new DiskMeasured(time.GetUtcNow(), drive.TotalSize, drive.AvailableFreeSpace, fault));
    }

    /// <summary>Looks again and again until stopped, on a thread of its own: a disk that hangs may hold it for ever.</summary>
    public void Start(CancellationToken stop)
    {
        stopping = stop;
        Thread next = new(Loop) { Name = "disk", IsBackground = true };
        thread = next;
        next.Start();
    }

    /// <summary>Takes a study out of the journal and tells what came of it.</summary>
    public void Remove(string study, int changes)
    {
        using Work watched = supervisor.Begin(removals, Operations.Removal, study);
        bool removed = false;
        try
        {
            removed = journal.Remove(study, changes);
        }
        catch (Exception failure) when (DiskFault.Is(failure))
        {
            tell(new PartFailed(time.GetUtcNow(), "removal", Text.Of(failure)));
        }

        if (!watched.IsAbandoned)
        {
            Look();
            tell(new StudyRemoved(time.GetUtcNow(), study, removed));
        }
    }

    private void Loop()
    {
        do
        {
            using Work watched = supervisor.Begin(looks, Operations.DiskLook);
            Look();
        }
        while (Rest() && thread == Thread.CurrentThread);
    }

    /// <returns>False: asked to stop.</returns>
    private bool Rest()
    {
        for (int restedMs = 0; restedMs < Limits.DiskLookMs; restedMs += Limits.TickMs)
        {
            using Work watched = supervisor.Begin(looks, Operations.Idle);
            if (stopping.WaitHandle.WaitOne(Limits.TickMs))
            {
                return false;
            }
        }

        return true;
    }

    private void GiveUpRemoval(Work work) => tell(new StudyRemoved(time.GetUtcNow(), (string)work.Subject!, false));

    /// <summary>A full disk is no fault: it is told apart by its free space.</summary>
    private Refusal? Try()
    {
        using Work? watched = Work.Inside(Operations.Commit);
        try
        {
            journal.TryWriting();
            return null;
        }
        catch (Exception failure) when (DiskFault.Is(failure))
        {
            return IsLow ? null : new Refusal(RefusalReason.DiskFull, $"the data folder cannot be written: {failure.Message}");
        }
    }
}
