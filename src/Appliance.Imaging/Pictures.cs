using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;

namespace Appliance.Imaging;

/// <summary>What is drawn of one analysis from its segmentation, one object at a time. One caller at a time.</summary>
/// <param name="notes">What was written down when the segmentation was made.</param>
/// <param name="segmentation">Null where nothing was found.</param>
/// <param name="source">The source image of an index into <see cref="PictureNotes.Sources"/>; null where it is not to be had.</param>
public sealed class Pictures(
    PictureNotes notes, DataSet? segmentation, EquipmentIdentification equipment, Func<int, DicomFile?> source) : IDisposable
{
    private const int PresentationSeries = 9004, RenderingSeries = 9005;

    private readonly SegmentedSlices? segmented = segmentation is null ? null : new SegmentedSlices(segmentation, notes);

    private SlicePainter? painter;
    private OrganSpace? space;
    private byte[] labels = [];

    /// <summary>Null where a source can no longer be had or decoded: one object less must not hold up the rest.</summary>
    public Result? Draw(Drawing drawing) => drawing.Kind switch
    {
        ResultKind.Picture => source(drawing.Number) is DicomFile image ? Paint(drawing.Number, image) : null,
        ResultKind.Presentation => Present(),
        ResultKind.Rendering => Render(drawing.Number),
        _ => throw new DefectException($"nobody draws {drawing.Kind}"),
    };

    public void Dispose() => space?.Dispose();

    private ResultSeries SeriesOf(ResultKind kind, int number, string description) => new(
        ResultSeries.NumberOf(number, notes.Revision), ResultSeries.DescriptionOf(description, notes.Revision), notes.MadeAt, equipment,
        [new AlgorithmIdentification(notes.App, notes.Version, equipment.Manufacturer)])
    {
        Notice = notes.Notice,
        InstanceUid = notes.SeriesUidOf(kind),
    };

    /// <summary>Outlines of all slices as one presentation state; of the sources only what it refers to is kept.</summary>
    private Result? Present()
    {
        List<SourceSlice> slices = [];
        List<PresentationLine> lines = [];
        Outlines? outlines = null;
        for (int slice = 0; slice < notes.Sources.Count; slice++)
        {
            if (source(slice) is not DicomFile image)
            {
                return null;
            }

            slices.Add(new SourceSlice(SourceHeader.Keep(image.DataSet), notes.Frames?[slice]));
            int rows = (int)slices[slice].Rows, columns = (int)slices[slice].Columns;
            outlines ??= new Outlines(rows, columns);
            byte[] labels = LabelsOf(slice, rows, columns);
            foreach ((int layer, NotedOrgan organ) in notes.Organs.Index())
            {
                lines.AddRange(outlines.Of(labels, organ.Value).Select(points => new PresentationLine(slice, layer, points)));
            }
        }

        Created state = PresentationState.Create(new PresentationStateRequest(
            slices,
            [.. notes.Organs.Select(organ => new PresentationLayer(organ.Name, organ.Name, (organ.Rgb[0], organ.Rgb[1], organ.Rgb[2])))],
            lines,
            [
                "Organs found by AI", .. notes.Organs.Select(Line), .. notes.Remarks, notes.Notice, $"{notes.App} {notes.Version}",
            ],
            (notes.WindowCenter, notes.WindowWidth),
            SeriesOf(ResultKind.Presentation, PresentationSeries, "AI organs, outlines")));
        return state.Failed ? null : Result.Of(ResultKind.Presentation, state.DataSet);
    }

    /// <summary>Without signs that older readers of presentation states do not know.</summary>
    private static string Line(NotedOrgan organ) => $"{organ.Name} {(organ.IsCut ? ">= " : "")}{Legend.Millilitres(organ.Ml)}";

    /// <summary>One view of the organs around the patient, with the legend beside it. The space is filled for the first one.</summary>
    private Result? Render(int view)
    {
        space ??= Fill();
        if (space is null || source(0) is not DicomFile first)
        {
            return null;
        }

        Legend legend = Legend.Draw(notes, OrganSpace.Side);
        int columns = OrganSpace.Side + legend.Width;
        byte[] rgb = new byte[legend.Height * columns * 3];
        ReadOnlySpan<byte> seen = space.Cast(view);
        for (int row = 0; row < legend.Height; row++)
        {
            Span<byte> line = rgb.AsSpan(row * columns * 3, columns * 3);
            legend.Rgb.AsSpan(row * legend.Width * 3, legend.Width * 3).CopyTo(line[(OrganSpace.Side * 3)..]);
            if (row < OrganSpace.Side)
            {
                seen.Slice(row * OrganSpace.Side * 3, OrganSpace.Side * 3).CopyTo(line);
            }
        }

        SourceSlice header = new(SourceHeader.Keep(first.DataSet), notes.Frames?[0]);
        Created picture = NoticeCapture.Create(new NoticeRequest(
            [header, .. notes.Sources.Skip(1).Select((uid, i) => SourceLike(header, uid, notes.Frames?[i + 1]))],
            legend.Height,
            columns,
            rgb,
            $"Organs found by AI, seen from {view * 360 / OrganSpace.Views} degrees around the patient, 0 from the front. {notes.Notice}",
            SeriesOf(ResultKind.Rendering, RenderingSeries, "AI organs, views in space"))
        {
            InstanceNumber = view + 1,
        });
        return picture.Failed ? null : Result.Of(ResultKind.Rendering, picture.DataSet);
    }

    /// <summary>All that a reference needs of another slice of the same series.</summary>
    private static SourceSlice SourceLike(SourceSlice first, string uid, int? frame) => new(
        new DataSet()
            .CopyFrom(first.Header, Tags.StudyInstanceUID)
            .CopyFrom(first.Header, Tags.SeriesInstanceUID)
            .CopyFrom(first.Header, Tags.SOPClassUID)
            .SetString(Tags.SOPInstanceUID, Vr.UI, uid),
        frame);

    /// <summary>Null where a slice cannot be read again. What air or bone fills hides what lies behind it less.</summary>
    private OrganSpace? Fill()
    {
        if (source(0) is not DicomFile first || source(notes.Sources.Count - 1) is not DicomFile last
            || SliceGeometry.FromHeader(first.DataSet).Value is not SliceGeometry grid
            || SliceGeometry.FromHeader(last.DataSet).Value is not SliceGeometry end)
        {
            return null;
        }

        double step = Math.Abs((end.Position - grid.Position).Dot(grid.Normal)) / Math.Max(1, notes.Sources.Count - 1);
        OrganSpace? filled = OrganSpace.Of(grid, notes.Sources.Count, step);
        double[] sums = new double[256];
        long[] counts = new long[256];
        Decode decode = new();
        for (int slice = 0; filled is not null && slice < notes.Sources.Count; slice++)
        {
            byte[] organs = LabelsOf(slice, grid.Rows, grid.Columns);
            filled.Add(slice, organs);
            if (organs.AsSpan().ContainsAnyExcept((byte)0) && source(slice) is DicomFile image
                && decode.Hounsfield(image) is { Refused: false, Value: float[] hu })
            {
                for (int i = 0; i < organs.Length; i += 7)
                {
                    sums[organs[i]] += hu[i];
                    counts[organs[i]]++;
                }
            }
        }

        filled?.Prepare(notes.Organs, organ => (sums[organ.Value] / Math.Max(1, counts[organ.Value])) switch
        {
            < -500 => 0.05f,
            > 150 => 0.25f,
            _ => 1,
        });
        return filled;
    }

    private byte[] LabelsOf(int slice, int rows, int columns)
    {
        if (labels.Length != rows * columns)
        {
            labels = new byte[rows * columns];
        }

        labels.AsSpan().Clear();
        segmented?.Fill(notes.Sources[slice], notes.Frames?[slice], labels);
        return labels;
    }

    private Result? Paint(int slice, DicomFile image)
    {
        int rows = (int)(image.DataSet.GetInteger(Tags.Rows) ?? 0), columns = (int)(image.DataSet.GetInteger(Tags.Columns) ?? 0);
        if (painter is null)
        {
            painter = new SlicePainter(notes, rows, columns);
        }

        Outcome<byte[]> rgb = painter.Paint(LabelsOf(slice, rows, columns), image);
        if (rgb.Refused)
        {
            return null;
        }

        Created picture = SecondaryCapture.Create(new SecondaryCaptureRequest(
            new SourceSlice(SourceHeader.Keep(image.DataSet), notes.Frames?[slice]),
            slice + 1,
            rgb.Value,
            "Organs found by AI as colours and contours.",
            SeriesOf(ResultKind.Picture, Annotate.PicturesSeries, "AI organs, annotated images"))
        {
            Size = (painter.Rows, painter.Columns),
        });
        return picture.Failed ? null : Result.Of(ResultKind.Picture, picture.DataSet);
    }
}

