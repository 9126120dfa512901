using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>Where the analysis of one series stands.</summary>
public enum SeriesProgress
{
    /// <summary>Slices are still coming.</summary>
    Receiving,

    /// <summary>It is complete and being analysed.</summary>
    Analysing,

    /// <summary>Its segmentation and report are stored; annotated slices are still being drawn.</summary>
    Drawing,

    /// <summary>Its results are stored.</summary>
    Analysed,

    /// <summary>It is not analysed, for a named reason.</summary>
    NotAnalysed,
}

/// <summary>What the control thread knows of one study. It is told; it looks at no file.</summary>
public sealed class StudyRecord
{
    private readonly Dictionary<string, SeriesProgress> series = [];
    private readonly Dictionary<string, int> originalsOf = [];

    /// <summary>Images by series whose organs are found. Never fewer than before, unless the series is analysed anew.</summary>
    private readonly Dictionary<string, int> analysed = [];
    private readonly SortedDictionary<string, Refusal> refused = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> owed = [];
    private readonly HashSet<(string Destination, JournalEntry Entry)> held = [];
    private readonly Func<StudyState, StudySignal, StudyState> next;
    private readonly Action<StudyState, StudyState> changed;
    private string modality = "";
    private DateTimeOffset? lastResultAccepted;
    private readonly Dictionary<(string Series, int Revision), int> versions = [];
    private SeriesAnalysisBegan? underWay;
    private DateTimeOffset? completed;
    private string? completedBy;

    /// <param name="id">A hash of the Study Instance UID.</param>
    /// <param name="next">The state machine of all studies.</param>
    /// <param name="changed">Told of each change of state: from, to.</param>
    public StudyRecord(
        string id, DateTimeOffset firstArrival, Func<StudyState, StudySignal, StudyState> next, Action<StudyState, StudyState> changed)
    {
        this.next = next;
        Id = id;
        FirstArrival = firstArrival;
        LastArrival = firstArrival;
        this.changed = changed;
    }

    public string Id { get; }

    public DateTimeOffset FirstArrival { get; }

    public DateTimeOffset LastArrival { get; private set; }

    public StudyState State { get; private set; } = StudyStates.Table.Initial;

    /// <summary>Objects added since start, as <see cref="Journal.ChangesOf"/> counts them.</summary>
    public int Changes { get; private set; }

    public int Originals => originalsOf.Values.Sum();

    public int Results { get; private set; }

    /// <summary>Objects with other content under a UID that was there: kept for a human, so the study is not removed by itself.</summary>
    public int Conflicts { get; private set; }

    /// <summary>What came last was there before: one event for the run of them is enough.</summary>
    public bool IsRepeating { get; private set; }

    /// <summary>Every destination has all of it, and nothing more is expected or to be decided.</summary>
    public bool IsRemovable => State == StudyState.Sent && Owed == 0 && Conflicts == 0 && !IsOpen && !IsDrawing;

    /// <summary>A series of it is still to be analysed, or to be found not to be.</summary>
    public bool IsOpen => series.Values.Any(progress => progress is SeriesProgress.Receiving or SeriesProgress.Analysing);

    /// <summary>Originals whose organs are found, as far as they came.</summary>
    private int OriginalsAnalysed => series.Keys.Where(name => !refused.ContainsKey(name)).Sum(AnalysedOf);

    private int AnalysedOf(string name) => Math.Min(analysed.GetValueOrDefault(name), originalsOf.GetValueOrDefault(name));

    private Refusal? Refused => refused.Values.FirstOrDefault();

    private bool IsDrawing => series.ContainsValue(SeriesProgress.Drawing);

    public int Owed => owed.Values.Sum();

    public int OwedTo(string destination) => owed.GetValueOrDefault(destination);

    public int HeldFor(string destination) => held.Count(pair => pair.Destination == destination);

