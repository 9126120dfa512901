using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;

namespace Appliance.Imaging;

/// <summary>The annotated slices of one analysis, drawn one at a time from its segmentation. One caller at a time.</summary>
/// <param name="notes">What was written down when the segmentation was made.</param>
/// <param name="segmentation">Null where nothing was found.</param>
public sealed class Pictures(PictureNotes notes, DataSet? segmentation, EquipmentIdentification equipment)
{
    private readonly SegmentedSlices? segmented = segmentation is null ? null : new SegmentedSlices(segmentation, notes);
    private readonly ResultSeries series = new(
        Annotate.PicturesSeries, "AI organs, annotated images", notes.MadeAt, equipment,
        [new AlgorithmIdentification(notes.App, notes.Version, equipment.Manufacturer)])
    {
        Notice = notes.Notice,
        InstanceUid = notes.SeriesUid,
    };

    private SlicePainter? painter;
    private byte[] labels = [];

    /// <summary>The picture of one slice; null where the source can no longer be decoded: one less must not hold up the rest.</summary>
    /// <param name="slice">Index into <see cref="PictureNotes.Sources"/>.</param>
    /// <param name="source">The source image, with its pixels.</param>
    public Result? Draw(int slice, DicomFile source)
    {
        int rows = (int)(source.DataSet.GetInteger(Tags.Rows) ?? 0), columns = (int)(source.DataSet.GetInteger(Tags.Columns) ?? 0);
        if (painter is null)
        {
            painter = new SlicePainter(notes, rows, columns);
            labels = new byte[rows * columns];
        }

        labels.AsSpan().Clear();
        segmented?.Fill(notes.Sources[slice], labels);
        Outcome<byte[]> rgb = painter.Paint(labels, source);
        if (rgb.Refused)
        {
            return null;
        }

        Created picture = SecondaryCapture.Create(new SecondaryCaptureRequest(
            new SourceSlice(SourceHeader.Keep(source.DataSet)), slice + 1, rgb.Value, "Organs found by AI as colours and contours.", series)
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
    private readonly Dictionary<string, List<(int Frame, byte Label)>> framesOf = new(StringComparer.Ordinal);

    public SegmentedSlices(DataSet segmentation, PictureNotes notes)
    {
        bits = segmentation.GetBytes(Tags.PixelData);
        foreach ((int index, DataSet frame) in segmentation.GetItems(Tags.PerFrameFunctionalGroupsSequence).Index())
        {
            string? image = frame.GetItem(Tags.DerivationImageSequence)?.GetItem(Tags.SourceImageSequence)
                ?.GetString(Tags.ReferencedSOPInstanceUID);
            long segment = frame.GetItem(Tags.SegmentIdentificationSequence)?.GetInteger(Tags.ReferencedSegmentNumber) ?? 0;
            if (image is null || segment < 1 || segment > notes.Organs.Count)
            {
                continue;
            }

            if (!framesOf.TryGetValue(image, out List<(int Frame, byte Label)>? frames))
            {
                framesOf.Add(image, frames = []);
            }

            frames.Add((index, notes.Organs[(int)segment - 1].Value));
        }
    }

    /// <summary>Puts the labels of a slice over background.</summary>
    public void Fill(string sopInstanceUid, Span<byte> labels)
    {
        foreach ((int frame, byte label) in framesOf.GetValueOrDefault(sopInstanceUid, []))
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