/// <summary>The labels of each source slice, read back from a binary segmentation of ours (PS3.3 C.8.20).</summary>
internal sealed class SegmentedSlices
{
    private readonly ReadOnlyMemory<byte> bits;
    private readonly Dictionary<(string Uid, int Frame), List<(int Frame, byte Label)>> framesOf = [];

    public SegmentedSlices(DataSet segmentation, PictureNotes notes)
    {
        bits = segmentation.GetBytes(Tags.PixelData);
        foreach ((int index, DataSet frame) in segmentation.GetItems(Tags.PerFrameFunctionalGroupsSequence).Index())
        {
            DataSet? source = frame.GetItem(Tags.DerivationImageSequence)?.GetItem(Tags.SourceImageSequence);
            string? image = source?.GetString(Tags.ReferencedSOPInstanceUID);
            long segment = frame.GetItem(Tags.SegmentIdentificationSequence)?.GetInteger(Tags.ReferencedSegmentNumber) ?? 0;
            if (image is null || segment < 1 || segment > notes.Organs.Count)
            {
                continue;
            }

            (string, int) key = (image, (int)(source!.GetInteger(Tags.ReferencedFrameNumber) ?? 0));
            if (!framesOf.TryGetValue(key, out List<(int Frame, byte Label)>? frames))
            {
                framesOf.Add(key, frames = []);
            }

            frames.Add((index, notes.Organs[(int)segment - 1].Value));
        }
    }

    /// <summary>Puts the labels of a slice over background.</summary>
    /// <param name="number">Of the frame, where the source has several.</param>
    public void Fill(string sopInstanceUid, int? number, Span<byte> labels)
    {
        foreach ((int frame, byte label) in framesOf.GetValueOrDefault((sopInstanceUid, number ?? 0), []))
        {
            Fill(bits.Span, (long)frame * labels.Length, label, labels);
        }
    }

    /// <summary>PS3.5 8.1.1: frames follow each other without a gap, the first pixel is the lowest bit.</summary>
    private static void Fill(ReadOnlySpan<byte> packed, long at, byte label, Span<byte> labels)
    {
        for (int i = 0; i < labels.Length; i++, at++)
        {
            // Most of a slice is background: whole bytes of it are stepped over.
            int bit = (int)(at & 7);
            byte eight = packed[(int)(at >> 3)];
            if (eight >> bit == 0)
            {
                int skip = Math.Min(7 - bit, labels.Length - 1 - i);
                (i, at) = (i + skip, at + skip);
            }
            else if (((eight >> bit) & 1) != 0)
            {
                labels[i] = label;
            }
        }
    }
}