    public StudyStatus ToStatus(DateTimeOffset now) => new()
    {
        NotAnalysed = Refused?.ToString(),
        Refused = Refused is null ? null : new RefusedStatus(Refused.Reason, Refused.Why),
        Stage = underWay?.Stage,
        Progress = underWay is null ? null : Math.Min(1, AnalysedOf(underWay.Series) / (double)Math.Max(1, underWay.Slices)),
        BudgetLeftMs = underWay is null ? null : (int)(underWay.Due - now).TotalMilliseconds,
        Key = JournalEntry.Key(Id),
        State = State,
        Modality = modality,
        SeriesCount = series.Count,
        Originals = Originals,
        OriginalsAnalysed = OriginalsAnalysed,
        OriginalsNotAnalysed = refused.Keys.Sum(name => originalsOf.GetValueOrDefault(name)),
        Results = Results,
        Owed = Owed,
        FirstArrival = FirstArrival,
        LastArrival = LastArrival,
        TailMs = State == StudyState.Sent && lastResultAccepted > LastArrival
            ? (int)(lastResultAccepted.Value - LastArrival).TotalMilliseconds
            : null,
        TailFromDecisionMs = State == StudyState.Sent && lastResultAccepted > completed
            ? (int)(lastResultAccepted.Value - completed.Value).TotalMilliseconds
            : null,
        CompletedBy = completedBy,
        ResultVersions = VersionsOfResults(),
    };

    /// <summary>It lay in the journal at start.</summary>
    public void Found(ScannedStudy study)
    {
        foreach (JournalEntry original in study.Objects.Where(entry => !entry.IsResult))
        {
            Count(original);
        }

        foreach (ScannedSeries found in study.Series)
        {
            bool isNews = series.TryAdd(found.Series, !found.IsSettled ? SeriesProgress.Receiving
                : found.IsDrawing ? SeriesProgress.Drawing
                : found.NotAnalysed is null ? SeriesProgress.Analysed
                : SeriesProgress.NotAnalysed);
            analysed[found.Series] = !isNews ? analysed.GetValueOrDefault(found.Series)
                : found is { IsSettled: true, NotAnalysed: null } ? originalsOf.GetValueOrDefault(found.Series)
                : 0;
            NoteRefusal(found.Series, found.NotAnalysed);
        }

        Results += study.Objects.Count(entry => entry.IsResult);
        Conflicts += study.Conflicts;
        foreach ((string destination, IReadOnlyList<OwedObject> objects) in study.Owed)
        {
            owed[destination] = OwedTo(destination) + objects.Count;
        }

        Advance();
    }

    public void Stored(OriginalStored happening, IEnumerable<string> destinations)
    {
        IsRepeating = happening.Kept == Kept.Duplicate;
        if (happening.Kept == Kept.Duplicate)
        {
            return;
        }

        Changes++;
        modality = happening.Modality;
        if (happening.Kept == Kept.Conflict)
        {
            Conflicts++;
            return;
        }

        LastArrival = happening.When;
        Count(happening.Entry);
        series[happening.Entry.Series] = SeriesProgress.Receiving;
        Owe(destinations, 1);
        Signal(StudySignal.OriginalArrived);
    }

    public void Resolved(ConflictResolved happening)
    {
        Conflicts--;
        if (happening.Accepted)
        {
            Reopened(happening.Conflict.Series);
        }
    }

    /// <param name="objects">By destination: how many of them it is owed.</param>
    public void Stored(ResultsStored happening, IEnumerable<(string Destination, int Count)> objects)
    {
        Changes += happening.Entries.Count;
        Results += happening.Entries.Count;
        (string, int) version = (happening.Entries[0].SourceSeries, happening.Revision);
        versions[version] = versions.GetValueOrDefault(version) + happening.Entries.Count;
        foreach ((string destination, int count) in objects)
        {
            Owe([destination], count);
        }
    }

    public void Began(SeriesAnalysisBegan happening)
    {
        underWay = happening;
        series[happening.Series] = SeriesProgress.Analysing;
        completed = happening.When;
        completedBy = $"{happening.Decided.Decision}";
        Signal(StudySignal.AnalysisBegan);
    }

    public void Advanced(ImagesAnalysed happening) =>
        analysed[happening.Series] = Math.Max(analysed.GetValueOrDefault(happening.Series), happening.Images);

