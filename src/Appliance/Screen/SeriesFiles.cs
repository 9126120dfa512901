using System.Globalization;
using System.Text.Json;
using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Appliance.Imaging;

namespace Appliance.Daemon.Screen;

/// <summary>Grey values that are shown from black to white (PS3.3 C.11.2.1.2).</summary>
public readonly record struct Window(double Centre, double Width)
{
    // Whoever draws drops the fraction; what is a whole grey must not fall below it because floats are rounded.
    private const double Guard = 1.0 / 256;

    /// <summary>From a value to its grey of 0 to 255: times the scale, which is a float, and with the offset added; then limited.</summary>
    public (double Scale, double Offset) ToGrey
    {
        get
        {
            double scale = (float)(byte.MaxValue / Math.Max(1, Width));
            return (scale, (-(Centre - (Width / 2)) * scale) + Guard);
        }
    }
}

/// <summary>One image of a series, or one frame of a multi-frame image.</summary>
/// <param name="Frame">From 1; null where the image has one frame only.</param>
/// <param name="Number">Of the image in its series.</param>
/// <param name="Slope">Of the rescaling (PS3.3 C.11.1); 1 where there is none.</param>
public sealed record SliceFile(
    string Path, string SopInstanceUid, int? Frame, SliceGeometry? Geometry, long Number, int Rows, int Columns, double Slope,
    double Intercept);

/// <summary>The images of one series in the journal, in their order along the patient, and the result of its analysis.</summary>
/// <remarks>Each frame of a multi-frame image (enhanced CT and MR, ultrasound cine) is a slice of its own.</remarks>
/// <remarks>A series that is still arriving grows with each <see cref="Refresh"/>. One caller at a time.</remarks>
public sealed class SeriesFiles(string studyFolder, string series)
{
    private const int HeaderChunkBytes = 1 << 16;

    private readonly Dictionary<string, SliceFile[]> known = new(StringComparer.Ordinal);

    /// <summary>The folder's name: a hash.</summary>
    public string Series => series;

    public IReadOnlyList<SliceFile> Slices { get; private set; } = [];

    public int Rows => Slices is [SliceFile first, ..] ? first.Rows : 0;

    public int Columns => Slices is [SliceFile first, ..] ? first.Columns : 0;

    /// <summary>What the scanner recommends; a soft-tissue window where it recommends none.</summary>
    public Window Recommended { get; private set; } = new(40, 400);

    /// <summary>e.g. CT; empty where it is not said.</summary>
    public string Modality { get; private set; } = "";

    /// <summary>An image of it is in colour: all are shown so, without a window.</summary>
    public bool IsColour { get; private set; }

    /// <summary>Its slices are frames of an image.</summary>
    public bool HasFrames => Slices is [{ Frame: not null }, ..];

    /// <summary>Of the first slice; null where it is not said where the slices lie.</summary>
    public SliceGeometry? Geometry => Slices is [SliceFile first, ..] ? first.Geometry : null;

    /// <summary>Millimetres between columns and between rows, for pixels that are not square.</summary>
    public (double Column, double Row) SpacingMm => Geometry is SliceGeometry it ? (it.ColumnSpacing, it.RowSpacing) : (1, 1);

    /// <summary>Millimetres between slices, the mean; 1 where they do not say where they lie.</summary>
    public double SliceMm
    {
        get
        {
            if (Slices.Count < 2 || Geometry is not SliceGeometry first || Slices[^1].Geometry is not SliceGeometry last)
            {
                return 1;
            }

            double mean = Math.Abs((last.Position - first.Position).Dot(first.Normal)) / (Slices.Count - 1);
            return mean > 0 ? mean : 1;
        }
    }

    /// <summary>The scanner's plane first; alone where the slices are no volume: one image, or a film of one place.</summary>
    public IReadOnlyList<Plane> Planes =>
        Slices.Count > 1 && !IsColour && Slices[^1].Geometry is SliceGeometry last && Geometry is SliceGeometry first
        && (last.Position - first.Position).Dot(first.Normal) > 0
            ? Plane.Of(first)
            : [Plane.Of(Geometry)[0]];

