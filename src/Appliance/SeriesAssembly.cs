using System.Diagnostics;

namespace Appliance.Daemon;

/// <summary>
/// The series that are being received: which slices and associations belong to each, and which of them are complete by now.
/// </summary>
/// <remarks>Time is an argument (since the daemon's start); one thread owns the object.</remarks>
public sealed class SeriesAssembly(TimeSpan quiet)
{
    private readonly Dictionary<(string Study, string Series), Open> open = [];
    private readonly HashSet<long> arriving = [];

    /// <summary>Whether the series is being assembled.</summary>
    public bool Contains(string study, string series) => open.ContainsKey((study, series));

    /// <summary>A slice was stored. An association of null is the journal, read after a restart.</summary>
    public void SliceStored(JournalEntry entry, long? association, TimeSpan now)
    {
        Debug.Assert(!entry.IsResult && !entry.IsConflict, "only originals are assembled");
        if (!open.TryGetValue((entry.Study, entry.Series), out Open? series))
        {
            series = new Open { LastSlice = now, LastRelease = now };
            open.Add((entry.Study, entry.Series), series);
        }

        TimeSpan gap = now - series.LastSlice;
        series.LargestGap = gap > series.LargestGap ? gap : series.LargestGap;
        series.LastSlice = now;
        if (association is long number)
        {
            series.Associations.Add(number);
        }
    }

    /// <summary>An object begins to arrive: no series of this association is complete until it has been stored or given up.</summary>
    public void ObjectBegins(long association) => arriving.Add(association);

    public void ObjectEnds(long association) => arriving.Remove(association);

    public void AssociationClosed(long association, TimeSpan now)
    {
        arriving.Remove(association);
        foreach (Open series in open.Values)
        {
            if (series.Associations.Remove(association))
            {
                series.LastRelease = now;
            }
        }
    }

    /// <summary>Takes out the series that are complete.</summary>
    public IReadOnlyList<(string Study, string Series)> TakeComplete(TimeSpan now)
    {
        List<(string Study, string Series)> complete = [.. open.Where(pair => DueAt(pair.Value) <= now).Select(pair => pair.Key)];
        foreach ((string Study, string Series) key in complete)
        {
            open.Remove(key);
        }

        return complete;
    }

    /// <summary>When the next series will be complete if nothing happens, or null.</summary>
    public TimeSpan? NextDue() => open.Values.Select(DueAt).Where(due => due is not null).Min();

    private TimeSpan? DueAt(Open series) => Completeness.DueAt(
        new SeriesEvidence(
            series.LastSlice,
            series.LargestGap,
            series.Associations.Count,
            series.LastRelease,
            series.Associations.Overlaps(arriving)),
        quiet);

    private sealed class Open
    {
        public HashSet<long> Associations { get; } = [];

        public TimeSpan LastSlice { get; set; }

        public TimeSpan LargestGap { get; set; }

        public TimeSpan LastRelease { get; set; }
    }
}
