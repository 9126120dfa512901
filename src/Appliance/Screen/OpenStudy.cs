namespace Appliance.Daemon.Screen;

/// <summary>A study that somebody looks at: its series, and one of them as a volume.</summary>
/// <remarks>One caller at a time: the painter's thread, or whoever asks <see cref="StudyPictures"/>.</remarks>
public sealed class OpenStudy : IDisposable
{
    private readonly string folder;
    private readonly List<SeriesFiles> series = [];
    private readonly PlanePicture plane = new();
    private readonly DrawingOrder? order;
    private SpacePicture? space;
    private SeriesVolume? volume;
    private int looksAt;

    /// <param name="order">Where threads stand that help to draw; null: as everybody.</param>
    /// <exception cref="IOException">It has gone.</exception>
    public OpenStudy(string key, string folder, DrawingOrder? order = null)
    {
        Key = key;
        this.order = order;
        this.folder = folder;
        Refresh();
    }

    /// <summary>What its methods throw where there is nothing to show, which is no defect: the study is closed, and that is all.</summary>
    /// <remarks>
    /// It has gone; or its series is too large for the memory that is left. That is asked for outside the managed heap
    /// (<see cref="Pixels{T}"/>), so the exception says no more than that: closing the study gives back what it had.
    /// </remarks>
    public static bool CannotBeShown(Exception failure) => StudyFolder.IsGone(failure) || failure is OutOfMemoryException;

    public string Key { get; }

    /// <summary>When a picture of it was wished for, in ticks of the painter's clock.</summary>
    public long Used { get; set; }

    /// <summary>Slices in memory and slices in all; the same where nothing is left to be read.</summary>
    public (int Read, int Of) Progress => volume is null ? (0, 0) : (volume.ReadSlices, volume.Extent.Depth);

    public ShownStudy Describe() => ShownStudy.Of(Key, series);

    /// <param name="name">Of the series' folder.</param>
    /// <returns>Null where there is none, or nothing of it has come yet.</returns>
    public SeriesFiles? Find(string name) => series.Find(each => each.Series == name && each.Slices.Count > 0);

    /// <summary>Looks for what has come since.</summary>
    /// <exception cref="IOException">It has gone.</exception>
    public void Refresh()
    {
        foreach (string path in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            if (!name.StartsWith(JournalEntry.ResultsPrefix, StringComparison.Ordinal) && !series.Exists(each => each.Series == name))
            {
                series.Add(new SeriesFiles(folder, name));
            }
        }

        series.ForEach(each => each.Refresh());
        volume?.Update();
    }

    /// <summary>Whether the picture can be drawn now: the view in space needs the whole volume.</summary>
    public bool IsReadyFor(Wish wish) => wish.Plane != Wish.Space || Volume(wish) is null || volume!.IsWhole;

    /// <summary>Reads one more slice, nearest to what was looked at last.</summary>
    /// <returns>False where nothing is left.</returns>
    /// <exception cref="IOException">It has gone.</exception>
    public bool ReadOn()
    {
        if (volume is null or { IsWhole: true })
        {
            return false;
        }

        volume.ReadNext(looksAt);
        return true;
    }

    /// <summary>Draws one picture.</summary>
    /// <param name="isOld">Whether there is a newer wish: an exact picture in space, which takes long, is then given up.</param>
    /// <returns>The bytes of the file behind <paramref name="from"/>; 0 where there is no such picture.</returns>
    /// <exception cref="IOException">It has gone.</exception>
    public int Draw(Wish wish, Canvas canvas, Func<bool> isOld, ref byte[] file, int from)
    {
        if (Volume(wish) is not SeriesVolume shown)
        {
            return 0;
        }

        if (wish.Plane == Wish.Space)
        {
            if (shown.Files.Planes.Count == 1)
            {
                return 0;
            }

            int divisor = wish.Fine ? 1 : 2;
            canvas.Resize(Math.Max(1, wish.Width / divisor), Math.Max(1, wish.Height / divisor));
            space ??= new SpacePicture(order);
            return space.Draw(shown, wish, canvas, isOld) ? canvas.EncodeColours(false, ref file, from) : 0;
        }

        return !Fill(shown, wish, canvas) ? 0
            : wish.Labels > 0
                ? canvas.EncodeLabelled(shown.IsColour, shown.Palette, wish.Labels / 100.0, wish.Fine, ref file, from)
            : shown.IsColour ? canvas.EncodeColours(wish.Fine, ref file, from)
            : canvas.EncodeGrey(wish.Fine, ref file, from);
    }

    /// <summary>Draws the organs of a plane alone, to lie over its grey picture.</summary>
    /// <returns>As <see cref="Draw"/>; 0 also where the series is not analysed.</returns>
    /// <exception cref="IOException">It has gone.</exception>
    public int DrawLabels(Wish wish, Canvas canvas, ref byte[] file, int from) =>
        Volume(wish) is SeriesVolume { Files.Labels: not null } shown && Fill(shown, wish, canvas)
            ? canvas.EncodeLabels(shown.Palette, ref file, from)
            : 0;

    public void Dispose()
    {
        volume?.Dispose();
        space?.Dispose();
    }

    /// <returns>False where the volume has no such plane.</returns>
    private bool Fill(SeriesVolume shown, Wish wish, Canvas canvas)
    {
        IReadOnlyList<Plane> planes = shown.Files.Planes;
        if (wish.Plane >= planes.Count)
        {
            return false;
        }

        Plane through = planes[wish.Plane];
        if (through.Through == 2)
        {
            looksAt = Math.Clamp(wish.At, 0, shown.Extent.Depth - 1);
            shown.Read(looksAt);
        }

        canvas.Resize(wish.Width, wish.Height);
        plane.Draw(shown, through, wish, canvas);
        return true;
    }

    /// <summary>The volume of the series that is wished for, null where it has no pixels; one at a time is kept.</summary>
    private SeriesVolume? Volume(Wish wish)
    {
        string name = wish.Series.Length > 0 ? wish.Series : Describe().Series is [ShownSeries first, ..] ? first.Series : "";
        if (volume?.Files.Series != name)
        {
            volume?.Dispose();
            volume = Find(name) is SeriesFiles files ? new SeriesVolume(files) : null;
        }

        return volume is { Extent: { Width: > 0, Height: > 0 } } ? volume : null;
    }
}
