namespace Appliance.Daemon.Screen;

/// <summary>Draws what the viewers wish for, on one thread that gives way to everything else in the process.</summary>
/// <remarks>
/// Reception must not feel that somebody looks: one thread, of low priority, with memory outside the managed heap, and nothing that it
/// waits for. What is read of a study is forgotten when nobody has wished for a picture for a while.
/// </remarks>
public sealed class Painter : IDisposable
{
    private readonly string studies;
    private readonly TimeProvider time;
    private readonly Action<string> failed;
    private readonly Lock gate = new();
    private readonly List<Viewer> viewers = [];
    private readonly Dictionary<string, OpenStudy> opened = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim wake = new(0);
    private readonly Canvas canvas = new();
    private readonly Thread thread;
    private bool stops;

    /// <param name="studies">The journal's folder of studies.</param>
    /// <param name="failed">Told of a defect: it costs a picture and nothing else.</param>
    public Painter(string studies, TimeProvider time, Action<string> failed)
    {
        this.studies = studies;
        this.time = time;
        this.failed = failed;
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

    /// <summary>Begins to draw for a viewer.</summary>
    /// <returns>False where there are too many.</returns>
    public bool Join(Viewer viewer)
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

    public void Leave(Viewer viewer)
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
            canvas.Dispose();

            // Not the semaphore: a picture that is just being sent may still wake us, and its memory is only managed.
        }
    }

    private void Loop()
    {
        OwnThread.GiveWay();
        while (!Volatile.Read(ref stops))
        {
            bool worked = false;
            foreach (Viewer viewer in Current())
            {
                worked |= Guarded(viewer, () => Serve(viewer));
            }

            // Nobody wishes for anything: a slice more, so that the next wish finds it.
            worked |= ReadOn();
            Forget();
            if (!worked)
            {
                wake.Wait(Limits.OpenStudyMs);
            }
        }

        foreach (OpenStudy study in opened.Values)
        {
            study.Dispose();
        }
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
            Open(viewer, key);
            return true;
        }

        if (viewer.Study is not OpenStudy study || viewer.TakeWish(study.IsReadyFor) is not Wish wish)
        {
            return false;
        }

        study.Used = time.GetTimestamp();
        viewer.Show(
            wish, (Wish what, ref byte[] file, int from) => study.Draw(what, canvas, () => viewer.HasNewer(what.Pane), ref file, from));
        return true;
    }

    private void Open(Viewer viewer, string key)
    {
        // 1. News of a study that is open, or a study that is not.
        if (opened.TryGetValue(key, out OpenStudy? study))
        {
            study.Refresh();
        }
        else
        {
            string? folder = StudyFolder.Find(studies, key);
            if (folder is null || opened.Count >= Limits.OpenStudies)
            {
                viewer.Tell(new ViewerNews(Gone: folder is null, Busy: folder is not null));
                return;
            }

            study = new OpenStudy(key, folder);
            opened.Add(key, study);
        }

        // 2. Who looks at it is told what there is.
        study.Used = time.GetTimestamp();
        viewer.Study = study;
        viewer.Tell(new ViewerNews(study.Describe()));
    }

    private bool ReadOn()
    {
        bool worked = false;
        foreach (Viewer viewer in Current().Where(viewer => viewer.Study is not null))
        {
            worked |= Guarded(viewer, () =>
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

    private bool Guarded(Viewer viewer, Func<bool> work)
    {
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
            failed(Text.Of(defect));
            End(viewer);
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
