using System.Globalization;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using SkiaSharp;

namespace Appliance.Daemon.Screen;

/// <summary>Grey values that are shown from black to white (PS3.3 C.11.2.1.2).</summary>
public readonly record struct Window(double Centre, double Width);

/// <summary>One series as pictures, drawn on the box from the journal: a panel needs no graphics card for it.</summary>
/// <remarks>A series that is still arriving grows with each <see cref="Refresh"/>. One caller at a time.</remarks>
public sealed class SeriesPictures(string studyFolder, string series)
{
    private const int HeaderChunkBytes = 1 << 16;

    private readonly Dictionary<string, Slice> known = new(StringComparer.Ordinal);
    private readonly Decode decode = new();
    private Slice[] slices = [];
    private LabelFrames? labels;
    private string labelled = "";

    /// <summary>The folder's name: a hash.</summary>
    public string Series => series;

    public int Slices => slices.Length;

    public int Rows => slices is [Slice first, ..] ? first.Rows : 0;

    public int Columns => slices is [Slice first, ..] ? first.Columns : 0;

    /// <summary>What the scanner recommends; a soft-tissue window where it recommends none.</summary>
    public Window Recommended { get; private set; } = new(40, 400);

    /// <summary>Millimetres between columns and between rows, for pixels that are not square.</summary>
    public (double Column, double Row) SpacingMm { get; private set; } = (1, 1);

    /// <summary>Null until the series is analysed.</summary>
    public IReadOnlyList<ShownOrgan>? Organs => labels?.Organs;

    /// <summary>Which analysis the labels are of: a picture may be kept as long as it is the same.</summary>
    public string Labelled => labelled;

    /// <summary>Looks for what has come since: slices, then the result of the analysis.</summary>
    /// <exception cref="IOException">The study has gone.</exception>
    public void Refresh()
    {
        bool grew = false;
        foreach (FileInfo file in new DirectoryInfo(Path.Combine(studyFolder, series)).EnumerateFiles("*" + JournalEntry.Extension))
        {
            if (!known.ContainsKey(file.Name) && !new JournalEntry("", series, file.Name).IsConflict)
            {
                grew = true;
                known.Add(file.Name, ReadHeader(file.FullName));
            }
        }

        if (grew)
        {
            Order();
        }

        ReadResults();
    }

    /// <summary>The slice in grey for a browser: JPEG while somebody scrolls, PNG when they look. Null: it cannot be shown.</summary>
    public byte[]? Grey(int slice, Window window, bool exact)
    {
        Outcome<float[]> hu = Read(slices[slice].Path) is DicomFile file
            ? decode.Hounsfield(file)
            : new Refusal(RefusalReason.Malformed, "not readable");
        if (hu.Refused)
        {
            return null;
        }

        byte[] grey = new byte[hu.Value.Length];
        float low = (float)(window.Centre - (window.Width / 2)), scale = (float)(byte.MaxValue / window.Width);
        for (int i = 0; i < grey.Length; i++)
        {
            grey[i] = (byte)Math.Clamp((hu.Value[i] - low) * scale, 0, byte.MaxValue);
        }

        SKImageInfo image = new(slices[slice].Columns, slices[slice].Rows, SKColorType.Gray8, SKAlphaType.Opaque);
        return exact ? Encode(image, grey, SKEncodedImageFormat.Png, 100) : Encode(image, grey, SKEncodedImageFormat.Jpeg, 88);
    }

    /// <summary>The organs of the slice on a transparent ground as PNG, or null where the series is not analysed.</summary>
    public byte[]? Colours(int slice) => labels is null
        ? null
        : Encode(
            new SKImageInfo(labels.Columns, labels.Rows, SKColorType.Rgba8888, SKAlphaType.Unpremul),
            labels.Paint(slices[slice].SopInstanceUid),
            SKEncodedImageFormat.Png,
            100);

    private static unsafe byte[] Encode(SKImageInfo image, byte[] pixels, SKEncodedImageFormat format, int quality)
    {
        fixed (byte* at = pixels)
        {
            using SKPixmap pixmap = new(image, (nint)at);

            // The quickest PNG: the file goes no further than this machine.
            using SKData? file = format == SKEncodedImageFormat.Png
                ? pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, 1))
                : pixmap.Encode(format, quality);
            return file?.ToArray() ?? [];
        }
    }

    private void Order()
    {
        Slice[] all = [.. known.Values];
        Point3? normal = all.FirstOrDefault(each => each.Geometry is not null)?.Geometry?.Normal;
        slices = [.. all.OrderBy(each => normal is Point3 n && each.Geometry is SliceGeometry g ? g.Position.Dot(n) : each.Number)];
        if (slices is [{ Geometry: SliceGeometry first }, ..])
        {
            SpacingMm = (first.ColumnSpacing, first.RowSpacing);
        }
    }

    private Slice ReadHeader(string path)
    {
        using FileStream file = File.OpenRead(path);
        MetaOfFile meta = MetaOfFile.Read(file);
        file.Position = meta.DataSetOffset;
        HeaderReader reader = new(meta.Syntax);
        byte[] chunk = new byte[HeaderChunkBytes];
        while (reader.State == HeaderState.Reading && file.Read(chunk) is > 0 and int read)
        {
            reader.Take(chunk.AsSpan(0, read));
        }

        reader.End();
        DataSet header = reader.Header ?? new DataSet();
        if (header.GetDouble(Tags.WindowCenter) is double centre && header.GetDouble(Tags.WindowWidth) is > 1 and double width)
        {
            Recommended = new Window(centre, width);
        }

        return new Slice(
            path, meta.SopInstanceUid, SliceGeometry.FromHeader(header).Value, header.GetInteger(Tags.InstanceNumber) ?? 0,
            (int)(header.GetInteger(Tags.Rows) ?? 0), (int)(header.GetInteger(Tags.Columns) ?? 0));
    }

    private void ReadResults()
    {
        DirectoryInfo folder = new(Path.Combine(studyFolder, JournalEntry.ResultsPrefix + series));
        string mark = Path.Combine(folder.FullName, Journal.DocumentedName);
        string stamp = File.Exists(mark) ? File.GetLastWriteTimeUtc(mark).Ticks.ToString(CultureInfo.InvariantCulture) : "";
        if (stamp == labelled)
        {
            return;
        }

        labels = null;
        labelled = stamp;
        if (stamp.Length > 0)
        {
            string[] files = [.. folder.EnumerateFiles("*" + JournalEntry.Extension).Select(file => file.FullName)];
            DataSet? segmentation = Result(files, Uids.SegmentationStorage);
            DataSet? report = Result(files, Uids.Comprehensive3DSRStorage);
            labels = segmentation is null ? null : new LabelFrames(segmentation, report);
        }
    }

    private static DataSet? Result(string[] files, string sopClass)
    {
        foreach (string path in files)
        {
            using FileStream file = File.OpenRead(path);
            if (MetaOfFile.Read(file).SopClassUid == sopClass)
            {
                return Read(path)?.DataSet;
            }
        }

        return null;
    }

    private static DicomFile? Read(string path) => DicomFileReader.Read(File.ReadAllBytes(path)).Value;

    private sealed record Slice(string Path, string SopInstanceUid, SliceGeometry? Geometry, long Number, int Rows, int Columns);
}
