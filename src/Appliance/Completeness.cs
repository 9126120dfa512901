namespace Appliance.Daemon;

/// <summary>What is known about whether a series has ended; times are since the daemon's start.</summary>
/// <param name="LastSlice">When its last slice was stored.</param>
/// <param name="LargestGap">The longest time between two of its slices.</param>
/// <param name="OpenAssociations">Associations that brought slices of it and are still open.</param>
/// <param name="LastRelease">When the last of those associations ended, if none is open.</param>
/// <param name="Arriving">One of those associations is in the middle of an object: it may be another slice of this series.</param>
public readonly record struct SeriesEvidence(
    TimeSpan LastSlice, TimeSpan LargestGap, int OpenAssociations, TimeSpan LastRelease, bool Arriving);

/// <summary>When a series is complete. DICOM has no message for it, so it is judged by evidence.</summary>
public static class Completeness
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(Limits.ShortestWaitMs);

    /// <summary>The time from which the series counts as complete if nothing more happens, or null while it cannot be complete.</summary>
    /// <param name="quiet">How long an open association must have been silent.</param>
    public static TimeSpan? DueAt(SeriesEvidence evidence, TimeSpan quiet)
    {
        if (evidence.Arriving)
        {
            return null;
        }

        if (evidence.OpenAssociations > 0)
        {
            return evidence.LastSlice + quiet;
        }

        TimeSpan wait = evidence.LargestGap * Limits.WaitedGaps;
        TimeSpan bounded = wait < ShortestWait ? ShortestWait : wait > quiet ? quiet : wait;
        return (evidence.LastRelease > evidence.LastSlice ? evidence.LastRelease : evidence.LastSlice) + bounded;
    }
}
