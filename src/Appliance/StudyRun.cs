using System.Collections.Concurrent;
using Appliance.Core;
using Appliance.Daemon.Supervision;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;
using Appliance.Imaging.Launch;

namespace Appliance.Daemon;

/// <summary>The journey of a study through the analysis: slice arrives, series is complete. One thread owns the object.</summary>
/// <remarks>
/// Originals do not pass through here: the outbox has them from the moment they were stored. Whatever goes wrong here, they leave.
/// <code>
/// slice arrives        1 read from the journal  2 first slice: which app  3 Decode; Prepare, Segment, Restore as far as slices allow
/// series may end       4 what is left of them; Judge; Annotate: SEG and SR on the disk; another slice undoes exactly that
/// series is complete   4 unless it is done  5 SEG and SR into the journal and the outbox  6 pictures, elsewhere
/// </code>
/// </remarks>
public sealed partial class StudyRun(
    Journal journal,
    IReadOnlyList<App> apps,
    EquipmentIdentification equipment,
    IReadOnlyList<DestinationSettings> destinations,
    AnalysisSettings settings,
    NetworkThreads network,
    CostFile costs,
    Outbox outbox,
    PictureThread pictures,
    Notices notices,
    Action<Happening> tell,
    TimeProvider time)
{
    private static readonly Refusal IsCancelled = new(RefusalReason.Cancelled, "Somebody cancelled the analysis of the study.");

    private readonly Dictionary<(string Study, string Series), Run> runs = [];
    private readonly ConcurrentDictionary<string, Refusal> cancelled = [];
    private readonly JournalReader reader = new(journal);

    /// <summary>From any thread: no (further) analysis of the study. Does not outlive the process.</summary>
    public void Cancel(string study) => cancelled[study] = IsCancelled;

    /// <summary>From any thread: the opposite.</summary>
    public void Allow(string study) => cancelled.TryRemove(study, out _);

    /// <summary>A slice of the series was stored, or was found in the journal after a restart.</summary>
    /// <param name="waited">Since it was stored; no budget is counted for what waited in the journal before the start.</param>
    public void SliceArrives(JournalEntry entry, TimeSpan waited = default)
    {
        Run run = RunOf(entry);
        run.Refusal ??= cancelled.GetValueOrDefault(entry.Study);
        if (run.Refusal is not null || !run.Taken.Add(entry.Name))
        {
            return;
        }

        run.Revoke();

        // 1. Read it from the journal: what is analysed is what was acknowledged.
        Outcome<DicomFile> slice = reader.ReadOver(entry);
        if (slice.Refused)
        {
            Bypass(entry, run, slice.Refusal);
            return;
        }

        // 2. The first slice decides which app takes the series.
        if (run.Series is null)
        {
            Outcome<App> app = AppFor(SourceFrames.HeaderOfSlice(slice.Value));
            if (app.Refused && GeometryGate.IsLocalizer(SourceFrames.HeaderOfSlice(slice.Value)))
            {
                // It may stand before the slices of its series: what they are is what counts.
                run.Localizers.Add(SourceHeader.Keep(slice.Value.DataSet));
                run.OnlyLocalizers = app.Refusal;
                return;
            }

            if (app.Refused)
            {
                Bypass(entry, run, app.Refusal);
                return;
            }

            run.App = app.Value;
            Budget budget = new(app.Value.Manifest.BudgetS is double s ? TimeSpan.FromSeconds(s) : settings.Budget);
            run.Line = network.Open(
                app.Value, budget, step => tell(new RungChanged(time.GetUtcNow(), entry.Study, entry.Series, step)));
            run.Series = new SeriesRun(app.Value, time, settings.Overlap, run.Line)
            {
                Advanced = _ => TellOfImages(entry.Study, entry.Series, run),
            };
            run.Localizers.ForEach(run.Series.LocalizerArrives);
        }

        // 3. Decode, and as much of Prepare, Segment and Restore as the slices so far allow.
        run.Line!.Waited = waited;
        if (run.Series.SliceArrives(slice.Value) is Refusal refusal)
        {
            Bypass(entry, run, refusal);
            run.Line.Dispose();
        }
    }

    /// <summary>Whoever looks need not wait for the last slice to learn it.</summary>
    private void Bypass(JournalEntry entry, Run run, Refusal refusal)
    {
        run.Refusal = refusal;
        tell(new SeriesBypassed(time.GetUtcNow(), entry.Study, entry.Series, refusal));
    }

    /// <summary>Only where it is more than was told: what is done once more because a later slice showed it must is no news.</summary>
    private void TellOfImages(string study, string series, Run run)
    {
        if (run.Done > run.Told)
        {
            run.Told = run.Done;
            tell(new ImagesAnalysed(time.GetUtcNow(), study, series, run.Told));
        }
    }

    /// <summary>Its end will probably be decided soon: all is made as if it were, up to results on the disk without names.</summary>
    public void SeriesIsAboutToEnd(string study, string series)
    {
        if (runs.TryGetValue((study, series), out Run? run) && run is { Refusal: null, Finished: null, Series.CanEndEarly: true }
            && !cancelled.ContainsKey(study))
        {
            // On the chance; where it takes longer than a budget the decision finds nothing, and its own budget begins.
            run.Line!.MayBeComplete();
            Finished finished = Finish(study, series, run.Series, run.Line);
            run.Finished = finished.Refusal?.Reason == RefusalReason.Budget ? null : finished;
        }
    }

    /// <summary>Nothing more of the series is expected.</summary>
    public void SeriesIsComplete(CompleteSeries decided)
    {
        (string study, string series) = (decided.Study, decided.Series);
        if (!runs.Remove((study, series), out Run? run))
        {
            return;
        }

        DateTimeOffset at = time.GetUtcNow();
        Refusal? refusal = run.Refusal ?? cancelled.GetValueOrDefault(study) ?? (run.Series is null ? run.OnlyLocalizers : null);
        long began = time.GetTimestamp();
        using SeriesRun? ended = run.Series;
        using Finished? early = run.Finished;
        using SeriesLine? line = run.Line;
        if (refusal is null && run.Series is SeriesRun complete)
        {
            line!.IsComplete(decided.Late);
            tell(new SeriesAnalysisBegan(
                at, study, series, complete.Slices, decided, early is null ? Stage.Segment : Stage.Annotate, at + line.Budget.Whole));
            early?.Analysis?.Times.TailBegins();

            // 4. What is left of Prepare, Segment and Restore; Judge; Annotate: segmentation and report on the disk.
            using Finished finished = early ?? Finish(study, series, complete, line);

            // 5. They get their names in the journal, which owes them from now on, and go into the outbox.
            refusal = finished.Refusal ?? cancelled.GetValueOrDefault(study);
            if (refusal is null)
            {
                // The budget is counted from the evidence, also where this thread came late to look at it.
                Deliver(study, series, run, finished, at - decided.Late);
            }
        }

        // 6. Pictures follow; without an analysis it is not to be tried again, also not after a restart.
        if (refusal is not null)
        {
            Settle(study, series, run.App, refusal, run.Saying);
        }

        tell(new SeriesSettled(
            time.GetUtcNow(), study, series, run.NameAndVersion, time.GetElapsedTime(began), refusal, decided.SinceLastSlice));
        if (refusal is null)
        {
            pictures.Add(study, series);
        }
    }

    /// <summary>
    /// The analysis of the series failed in a way that nobody foresaw. The originals leave; the series counts as not analysed.
    /// </summary>
    /// <param name="saying">How a picture says so.</param>
    public void GiveUp(string study, string series, Refusal refusal, Saying saying)
    {
        if (runs.TryGetValue((study, series), out Run? run))
        {
            run.Refusal = refusal;
            return;
        }

        Settle(study, series, null, refusal, saying);
        tell(new SeriesSettled(time.GetUtcNow(), study, series, "", TimeSpan.Zero, refusal));
    }

    /// <summary>
    /// The same for a series that may still grow: its files, which may be what hangs, are not looked at; settled when it is complete.
    /// </summary>
    public void Refuse(JournalEntry entry, Refusal refusal) =>
        runs[(entry.Study, entry.Series)] = new Run { Refusal = refusal, Saying = Saying.Aside };

    /// <summary>No series is under way: gives back what is kept for the next one.</summary>
    public void Rest()
    {
        reader.Forget();
        foreach (App app in apps)
        {
            app.Rest();
        }
    }

    /// <summary>Up to results on the disk without names.</summary>
    private Finished Finish(string study, string series, SeriesRun run, SeriesLine line)
    {
        Outcome<Analysis> analysis = run.SeriesIsComplete();
        if (analysis.Refused)
        {
            return new Finished(analysis.Refusal, null, null);
        }

        Outcome<Annotate> annotate = AnnotateInTime(study, series, analysis.Value, line);
        if (annotate.Refused)
        {
            return new Finished(annotate.Refusal, null, null);
        }

        using (Work.Inside(Operations.Results))
        {
            return new Finished(
                null, analysis.Value, journal.Prepare(study, series, annotate.Value.Documents, annotate.Value.Notes),
                annotate.Value.Revision);
        }
    }

    private Outcome<Annotate> AnnotateInTime(string study, string series, Analysis analysis, SeriesLine line)
    {
        try
        {
            return Annotate.Of(
                analysis, equipment, time, Owed.Wanted(destinations, analysis.Manifest.Name), journal.PreviousOf(study, series),
                line.DeadlineOf(Stage.Annotate));
        }
        catch (DeadlineException late)
        {
            return line.GivesUp(late);
        }
    }

    private void Deliver(string study, string series, Run run, Finished finished, DateTimeOffset at)
    {
        Analysis analysis = finished.Analysis!;
        IReadOnlyList<JournalEntry> entries;
        using (Work.Inside(Operations.Results))
        {
            Work.ThrowIfAbandoned();
            entries = journal.Place(finished.Prepared!);
        }

        if (analysis.Findings.Count > 0)
        {
            tell(new GeometryRepaired(time.GetUtcNow(), study, series, analysis.Findings));
        }

        // Told before any destination is asked to accept them.
        tell(new SeriesTimed(time.GetUtcNow(), study, series, new SeriesTimeline
        {
            App = run.NameAndVersion,
            Slices = analysis.Sources.Count,
            Budget = run.Line!.Budget,
            Decided = at,
            Stored = time.GetUtcNow(),
            InTail = Enum.GetValues<Stage>().ToDictionary(stage => stage, analysis.Times.InTail),
            Spent = Enum.GetValues<Stage>().ToDictionary(stage => stage, stage => analysis.Times[stage]),
            Rungs = analysis.Rungs,
            Documents = entries,
        }));
        outbox.Owe(entries, finished.Revision);

        // What follows the network, by slice: the next decisions predict with it. What was made before the decision took none of it.
        TimeSpan finish = analysis.Times.InTail(Stage.Judge) + analysis.Times.InTail(Stage.Restore) + analysis.Times.InTail(Stage.Annotate);
        if (finish > TimeSpan.Zero)
        {
            costs.Costs.Add(run.NameAndVersion, PieceOfWork.Finish, finish / analysis.Sources.Count);
        }

        costs.Save();
    }

    /// <summary>Settles the series as not analysed, with a picture that says so where a destination wants one.</summary>
    private void Settle(string study, string series, App? app, Refusal refusal, Saying saying)
    {
        IReadOnlyList<JournalEntry> entries = [];
        using (Work.Inside(Operations.Results))
        {
            // With the mark it is owed; without it the series is refused again after a restart, in the same words and under the same UID.
            using PreparedResults? notice = saying == Saying.AtOnce ? notices.Prepare(study, series, app, refusal) : null;
            Work.ThrowIfAbandoned();
            entries = notice is null ? [] : journal.Place(notice);
            journal.Settle(study, series, refusal);
        }

        outbox.Owe(entries);
        if (saying == Saying.Aside)
        {
            notices.SayAside(study, series, app, refusal);
        }
    }

    private Run RunOf(JournalEntry entry)
    {
        (string Study, string Series) key = (entry.Study, entry.Series);
        if (runs.TryGetValue(key, out Run? run))
        {
            return run;
        }

        run = new Run();
        runs.Add(key, run);
        pictures.Cancel(entry.Study, entry.Series);
        if (journal.IsSettled(entry.Study, entry.Series) || journal.DocumentsOf(entry.Study, entry.Series) is not null)
        {
            journal.Unsettle(entry.Study, entry.Series);
            tell(new SeriesReopened(time.GetUtcNow(), entry.Study, entry.Series));
        }
        else
        {
            journal.DiscardResults(entry.Study, entry.Series);
        }

        // A defect in native code ends the process; the same slices would end it again at every start.
        if (journal.CountAttempt(entry.Study, entry.Series) > Limits.AnalysisAttempts)
        {
            run.Refusal = new Refusal(
                RefusalReason.AnalysisFailed, "The analysis ended without a result several times. Send a support bundle.");
            return run;
        }

        // Slices that were there before: after a restart, or when one came late.
        foreach (JournalEntry earlier in journal.OriginalsOf(entry.Study, entry.Series))
        {
            SliceArrives(earlier);
        }

        return run;
    }

    private Outcome<App> AppFor(DataSet header)
    {
        Refusal? refusal = null;
        foreach (App app in apps)
        {
            refusal = app.Takes(header);
            if (refusal is null)
            {
                return app;
            }
        }

        return refusal ?? new Refusal(RefusalReason.NoApp, "No app is installed.");
    }
}
