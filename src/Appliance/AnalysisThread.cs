using System.Collections.Concurrent;
using Appliance.Core;
using Appliance.Daemon.Supervision;

namespace Appliance.Daemon;

/// <summary>
/// The thread on which series are assembled and analysed. Reception never waits for it: its mailbox holds names, not pixels.
/// </summary>
public sealed class AnalysisThread : IDisposable
{
    private readonly BlockingCollection<Message> mailbox = [];
    private readonly SeriesAssembly assembly;
    private readonly StudyRun run;
    private readonly Journal journal;
    private readonly Action<Happening> tell;
    private readonly TimeProvider time;
    private readonly long start;
    private readonly Thread thread;
    private readonly Supervisor supervisor;
    private readonly Worker worker;
    private readonly Func<bool> isQuiet;

    /// <summary>At the start too: what loading the apps took.</summary>
    private bool mayRest = true;

    /// <param name="start">When time began: a thread that takes over goes on with the same times.</param>
    /// <param name="isQuiet">No study is in flight, here or on another such thread, and no picture of one is drawn.</param>
    public AnalysisThread(
        StudyRun run, Journal journal, QuietTimes quiet, Action<Happening> tell, TimeProvider time, long start, Supervisor supervisor,
        Worker worker, Func<bool> isQuiet)
    {
        this.run = run;
        this.journal = journal;
        this.tell = tell;
        this.time = time;
        this.start = start;
        this.supervisor = supervisor;
        this.worker = worker;
        this.isQuiet = isQuiet;
        assembly = new SeriesAssembly(quiet);
        thread = new Thread(Loop) { Name = "analysis", IsBackground = true };
    }

    private TimeSpan Now => time.GetElapsedTime(start);

    /// <param name="facts">What its header says about the end of its series.</param>
    public void SliceStored(JournalEntry entry, long association, SliceFacts facts) =>
        Post(new Message(MessageKind.SliceStored, entry, association, Now) { Facts = facts });

    /// <summary>Somebody said which instances there are.</summary>
    public void ManifestCame(Manifest manifest) => Post(new Message(MessageKind.ManifestCame, null, 0, Now) { Manifest = manifest });

    /// <summary>A series that was not settled when the daemon started.</summary>
    public void SeriesFound(string study, string series) =>
        Post(new Message(MessageKind.SeriesFound, new JournalEntry(study, series, ""), 0, Now));

    /// <summary>No further analysis of the study: what has not begun does not, what has ends at its next step.</summary>
    public void Cancel(string study) => run.Cancel(study);

    /// <summary>The opposite.</summary>
    public void Allow(string study) => run.Allow(study);

    public void ObjectBegins(long association) => Post(new Message(MessageKind.ObjectBegins, null, association, Now));

    public void ObjectEnds(long association) => Post(new Message(MessageKind.ObjectEnds, null, association, Now));

    public void AssociationClosed(long association) => Post(new Message(MessageKind.AssociationClosed, null, association, Now));

    /// <summary>Begins with what was posted before.</summary>
    public void Start() => thread.Start();

    /// <summary>The series is settled as not analysed.</summary>
    public void GiveUp(JournalEntry entry, Refusal why) => Post(new Message(MessageKind.GivenUp, entry, 0, Now) { Why = why });

    /// <summary>The thread is stuck: another one takes its messages, and this one ends where it comes back.</summary>
    public void HandOver(AnalysisThread other)
    {
        mailbox.CompleteAdding();
        while (mailbox.TryTake(out Message message))
        {
            other.Post(message);
        }
    }

    /// <summary>Ends after the message or series in hand.</summary>
    public void Dispose()
    {
        mailbox.CompleteAdding();
        if (!thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            thread.Join();
        }

        mailbox.Dispose();
    }

    private void Post(Message message)
    {
        if (!mailbox.IsAddingCompleted)
        {
            mailbox.Add(message);
        }
    }

    private void Loop()
    {
        OwnThread.Stand(ThreadOrder.Analysis);
        while (!mailbox.IsAddingCompleted)
        {
            // Everything that has happened comes first: a series is complete only in the light of all of it.
            if (Wait(WaitMs()) is Message message)
            {
                Guarded(Operations.Slice, message.Entry, () => Take(message));
                continue;
            }

            IReadOnlyList<CompleteSeries> complete = assembly.TakeComplete(Now);
            foreach (CompleteSeries series in complete)
            {
                Guarded(
                    Operations.Series, new JournalEntry(series.Study, series.Series, ""), () => run.SeriesIsComplete(series));
            }

            // What may end soon is finished before that is known; a slice that comes after all undoes it.
            foreach ((string study, string series) in assembly.TakeAboutToEnd(Now))
            {
                Guarded(Operations.Series, null, () => run.SeriesIsAboutToEnd(study, series));
            }

            Rest(complete.Count > 0);
        }
    }

