using System.Net.WebSockets;
using Appliance.Daemon.Supervision;

namespace Appliance.Daemon.Screen;

/// <summary>Draws what the viewers wish for, on one thread that gives way to everything else in the process.</summary>
/// <remarks>
/// Reception must not feel that somebody looks: one thread, of low priority, with memory outside the managed heap, and nothing that it
/// waits for. What is read of a study is forgotten when nobody has wished for a picture for a while. Where it hangs another painter takes
/// its place (<see cref="SupervisedPainter"/>); what this one has opened stays with it until it comes back.
/// </remarks>
public sealed class Painter : IDisposable
{
    private readonly string studies;
    private readonly Supervisor supervisor;
    private readonly Worker worker;
    private readonly IReadOnlyCollection<string> refused;
    private readonly TimeProvider time;
    private readonly Action<string> failed;
    private readonly Lock gate = new();
    private readonly List<Viewer> viewers = [];
    private readonly Dictionary<string, OpenStudy> opened = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim wake = new(0);
    private readonly DrawingOrder order;
    private readonly Canvas canvas = new();
    private readonly CancellationTokenSource givenUp = new();
    private readonly Thread thread;
    private bool stops;

    /// <param name="studies">The journal's folder of studies.</param>
    /// <param name="refused">Keys of studies that are not opened: somebody hung on them.</param>
    /// <param name="failed">Told of a defect: it costs a picture and nothing else.</param>
    public Painter(
        string studies, Supervisor supervisor, Worker worker, IReadOnlyCollection<string> refused, TimeProvider time, Action<string> failed)
    {
        this.studies = studies;
        this.supervisor = supervisor;
        this.worker = worker;
        this.refused = refused;
        this.time = time;
        this.failed = failed;
        order = new DrawingOrder(time);
        thread = new Thread(Loop) { Name = "painter", IsBackground = true };
        thread.Start();
    }

    /// <summary>There is something new to look at.</summary>
    public void Wake()
    {
        if (wake.CurrentCount == 0)
        {
            wake.Release();
        }
    }

    /// <summary>Draws for a page until it leaves, or this painter is given up; not at all where there are too many.</summary>
    public async Task ShowAsync(WebSocket socket, CancellationToken ends)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(ends, givenUp.Token);
        Viewer viewer = new(socket, this);
        if (!Join(viewer))
        {
            return;
        }

