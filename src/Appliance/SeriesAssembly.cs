using System.Diagnostics;

namespace Appliance.Daemon;

/// <summary>A series whose end was decided.</summary>
/// <param name="SinceLastSlice">How long the last slice had been there when it was.</param>
/// <param name="Slices">Objects of it that are here.</param>
/// <param name="Late">How long the evidence had been there: whoever decides was busy. The budget runs from then.</param>
public readonly record struct CompleteSeries(
    string Study, string Series, CompletenessDecision Decision, TimeSpan SinceLastSlice, int Slices,
    TimeSpan Late = default);

/// <summary>
/// The series that are being received: which slices and associations belong to each, what speaks for its end, and which of them are
/// complete by now.
/// </summary>
/// <remarks>
/// Time is an argument (since the daemon's start); one thread owns the object. A series that was complete is remembered for a while, so
/// that a late slice is judged in the light of all that came before it.
/// </remarks>
public sealed class SeriesAssembly(QuietTimes quiet)
{
    private readonly Dictionary<(string Study, string Series), SeriesUnderWay> open = [];
    private readonly Dictionary<(string Study, string Series), SeriesUnderWay> complete = [];
    private readonly Queue<(string Study, string Series)> completeOrder = [];
    private readonly Dictionary<long, Sending> associations = [];
    private readonly ManifestsSeen manifests = new();

    /// <summary>Whether the series is being assembled.</summary>
    public bool Contains(string study, string series) => open.ContainsKey((study, series));

    /// <summary>A slice was stored. An association of null is the journal, read after a restart.</summary>
    /// <param name="facts">What its header says; null where it was not read.</param>
    public void SliceStored(JournalEntry entry, long? association, TimeSpan now, SliceFacts? facts = null)
    {
        Debug.Assert(!entry.IsResult && !entry.IsConflict, "only originals are assembled");
        (string Study, string Series) key = (entry.Study, entry.Series);
        SeriesUnderWay series = SeriesOf(key, now);
        series.SliceStored(entry.Name, association, now, facts);
        if (association is long number)
        {
            NoteOrder(key, number, now);
        }
    }

    /// <summary>An object begins to arrive: no series of this association is complete until it has been stored or given up.</summary>
    public void ObjectBegins(long association) => Of(association).Arriving = true;

    public void ObjectEnds(long association) => Of(association).Arriving = false;

    public void AssociationClosed(long association, TimeSpan now)
    {
        associations.Remove(association);
        foreach (SeriesUnderWay series in open.Values)
        {
            series.AssociationClosed(association, now);
        }
    }

    /// <summary>Somebody said which instances there are: a procedure step that ended, or a request for storage commitment.</summary>
    public void ManifestCame(Manifest manifest, TimeSpan now) => manifests.Add(manifest, now);

    /// <summary>Takes out the series that are complete.</summary>
    public IReadOnlyList<CompleteSeries> TakeComplete(TimeSpan now)
    {
        List<CompleteSeries> taken = [];
        foreach (((string Study, string Series) key, SeriesUnderWay series) in open)
        {
            CompletenessDecision decision = Decide(key, series);
            if (decision.DueAt <= now)
            {
                taken.Add(new CompleteSeries(
                    key.Study, key.Series, decision, now - series.LastSlice, series.Names.Count, now - decision.DueAt.Value));
            }
        }

        foreach (CompleteSeries series in taken)
        {
            Remember((series.Study, series.Series));
        }

        return taken;
    }

    /// <summary>Series that will soon be complete if nothing comes; each is named once, and again when another slice came.</summary>
    public IReadOnlyList<(string Study, string Series)> TakeAboutToEnd(TimeSpan now)
    {
        List<(string Study, string Series)> taken = [];
        foreach (((string Study, string Series) key, SeriesUnderWay series) in open)
        {
            if (!series.IsPrepared && PreparesAt(series, Decide(key, series).DueAt) <= now)
            {
                series.IsPrepared = true;
                taken.Add(key);
            }
        }

        return taken;
    }

    /// <summary>When the next series will be complete if nothing happens, or null.</summary>
    public TimeSpan? NextDue() => Next((_, due) => due);

    /// <summary>When one will be complete or about to be.</summary>
    public TimeSpan? NextLook() => Next((series, due) => series.IsPrepared ? due : PreparesAt(series, due));

    private TimeSpan? Next(Func<SeriesUnderWay, TimeSpan?, TimeSpan?> of)
    {
        TimeSpan? next = null;
        foreach (((string Study, string Series) key, SeriesUnderWay series) in open)
        {
            TimeSpan? at = of(series, Decide(key, series).DueAt);
            next = next is null || at < next ? at ?? next : next;
        }

        return next;
    }

    private static TimeSpan? PreparesAt(SeriesUnderWay series, TimeSpan? due)
    {
        TimeSpan? soon = due - TimeSpan.FromMilliseconds(Limits.AboutToEndMs);
        return soon > series.PausesAt ? soon : due is null || due < series.PausesAt ? due : series.PausesAt;
    }

    private CompletenessDecision Decide((string Study, string Series) key, SeriesUnderWay series)
    {
        (IReadOnlyDictionary<CompletenessRule, TimeSpan> listed, int missing) = manifests.About(
            key.Study, key.Series, series.Names, IsHere);
        bool arriving = series.Associations.Any(number => associations.TryGetValue(number, out Sending? sending) && sending.Arriving);
        return Completeness.Decide(series.Evidence(listed, missing, arriving), quiet);
    }

    private bool IsHere(string name) =>
        open.Values.Any(series => series.Names.Contains(name)) || complete.Values.Any(series => series.Names.Contains(name));

    /// <summary>The association goes on with this series: what it sent before has probably ended, unless it comes back.</summary>
    private void NoteOrder((string Study, string Series) key, long association, TimeSpan now)
    {
        Sending sending = Of(association);
        if (sending.Current == key)
        {
            return;
        }

        sending.Interleaves |= !sending.Seen.Add(key);
        if (sending.Current is (string Study, string Series) before && open.TryGetValue(before, out SeriesUnderWay? earlier))
        {
            earlier.NextSeriesSince = sending.Interleaves || before.Study != key.Study ? null : now;
        }

        sending.Current = key;
    }

    private SeriesUnderWay SeriesOf((string Study, string Series) key, TimeSpan now)
    {
        if (!open.TryGetValue(key, out SeriesUnderWay? series))
        {
            series = complete.Remove(key, out SeriesUnderWay? before) ? before : new SeriesUnderWay(now);
            series.Associations.RemoveWhere(number => !associations.ContainsKey(number));
            open.Add(key, series);
        }

        return series;
    }

    private void Remember((string Study, string Series) key)
    {
        open.Remove(key, out SeriesUnderWay? series);
        complete[key] = series!;
        completeOrder.Enqueue(key);
        if (completeOrder.Count > Limits.RememberedSeries)
        {
            complete.Remove(completeOrder.Dequeue());
        }
    }

    private Sending Of(long association)
    {
        if (!associations.TryGetValue(association, out Sending? sending))
        {
            associations.Add(association, sending = new Sending());
        }

        return sending;
    }

    /// <summary>What one association sends.</summary>
    private sealed class Sending
    {
        public bool Arriving { get; set; }

        public (string Study, string Series)? Current { get; set; }

        public HashSet<(string Study, string Series)> Seen { get; } = [];

        /// <summary>It came back to a series that it had left: that it leaves one proves nothing.</summary>
        public bool Interleaves { get; set; }
    }
}