    /// <summary>Null until the series is analysed.</summary>
    public LabelFrames? Labels { get; private set; }

    /// <summary>Which analysis the labels are of: a picture may be kept as long as it is the same.</summary>
    public string Labelled { get; private set; } = "";

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

    private void Order()
    {
        SliceFile[] all = [.. known.Values.SelectMany(each => each)];
        Point3? normal = all.FirstOrDefault(each => each.Geometry is not null)?.Geometry?.Normal;
        Slices =
        [
            .. all.OrderBy(each => normal is Point3 n && each.Geometry is SliceGeometry g ? g.Position.Dot(n) : each.Number)
                .ThenBy(each => each.Number).ThenBy(each => each.Frame ?? 0),
        ];
    }

    private SliceFile[] ReadHeader(string path)
    {
        (MetaOfFile meta, DataSet header) = HeaderOf(path);
        Modality = header.GetString(Tags.Modality) ?? Modality;
        IsColour |= PhotometricInterpretation.IsShownInColour(header.GetString(Tags.PhotometricInterpretation) ?? "");
        IReadOnlyList<DataSet> frames = SourceFrames.HeadersOf(header);
        if (frames[0].GetDouble(Tags.WindowCenter) is double centre && frames[0].GetDouble(Tags.WindowWidth) is > 1 and double width)
        {
            Recommended = new Window(centre, width);
        }
        else if (header.GetInteger(Tags.BitsStored) <= 8)
        {
            Recommended = new Window(128, 256);
        }

        bool isSingle = SourceFrames.IsSingle(header);
        return
        [
            .. frames.Select((frame, i) => new SliceFile(
                path, meta.SopInstanceUid, isSingle ? null : i + 1, SliceGeometry.FromHeader(frame).Value,
                header.GetInteger(Tags.InstanceNumber) ?? 0, (int)(header.GetInteger(Tags.Rows) ?? 0),
                (int)(header.GetInteger(Tags.Columns) ?? 0), frame.GetDouble(Tags.RescaleSlope) is double slope and not 0 ? slope : 1,
                frame.GetDouble(Tags.RescaleIntercept) ?? 0)),
        ];
    }

    /// <summary>All of a file of the journal that stands before its pixels.</summary>
    /// <exception cref="IOException">It has gone.</exception>
    public static (MetaOfFile Meta, DataSet Header) HeaderOf(string path)
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
        return (meta, reader.Header ?? new DataSet());
    }

    private void ReadResults()
    {
        DirectoryInfo folder = new(Path.Combine(studyFolder, JournalEntry.ResultsPrefix + series));
        string mark = Path.Combine(folder.FullName, Journal.DocumentedName);
        string stamp = File.Exists(mark) ? File.GetLastWriteTimeUtc(mark).Ticks.ToString(CultureInfo.InvariantCulture) : "";
        if (stamp == Labelled)
        {
            return;
        }

        Labels = null;
        Labelled = stamp;
        if (stamp.Length > 0)
        {
            // Results of an earlier analysis may lie beside: the mark names those of the last.
            string[] files = [.. NamedBy(mark).Select(name => Path.Combine(folder.FullName, name))];
            DataSet? segmentation = Result(files, Uids.SegmentationStorage);
            DataSet? report = Result(files, Uids.Comprehensive3DSRStorage);
            Labels = segmentation is null ? null : new LabelFrames(segmentation, report);
        }
    }

    private static IReadOnlyList<string> NamedBy(string mark)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(mark), DocumentedJson.Default.Documented)?.Documents ?? [];
        }
        catch (JsonException)
        {
            // Written by another version.
            return [];
        }
    }

    private static DataSet? Result(string[] files, string sopClass)
    {
        foreach (string path in files)
        {
            using FileStream file = File.OpenRead(path);
            if (MetaOfFile.Read(file).SopClassUid == sopClass)
            {
                return DicomFileReader.Read(File.ReadAllBytes(path)).Value?.DataSet;
            }
        }

        return null;
    }
}
