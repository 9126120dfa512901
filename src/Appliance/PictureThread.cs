using System.Collections.Concurrent;
using Appliance.Core;
using Appliance.Daemon.Supervision;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>
/// The thread that draws annotated slices: after segmentation and report have left, one picture at a time, and after everything else.
/// </summary>
/// <remarks>It works from the journal alone, so that after a power cut it goes on where it was.</remarks>
public sealed class PictureThread : IDisposable
{
    private static readonly ResultKind[] Kinds = [ResultKind.Presentation, ResultKind.Picture, ResultKind.Rendering];

    private readonly BlockingCollection<(string Study, string Series)> queue = [];
    private readonly HashSet<(string Study, string Series)> wanted = [];
    private readonly Lock gate = new();
    private readonly Journal journal;
    private readonly EquipmentIdentification equipment;
    private readonly IReadOnlyList<DestinationSettings> destinations;
    private readonly Outbox outbox;
    private readonly Action<Happening> tell;
    private readonly TimeProvider time;
    private readonly Supervisor supervisor;
    private readonly Worker worker;
    private readonly SourceSlices slices;
    private Thread thread;
    private int underWay;

    public PictureThread(
        Journal journal,
        EquipmentIdentification equipment,
        IReadOnlyList<DestinationSettings> destinations,
        Outbox outbox,
        Supervisor supervisor,
        Action<Happening> tell,
        TimeProvider time)
    {
        this.journal = journal;
        slices = new SourceSlices(journal);
        this.equipment = equipment;
        this.destinations = destinations;
        this.outbox = outbox;
        this.tell = tell;
        this.time = time;
        this.supervisor = supervisor;
        worker = new Worker("pictures", _ => Begin());
        thread = Begin();
    }

    /// <summary>Nothing is drawn, and nothing waits for it.</summary>
    public bool IsIdle => Volatile.Read(ref underWay) == 0;

    /// <summary>Pictures of a series are to be drawn whose documents are placed.</summary>
    public void Add(string study, string series)
    {
        Interlocked.Increment(ref underWay);
        lock (gate)
        {
            wanted.Add((study, series));
        }

        queue.Add((study, series));
    }

    /// <summary>The pictures are no longer wanted: when this returns, none follows.</summary>
    public void Cancel(string study, string series)
    {
        lock (gate)
        {
            wanted.Remove((study, series));
        }
    }

    /// <summary>Ends after the picture in hand; the rest is drawn after the next start.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        lock (gate)
        {
            wanted.Clear();
        }

        thread.Join();
        queue.Dispose();
    }

    private void Loop()
    {
        OwnThread.Stand(ThreadOrder.Pictures);
        while (Next() is (string study, string series))
        {
            using Work watched = supervisor.Begin(worker, Operations.Series);
            try
            {
                Draw(study, series);
            }
            catch (Exception failure)
            {
                // What is missing is drawn after the next start; where another thread goes on, that has been told.
                if (!watched.IsAbandoned)
                {
                    tell(new PartFailed(time.GetUtcNow(), "pictures", Text.Of(failure)));
                }
            }

            Interlocked.Decrement(ref underWay);
        }
    }

    private Thread Begin()
    {
        thread = new Thread(Loop) { Name = "pictures", IsBackground = true };
        thread.Start();
        return thread;
    }

    /// <summary>Null when there will be none, or when another thread takes them.</summary>
    private (string Study, string Series)? Next()
    {
        while (!queue.IsCompleted && thread == Thread.CurrentThread)
        {
            using Work watched = supervisor.Begin(worker, Operations.Idle);
            if (queue.TryTake(out (string Study, string Series) next, Limits.TickMs))
            {
                return next;
            }
        }

        return null;
    }

    private void Draw(string study, string series)
    {
        long began = time.GetTimestamp();
        if (journal.DocumentsOf(study, series) is not Documented documented)
        {
            return;
        }

        // 1. A defect in native code ends the process; the same picture would end it again at every start.
        bool mayDraw = journal.CountAttempt(study, series) <= Limits.AnalysisAttempts;

        // 2. In groups, each on the disk before it is owed.
        PictureNotes notes = documented.Notes;
        if (mayDraw)
        {
            using Pictures pictures = new(
                notes, SegmentationOf(study, series, documented), equipment,
                slice => IsWanted(study, series) ? slices.Find(study, series, notes, slice) : null);
            foreach (Drawing[] group in Missing(study, series, notes).Chunk(Limits.GroupPictures))
            {
                if (!IsWanted(study, series))
                {
                    return;
                }

                using Work? written = Work.Inside(Operations.Results);
                using PreparedResults prepared = journal.Prepare(
                    study, series, notes.App, group.Select(pictures.Draw).OfType<Result>());
                IfWanted(study, series, () => Deliver(prepared, notes));
            }
        }

        // 3. Nothing of it is missing: it is not looked at again.
        slices.Forget();
        IfWanted(study, series, () =>
        {
            using Work? watched = Work.Inside(Operations.Results);
            Work.ThrowIfAbandoned();
            journal.Settle(study, series, null);
            int drawn = journal.PicturesOf(study, series);
            tell(new PicturesEnded(time.GetUtcNow(), study, series, drawn, time.GetElapsedTime(began)));
            wanted.Remove((study, series));
        });
    }

    private void Deliver(PreparedResults prepared, PictureNotes notes)
    {
        using Work? watched = Work.Inside(Operations.Results);
        Work.ThrowIfAbandoned();
        outbox.Owe(journal.Place(prepared), notes.Revision);
    }

    /// <summary>What some destination wants and is not drawn yet; what is one for the whole series first.</summary>
    private List<Drawing> Missing(string study, string series, PictureNotes notes)
    {
        IReadOnlySet<ResultKind> kinds = Owed.Wanted(destinations, notes.App);
        return
        [
            .. Kinds.Where(kinds.Contains)
                .SelectMany(notes.All)
                .Where(drawing => !File.Exists(journal.PathOf(Journal.DrawnEntry(study, series, notes, drawing)))),
        ];
    }

    private DataSet? SegmentationOf(string study, string series, Documented documented)
    {
        foreach (string name in documented.Documents)
        {
            DicomFile? document = slices.Read(new JournalEntry(study, JournalEntry.ResultsPrefix + series, name));
            if (document?.DataSet.GetString(Tags.SOPClassUID) == Uids.SegmentationStorage)
            {
                return document.DataSet;
            }
        }

        return null;
    }

    private bool IsWanted(string study, string series)
    {
        lock (gate)
        {
            return wanted.Contains((study, series));
        }
    }

    /// <summary>Nobody takes the wish back in the middle of it.</summary>
    private void IfWanted(string study, string series, Action work)
    {
        lock (gate)
        {
            if (wanted.Contains((study, series)))
            {
                work();
            }
        }
    }
}
