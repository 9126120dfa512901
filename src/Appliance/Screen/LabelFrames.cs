using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;

namespace Appliance.Daemon.Screen;

/// <summary>An organ of a segmentation as the page shows it.</summary>
/// <param name="Ml">Its volume from the report; null where there is none.</param>
public sealed record ShownOrgan(string Name, string Colour, double? Ml);

/// <summary>The frames of a binary segmentation of ours (PS3.3 C.8.20), by the image, or the frame of one, that each belongs to.</summary>
/// <remarks>Read from what is delivered, so that the page shows what the archive gets. Bits stay packed until a slice is drawn.</remarks>
public sealed class LabelFrames
{
    private readonly ReadOnlyMemory<byte> bits;
    private readonly Dictionary<(string Image, int? Frame), List<(int Frame, int Segment)>> framesOf = [];
    private readonly byte[][] colours;
    private readonly int pixels;

    /// <param name="segmentation">Segmentation Storage, not encapsulated.</param>
    /// <param name="report">The report of the same analysis, or null.</param>
    public LabelFrames(DataSet segmentation, DataSet? report)
    {
        bits = segmentation.GetBytes(Tags.PixelData);
        Rows = (int)(segmentation.GetInteger(Tags.Rows) ?? 0);
        Columns = (int)(segmentation.GetInteger(Tags.Columns) ?? 0);
        pixels = Rows * Columns;
        IReadOnlyList<DataSet> segments = segmentation.GetItems(Tags.SegmentSequence);
        colours = [.. segments.Select(ColourOf)];
        Dictionary<string, double> volumes = report is null ? [] : VolumesOf(report);
        Organs =
        [
            .. segments.Select((segment, i) => new ShownOrgan(
                segment.GetString(Tags.SegmentLabel) ?? "",
                $"#{Convert.ToHexStringLower(colours[i])}",
                volumes.TryGetValue(segment.GetString(Tags.TrackingUID) ?? "", out double ml) ? ml : null)),
        ];
        IReadOnlyList<DataSet> frames = segmentation.GetItems(Tags.PerFrameFunctionalGroupsSequence);
        for (int i = 0; i < frames.Count; i++)
        {
            Note(frames[i], i);
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    public IReadOnlyList<ShownOrgan> Organs { get; }

    /// <summary>0xbbggrr of each organ, from index 1 on: what the kernels take for a palette.</summary>
    public IEnumerable<int> Palette => colours.Select(colour => colour[0] | (colour[1] << 8) | (colour[2] << 16));

    /// <summary>Every <paramref name="shrink"/>-th row and column of one slice: 0 for none, else 1 + the organ's index.</summary>
    public void Fill(SliceFile slice, int shrink, Span<byte> target)
    {
        target.Clear();
        int width = Columns / shrink;
        foreach ((int frame, int segment) in framesOf.GetValueOrDefault((slice.SopInstanceUid, slice.Frame), []))
        {
            long first = (long)frame * pixels;
            for (int y = 0; y + shrink <= Rows; y += shrink)
            {
                Fill(first + ((long)y * Columns), shrink, (byte)(segment + 1), target.Slice(y / shrink * width, width));
            }
        }
    }

    /// <summary>
    /// PS3.5 8.1.1: frames follow each other without a gap, the first pixel is the lowest bit. Most of a frame is empty: whole bytes of it
    /// are passed over.
    /// </summary>
    private void Fill(long at, int shrink, byte label, Span<byte> row)
    {
        ReadOnlySpan<byte> packed = bits.Span;
        for (int x = 0; x < row.Length; x++, at += shrink)
        {
            byte eight = packed[(int)(at >> 3)];
            if (eight == 0 && shrink == 1)
            {
                int left = 7 - (int)(at & 7);
                x += left;
                at += left;
            }
            else if (((eight >> (int)(at & 7)) & 1) != 0)
            {
                row[x] = label;
            }
        }
    }

    private void Note(DataSet frame, int index)
    {
        DataSet? source = frame.GetItem(Tags.DerivationImageSequence)?.GetItem(Tags.SourceImageSequence);
        string? image = source?.GetString(Tags.ReferencedSOPInstanceUID);
        long segment = frame.GetItem(Tags.SegmentIdentificationSequence)?.GetInteger(Tags.ReferencedSegmentNumber) ?? 0;
        if (image is not null && segment >= 1 && segment <= colours.Length && (index + 1L) * pixels <= bits.Length * 8L)
        {
            (string, int?) key = (image, (int?)source!.GetInteger(Tags.ReferencedFrameNumber));
            if (!framesOf.TryGetValue(key, out List<(int Frame, int Segment)>? of))
            {
                framesOf.Add(key, of = []);
            }

            of.Add((index, (int)segment - 1));
        }
    }

    private static byte[] ColourOf(DataSet segment)
    {
        ReadOnlySpan<byte> raw = segment.GetBytes(Tags.RecommendedDisplayCIELabValue).Span;
        return raw.Length == 6
            ? CieLab.ToRgb(BitConverter.ToUInt16(raw), BitConverter.ToUInt16(raw[2..]), BitConverter.ToUInt16(raw[4..]))
            : [255, 255, 255];
    }

    /// <summary>Millilitres by tracking UID (PS3.16 TID 1411).</summary>
    private static Dictionary<string, double> VolumesOf(DataSet content)
    {
        Dictionary<string, double> volumes = new(StringComparer.Ordinal);
        IReadOnlyList<DataSet> items = content.GetItems(Tags.ContentSequence);
        string? uid = items.FirstOrDefault(item => Says(item, Codes.TrackingUniqueIdentifier))?.GetString(Tags.UID);
        DataSet? number = items.FirstOrDefault(item => Says(item, Codes.Volume))?.GetItem(Tags.MeasuredValueSequence);
        if (uid is not null && number?.GetDouble(Tags.NumericValue) is double ml)
        {
            volumes[uid] = ml;
        }

        foreach ((string of, double volume) in items.SelectMany(VolumesOf))
        {
            volumes[of] = volume;
        }

        return volumes;
    }

    private static bool Says(DataSet item, CodedConcept name) => item.GetCode(Tags.ConceptNameCodeSequence)?.Means(name) ?? false;
}
