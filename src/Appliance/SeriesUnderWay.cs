using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>One series while it is received: what its slices and associations say about its end.</summary>
public sealed class SeriesUnderWay(TimeSpan now)
{
    private readonly GridSeen grid = new();
    private readonly Dictionary<long, (int Announced, int Here)> acquisitions = [];
    private readonly Dictionary<string, (int Announced, int Here)> concatenations = [];
    private TimeSpan lastRelease = now;
    private TimeSpan largestGap;
    private TimeSpan? batchGap;
    private long? lastAssociation;
    private bool isMultiFrame;

    /// <summary>The associations that brought slices of it and are still open.</summary>
    public HashSet<long> Associations { get; } = [];

    /// <summary>File names of its slices: hashes of their UIDs.</summary>
    public HashSet<string> Names { get; } = [];

    public TimeSpan LastSlice { get; private set; } = now;

    /// <summary>What its end needs has been done as if it were reached; a slice that comes undoes that.</summary>
    public bool IsPrepared { get; set; }

    /// <summary>
    /// From when it looks as if it had ended: silent for twice its longest gap, or at once where the one association that brought it is
    /// released.
    /// </summary>
    public TimeSpan PausesAt => Associations.Count == 0 && batchGap is null && Names.Count >= Limits.BatchSlices
        ? LastSlice
        : LastSlice + TimeSpan.FromMilliseconds(
            Math.Clamp(2 * largestGap.TotalMilliseconds, Limits.ShortestPauseMs, Limits.LongestPauseMs));

    /// <summary>Since when an association that brought it has gone on with another series.</summary>
    public TimeSpan? NextSeriesSince { get; set; }

    public void SliceStored(string name, long? association, TimeSpan at, SliceFacts? facts)
    {
        TimeSpan gap = at - LastSlice;
        largestGap = gap > largestGap ? gap : largestGap;
        if (association != lastAssociation && lastAssociation is not null && association is not null)
        {
            batchGap = batchGap is null || gap > batchGap ? gap : batchGap;
        }

        LastSlice = at;
        IsPrepared = false;
        NextSeriesSince = null;
        if (association is long number)
        {
            lastAssociation = number;
            Associations.Add(number);
        }

        if (Names.Add(name) && facts is not null)
        {
            Note(facts);
        }
    }

    public void AssociationClosed(long association, TimeSpan at)
    {
        if (Associations.Remove(association))
        {
            lastRelease = at;
        }
    }

    /// <summary>All of it.</summary>
    /// <param name="listed">Since when each list of instances that is complete has spoken.</param>
    /// <param name="missing">Instances that a list names and that are not here.</param>
    /// <param name="arriving">One of its associations is in the middle of an object.</param>
    public SeriesEvidence Evidence(IReadOnlyDictionary<CompletenessRule, TimeSpan> listed, int missing, bool arriving)
    {
        Dictionary<CompletenessRule, TimeSpan> since = new(listed);
        if (Associations.Count == 0)
        {
            CompletenessRule rule = batchGap is null && Names.Count >= Limits.OneAssociationSlices && grid.State == GridState.Regular
                ? CompletenessRule.OneAssociationReleased
                : CompletenessRule.Released;
            since[rule] = lastRelease > LastSlice ? lastRelease : LastSlice;
        }

        if (NextSeriesSince is TimeSpan next)
        {
            since[CompletenessRule.NextSeries] = next;
        }

        if (acquisitions.Count > 0 && acquisitions.Values.All(each => each.Here >= each.Announced))
        {
            since[CompletenessRule.ImagesCounted] = LastSlice;
        }

        if (isMultiFrame && concatenations.Values.All(each => each.Here >= each.Announced))
        {
            since[CompletenessRule.FramesWhole] = LastSlice;
        }

        return new SeriesEvidence(
            Names.Count, LastSlice, largestGap, isMultiFrame ? GridState.Regular : grid.State, arriving, batchGap, missing, since);
    }

    private void Note(SliceFacts facts)
    {
        isMultiFrame |= facts.Frames > 1;
        if (facts.Geometry is SliceGeometry geometry)
        {
            grid.Add(geometry);
        }

        if (facts.ImagesInAcquisition is int announced)
        {
            acquisitions[facts.Acquisition] = (announced, acquisitions.GetValueOrDefault(facts.Acquisition).Here + 1);
        }

        if (facts.Concatenation is (string uid, int parts))
        {
            concatenations[uid] = (parts, concatenations.GetValueOrDefault(uid).Here + 1);
        }
    }
}
