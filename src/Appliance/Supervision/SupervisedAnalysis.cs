using System.Collections.Concurrent;
using Appliance.Core;

namespace Appliance.Daemon.Supervision;

/// <summary>The analysis as others see it: one thread at a time, and another one in its place where it hangs.</summary>
/// <remarks>
/// What hangs fails open: its series is settled as not analysed, so that the study leaves without it. Every other series that was under
/// way begins again from the journal, which has all its slices.
/// </remarks>
public sealed class SupervisedAnalysis : IDisposable
{
    private static readonly Refusal Stuck = new(
        RefusalReason.AnalysisFailed, "The analysis did not come back in its time and was given up. Send a support bundle.");

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<(string Study, string Series), bool> open = [];
    private readonly ConcurrentDictionary<string, bool> cancelled = [];
    private readonly Func<Worker, Action<Happening>, AnalysisThread> make;
    private readonly Action<Happening> tell;
    private readonly Worker worker;
    private AnalysisThread thread;

    /// <param name="make">A thread that has not begun, which tells what happens to it.</param>
    public SupervisedAnalysis(Func<Worker, Action<Happening>, AnalysisThread> make, Action<Happening> tell)
    {
        this.make = make;
        this.tell = tell;
        worker = new Worker("analysis", Replace);
        thread = make(worker, Tell);
    }

    /// <summary>Series that came and are not settled.</summary>
    public int OpenSeries => open.Count;

    /// <summary>Begins with what has come meanwhile.</summary>
    public void Start()
    {
        lock (gate)
        {
            thread.Start();
        }
    }

    /// <param name="facts">What its header says about the end of its series.</param>
    public void SliceStored(JournalEntry entry, long association, SliceFacts facts)
    {
        open[(entry.Study, entry.Series)] = true;
        Post(to => to.SliceStored(entry, association, facts));
    }

    /// <summary>Somebody said which instances there are.</summary>
    public void ManifestCame(Manifest manifest) => Post(to => to.ManifestCame(manifest));

    /// <summary>A series that was not settled when the daemon started.</summary>
    public void SeriesFound(string study, string series)
    {
        open[(study, series)] = true;
        Post(to => to.SeriesFound(study, series));
    }

    /// <summary>No further analysis of the study: what has not begun does not, what has ends at its next step.</summary>
    public void Cancel(string study)
    {
        cancelled[study] = true;
        Post(to => to.Cancel(study));
    }

    /// <summary>The opposite.</summary>
    public void Allow(string study)
    {
        cancelled.TryRemove(study, out _);
        Post(to => to.Allow(study));
    }

    public void ObjectBegins(long association) => Post(to => to.ObjectBegins(association));

    public void ObjectEnds(long association) => Post(to => to.ObjectEnds(association));

    public void AssociationClosed(long association) => Post(to => to.AssociationClosed(association));

    /// <summary>Ends after the message or series in hand.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            thread.Dispose();
        }
    }

    private void Post(Action<AnalysisThread> message)
    {
        lock (gate)
        {
            message(thread);
        }
    }

    private void Tell(Happening happening)
    {
        Work.ThrowIfAbandoned();
        if (happening is SeriesSettled settled)
        {
            open.TryRemove((settled.Study, settled.Series), out _);
        }

        tell(happening);
    }

    private void Replace(Work work)
    {
        JournalEntry? given = work.Subject as JournalEntry;
        lock (gate)
        {
            AnalysisThread before = thread;
            thread = make(worker, Tell);
            foreach (string study in cancelled.Keys)
            {
                thread.Cancel(study);
            }

            // 1. Fails open, as the first thing: the disk that has to be written may be what hangs, so not here.
            if (given is not null)
            {
                thread.GiveUp(given, Stuck);
            }

            // 2. What else was under way, from the journal; and what the other did not come to.
            foreach ((string study, string series) in open.Keys.Where(each => each != (given?.Study, given?.Series)))
            {
                thread.SeriesFound(study, series);
            }

            before.HandOver(thread);
            thread.Start();
        }
    }
}