        try
        {
            await viewer.RunAsync(over.Token).ConfigureAwait(false);
        }
        finally
        {
            Leave(viewer);
        }
    }

    private bool Join(Viewer viewer)
    {
        lock (gate)
        {
            if (viewers.Count >= Limits.Viewers)
            {
                return false;
            }

            viewers.Add(viewer);
            return true;
        }
    }

    private void Leave(Viewer viewer)
    {
        lock (gate)
        {
            viewers.Remove(viewer);
        }

        Wake();
    }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref stops, true))
        {
            Wake();
            thread.Join();
            givenUp.Dispose();

            // Not the semaphore: a picture that is just being sent may still wake us, and its memory is only managed.
        }
    }

    /// <summary>Another one draws from now on: whoever looks is cut off and comes back to that one. Does not wait.</summary>
    public void GiveUp()
    {
        Volatile.Write(ref stops, true);
        _ = givenUp.CancelAsync();
    }

    private void Loop()
    {
        order.Join();
        while (!Volatile.Read(ref stops))
        {
            bool worked = false;
            foreach (Viewer viewer in Current())
            {
                worked |= Serve(viewer);
            }

            // Nobody wishes for anything: a slice more, so that the next wish finds it.
            worked |= ReadOn();
            using Work idle = supervisor.Begin(worker, Operations.Idle);
            Forget();
            if (!worked)
            {
                wake.Wait(Limits.TickMs);
            }
        }

        foreach (OpenStudy study in opened.Values)
        {
            study.Dispose();
        }

        canvas.Dispose();
        order.Leave();
        order.Dispose();
    }

    private Viewer[] Current()
    {
        lock (gate)
        {
            return [.. viewers];
        }
    }

    private bool Serve(Viewer viewer)
    {
        if (viewer.TakeOpening() is string key)
        {
            return Guarded(viewer, Operations.Opening, key, () => Open(viewer, key));
        }

        return viewer.Study is OpenStudy study && Guarded(viewer, Operations.Painting, study.Key, () => Draw(viewer, study));
    }

    private bool Draw(Viewer viewer, OpenStudy study)
    {
        if (viewer.TakeWish(study.IsReadyFor) is not Wish wish)
        {
            return false;
        }

        study.Used = time.GetTimestamp();
        viewer.Show(
            wish, (Wish what, ref byte[] file, int from) => study.Draw(what, canvas, () => viewer.HasNewer(what.Pane), ref file, from));
        return true;
    }

    private bool Open(Viewer viewer, string key)
    {
        // 1. News of a study that is open, or a study that is not.
        if (opened.TryGetValue(key, out OpenStudy? study))
        {
            study.Refresh();
        }
        else
        {
            string? folder = refused.Contains(key) ? null : StudyFolder.Find(studies, key);
            if (folder is null || opened.Count >= Limits.OpenStudies)
            {
                viewer.Tell(new ViewerNews(Gone: folder is null, Busy: folder is not null));
                return true;
            }

            study = new OpenStudy(key, folder, order);
            opened.Add(key, study);
        }

        // 2. Who looks at it is told what there is.
        study.Used = time.GetTimestamp();
        viewer.Study = study;
        viewer.Tell(new ViewerNews(study.Describe()));
        return true;
    }

    private bool ReadOn()
    {
        bool worked = false;
        foreach (Viewer viewer in Current().Where(viewer => viewer.Study is not null))
        {
            worked |= Guarded(viewer, Operations.Painting, viewer.Study!.Key, () =>
            {
                bool isMore = viewer.Study!.ReadOn();
                (int read, int of) = viewer.Study.Progress;
                if (isMore && (read % Limits.ReadNewsSlices == 0 || read == of))
                {
                    viewer.Tell(new ViewerNews(Read: read, Of: of));
                }

                return isMore;
            });
        }

        return worked;
    }

    /// <summary>Studies that nobody looks at any more, or that nobody has wished a picture of for a while.</summary>
    private void Forget()
    {
        Viewer[] current = Current();
        foreach (OpenStudy study in opened.Values.ToArray())
        {
            bool isOld = time.GetElapsedTime(study.Used).TotalMilliseconds > Limits.OpenStudyMs;
            if (isOld || !current.Any(viewer => viewer.Study == study))
            {
                Close(study, current);
            }
        }
    }

    private void Close(OpenStudy study, Viewer[] current)
    {
        opened.Remove(study.Key);
        study.Dispose();
        foreach (Viewer viewer in current.Where(viewer => viewer.Study == study))
        {
            viewer.Study = null;
            viewer.Tell(new ViewerNews(Gone: true));
        }
    }

    private bool Guarded(Viewer viewer, Operation operation, string key, Func<bool> work)
    {
        using Work watched = supervisor.Begin(worker, operation, key);
        order.Begin();
        try
        {
            return work();
        }
        catch (Exception cannot) when (OpenStudy.CannotBeShown(cannot))
        {
            End(viewer);
        }
        catch (Exception defect)
        {
            // A worker's loop: what one study does to it must not take the pictures from all others.
            if (!watched.IsAbandoned)
            {
                failed(Text.Of(defect));
            }

            End(viewer);
        }
        finally
        {
            order.End();
        }

        return true;
    }

    private void End(Viewer viewer)
    {
        if (viewer.Study is OpenStudy study)
        {
            Close(study, Current());
        }
        else
        {
            viewer.Tell(new ViewerNews(Gone: true));
        }
    }
}
