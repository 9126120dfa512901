namespace Appliance.Daemon.Screen;

/// <summary>A study that somebody looks at: its series, and one of them as a volume.</summary>
/// <remarks>Belongs to the painter's thread.</remarks>
public sealed class OpenStudy : IDisposable
{
    private readonly string folder;
    private readonly List<SeriesFiles> series = [];
    private readonly PlanePicture plane = new();
    private readonly SpacePicture space = new();
    private SeriesVolume? volume;
    private int looksAt;

    /// <exception cref="IOException">It has gone.</exception>
    public OpenStudy(string key, string folder)
    {
        Key = key;
        this.folder = folder;
        Refresh();
    }

    public string Key { get; }

    /// <summary>When a picture of it was wished for, in ticks of the painter's clock.</summary>
    public long Used { get; set; }

    /// <summary>Slices in memory and slices in all; the same where nothing is left to be read.</summary>
    public (int Read, int Of) Progress => volume is null ? (0, 0) : (volume.ReadSlices, volume.Extent.Depth);

    public ShownStudy Describe() => ShownStudy.Of(Key, series);

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
        if (Volume(wish) is not SeriesVolume shown || shown.Extent.Width < 1 || shown.Extent.Height < 1)
        {
            return 0;
        }

        if (wish.Plane == Wish.Space)
        {
            int divisor = wish.Fine ? 1 : 2;
            canvas.Resize(Math.Max(1, wish.Width / divisor), Math.Max(1, wish.Height / divisor));
            return space.Draw(shown, wish, canvas, isOld) ? canvas.EncodeColours(ref file, from) : 0;
        }

        IReadOnlyList<Plane> planes = Plane.Of(shown.Files.Geometry);
        if (wish.Plane >= planes.Count)
        {
            return 0;
        }

        Plane through = planes[wish.Plane];
        if (through.Through == 2)
        {
            looksAt = Math.Clamp(wish.At, 0, shown.Extent.Depth - 1);
            shown.Read(looksAt);
        }

        canvas.Resize(wish.Width, wish.Height);
        plane.Draw(shown, through, wish, canvas);
        return wish.Labels == 0
            ? canvas.EncodeGrey(wish.Fine, ref file, from)
            : canvas.EncodeLabelled(shown.Palette, wish.Labels / 100.0, wish.Fine, ref file, from);
    }

    public void Dispose()
    {
        volume?.Dispose();
        space.Dispose();
    }

    /// <summary>The volume of the series that is wished for; one at a time is kept.</summary>
    private SeriesVolume? Volume(Wish wish)
    {
        string name = wish.Series.Length > 0 ? wish.Series : Describe().Series is [ShownSeries first, ..] ? first.Series : "";
        if (volume?.Files.Series != name)
        {
            volume?.Dispose();
            SeriesFiles? files = series.Find(each => each.Series == name && each.Slices.Count > 0);
            volume = files is null ? null : new SeriesVolume(files);
        }

        return volume;
    }
}