    /// <summary>It will not be analysed, which is known before it is complete.</summary>
    public void Bypassed(string name, Refusal refusal) => NoteRefusal(name, refusal);

    public void Reopened(string name)
    {
        series[name] = SeriesProgress.Receiving;
        analysed.Remove(name);
        NoteRefusal(name, null);
    }

    public void Settled(string name, Refusal? refusal)
    {
        underWay = underWay?.Series == name ? null : underWay;
        series[name] = refusal is null ? SeriesProgress.Drawing : SeriesProgress.NotAnalysed;
        analysed[name] = refusal is null ? originalsOf.GetValueOrDefault(name) : 0;
        NoteRefusal(name, refusal);
        Advance();
    }

    public void PicturesEnded(string name)
    {
        series[name] = SeriesProgress.Analysed;
        Advance();
    }

    public void Delivered(ObjectDelivered happening)
    {
        owed[happening.Destination] = OwedTo(happening.Destination) - 1;
        held.Remove((happening.Destination, happening.Entry));
        lastResultAccepted = happening is { Sent: true, Entry.IsResult: true } ? happening.When : lastResultAccepted;
        Advance();
    }

    /// <returns>Whether it is the first of the study that this destination does not take: of hundreds, one event is enough.</returns>
    public bool HeldBack(ObjectHeldBack happening)
    {
        Signal(StudySignal.DeliveryFailed);
        bool isFirst = HeldFor(happening.Destination) == 0;
        held.Add((happening.Destination, happening.Entry));
        return isFirst;
    }

    /// <summary>Destinations are to get objects that they had.</summary>
    public void OweAgain(IReadOnlyDictionary<string, int> objects)
    {
        Signal(StudySignal.DeliveryOwed);
        foreach ((string destination, int count) in objects)
        {
            Owe([destination], count);
        }

        if (objects.Count > 0)
        {
            Advance();
        }
    }

    /// <summary>Every series is to be analysed once more.</summary>
    /// <returns>Their names.</returns>
    public IReadOnlyList<string> ReopenAll()
    {
        string[] names = [.. series.Keys];
        Array.ForEach(names, Reopened);
        refused.Clear();
        return names;
    }

    /// <summary>Of series whose results were replaced: each version, those from before the start without their number of results.</summary>
    private ResultVersion[] VersionsOfResults() =>
    [
        .. versions.Keys.GroupBy(key => key.Series).Select(group => (Series: group.Key, Last: group.Max(key => key.Revision)))
            .Where(each => each.Last > 1)
            .SelectMany(each => Enumerable.Range(1, each.Last).Select(revision => new ResultVersion(
                JournalEntry.Key(each.Series), revision,
                versions.GetValueOrDefault((each.Series, revision)), revision < each.Last))),
    ];

    private void Count(JournalEntry original) =>
        originalsOf[original.Series] = originalsOf.GetValueOrDefault(original.Series) + 1;

    private void NoteRefusal(string name, Refusal? refusal)
    {
        refused.Remove(name);
        if (refusal is not null)
        {
            refused.Add(name, refusal);
        }
    }

    /// <summary>Signals what follows from the counts: the end of all analyses, then the end of all deliveries.</summary>
    private void Advance()
    {
        if (IsOpen)
        {
            return;
        }

        if (State is StudyState.Receiving or StudyState.Analysing)
        {
            bool isAnalysed = series.Values.Any(progress => progress is SeriesProgress.Drawing or SeriesProgress.Analysed);
            Signal(isAnalysed ? StudySignal.Analysed : StudySignal.AnalysisRefused);
        }

        if (Owed == 0 && !IsDrawing)
        {
            Signal(StudySignal.Delivered);
        }
    }

    private void Signal(StudySignal signal)
    {
        StudyState before = State;
        State = next(before, signal);
        if (State != before)
        {
            changed(before, State);
        }
    }

    private void Owe(IEnumerable<string> destinations, int objects)
    {
        foreach (string destination in destinations)
        {
            owed[destination] = OwedTo(destination) + objects;
        }
    }
}
