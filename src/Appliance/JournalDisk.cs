using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>Looks after the file system of the journal: how full it is, and whether it can still be written.</summary>
public sealed class JournalDisk(Journal journal, DiskSettings settings, Action<Happening> tell, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(Limits.DiskLookMs);

    private readonly DriveInfo drive = new(journal.Studies);
    private int suspected;
    private bool isFaulty;

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

    /// <summary>Looks again and again until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(Period, time);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to end.
        }
    }

    /// <summary>Takes a study out of the journal and tells what came of it.</summary>
    public void Remove(string study, int changes)
    {
        bool removed = false;
        try
        {
            removed = journal.Remove(study, changes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            tell(new PartFailed(time.GetUtcNow(), "removal", Text.Of(failure)));
        }

        Look();
        tell(new StudyRemoved(time.GetUtcNow(), study, removed));
    }

    /// <summary>A full disk is no fault: it is told apart by its free space.</summary>
    private Refusal? Try()
    {
        try
        {
            journal.TryWriting();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return IsLow ? null : new Refusal(RefusalReason.DiskFull, $"the data folder cannot be written: {failure.Message}");
        }
    }
}