    /// <summary>The next message, or null when none came in that time. A thread that waits is watched too: its mailbox may fill.</summary>
    private Message? Wait(int ms)
    {
        for (int left = ms; !mailbox.IsCompleted; left -= left == Timeout.Infinite ? 0 : Math.Min(left, Limits.TickMs))
        {
            using Work watched = supervisor.Begin(worker, Operations.Idle);
            if (mailbox.TryTake(out Message message, left == Timeout.Infinite ? Limits.TickMs : Math.Min(left, Limits.TickMs)))
            {
                return message;
            }

            if (left is >= 0 and <= Limits.TickMs)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>After the last series gives back what it took: while nothing happens, the collector never looks by itself.</summary>
    private void Rest(bool hasWorked)
    {
        if (hasWorked)
        {
            mayRest = true;
        }
        else if (mayRest && assembly.NextDue() is null && isQuiet())
        {
            mayRest = false;
            Imaging.Launch.Compute.Shared.Rest();
            Imaging.Scratch.Rest();
            run.Rest();

            // Twice: memory outside the collector's heap that nobody disposed of goes with its finalizer.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            NativeHeap.Trim();
        }
    }

    private int WaitMs()
    {
        return assembly.NextLook() is TimeSpan due ? (int)Math.Ceiling(Math.Clamp((due - Now).TotalMilliseconds, 0, int.MaxValue))
            : mayRest ? Limits.RestMs
            : Timeout.Infinite;
    }

    private void Take(Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.SliceStored:
                assembly.SliceStored(message.Entry!, message.Association, message.At, message.Facts);
                run.SliceArrives(message.Entry!, Now - message.At);
                break;
            case MessageKind.SeriesFound:
                foreach (JournalEntry entry in journal.OriginalsOf(message.Entry!.Study, message.Entry.Series))
                {
                    assembly.SliceStored(entry, null, message.At);
                    run.SliceArrives(entry);
                }

                break;
            case MessageKind.ManifestCame:
                assembly.ManifestCame(message.Manifest!, message.At);
                break;
            case MessageKind.ObjectBegins:
                assembly.ObjectBegins(message.Association);
                break;
            case MessageKind.ObjectEnds:
                assembly.ObjectEnds(message.Association);
                break;
            case MessageKind.AssociationClosed:
                assembly.AssociationClosed(message.Association, message.At);
                break;
            case MessageKind.GivenUp:
                GiveUp(message.Entry!, message.Why!, message.At);
                break;
            default:
                throw new InvalidOperationException($"no such message: {message.Kind}");
        }
    }

    /// <summary>What another thread was stuck in. A series that may still grow stays refused until it is complete.</summary>
    private void GiveUp(JournalEntry entry, Refusal why, TimeSpan at)
    {
        if (entry.Name.Length > 0)
        {
            run.Refuse(entry, why);
            assembly.SliceStored(entry, null, at);
        }
        else
        {
            run.GiveUp(entry.Study, entry.Series, why, Saying.Aside);
        }
    }

    /// <summary>Fails open: a defect costs the analysis of one series, never the study.</summary>
    private void Guarded(Operation operation, JournalEntry? entry, Action work)
    {
        using Work watched = supervisor.Begin(worker, operation, entry);
        try
        {
            work();
        }
        catch (Exception failure)
        {
            // Too late, where another thread has given the series up and takes what comes.
            if (!watched.IsAbandoned)
            {
                tell(new PartFailed(time.GetUtcNow(), "analysis", Text.Of(failure)));
                GiveUp(entry);
            }
        }
    }

    private void GiveUp(JournalEntry? entry)
    {
        if (entry is null)
        {
            return;
        }

        foreach (Saying saying in (ReadOnlySpan<Saying>)[Saying.AtOnce, Saying.Not])
        {
            try
            {
                run.GiveUp(
                    entry.Study,
                    entry.Series,
                    new Refusal(RefusalReason.AnalysisFailed, "The analysis failed. Send a support bundle."),
                    saying);
                return;
            }
            catch (Exception failure) when (failure is not AbandonedException)
            {
                // The disk is full or gone, or the picture of the refusal is what fails. Without the mark that the series is settled it
                // is tried again after a restart.
                tell(new PartFailed(time.GetUtcNow(), "journal", Text.Of(failure)));
            }
        }
    }

    private enum MessageKind
    {
        SliceStored,
        SeriesFound,
        ManifestCame,
        ObjectBegins,
        ObjectEnds,
        AssociationClosed,
        GivenUp,
    }

    private readonly record struct Message(MessageKind Kind, JournalEntry? Entry, long Association, TimeSpan At)
    {
        public SliceFacts? Facts { get; init; }

        public Manifest? Manifest { get; init; }

        public Refusal? Why { get; init; }
    }
}
