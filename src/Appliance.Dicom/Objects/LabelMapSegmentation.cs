using System.Buffers;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>Makes a segmentation whose voxels name their segment (PS3.3 A.51 and C.8.20.2.3.3, Supplement 243), 8 bits each.</summary>
/// <remarks>
/// One frame for each slice, those without a voxel too: 1/n-th of the frames of n segments, and no viewer is shifted. A segment's number
/// is its label value, so the label volume is the pixel data as it is. <see cref="Background"/> is described as segment 0, because each
/// value that occurs has to be, and named by Pixel Padding Value for viewers that look there (C.7.5.1.1.2).
/// </remarks>
public static class LabelMapSegmentation
{
    private const byte Background = 0;

    /// <param name="labels">
    /// One byte a voxel, [slice][row][column], on the grid and in the order of the sources. A label that no segment names is background.
    /// </param>
    public static Created Create(SegmentationRequest request, ReadOnlyMemory<byte> labels)
    {
        // 1. The sources share one grid, the labels fit it, and a voxel is of one segment only.
        if (SourceStack.Check(request.Sources, out SourceStack? checkedStack) is Unsuitable unsuitable)
        {
            return unsuitable;
        }

        SourceStack stack = checkedStack!;
        if (labels.Length != (long)stack.Rows * stack.Columns * stack.Slices.Count)
        {
            return new Unsuitable(UnsuitableReason.WrongLength, "The label volume has not one byte for each voxel of the sources.");
        }

        if (Segmentation.Overlap(request.Segments))
        {
            return new Unsuitable(UnsuitableReason.SegmentsOverlap, "A label map cannot say that a voxel belongs to two segments.");
        }

        if (stack.Slices.Count > Limits.SegmentationFrames || labels.Length > Limits.SegmentationPixelDataBytes)
        {
            return new Unsuitable(UnsuitableReason.TooLarge,
                $"{stack.Slices.Count} frames with {labels.Length} bytes are more than {Limits.SegmentationFrames} frames or "
                + $"{Limits.SegmentationPixelDataBytes} bytes.");
        }

        // 2. Which segments there are.
        SegmentDescription[] segments =
            [.. request.Segments.Where(segment => labels.Span.IndexOfAny([.. segment.LabelValues]) >= 0)];
        if (segments.Length == 0)
        {
            return new Unsuitable(UnsuitableReason.NothingSegmented, "No voxel belongs to any segment.");
        }

        // 3. The patient, our series, the segments, the frames, the labels.
        DataSet target = new();
        CommonModules.PutPatientAndStudy(stack.First.Header, target);
        CommonModules.PutResult(request.Series, Uids.LabelMapSegmentationStorage, "SEG", 1, stack.First.Header, target);
        CommonModules.PutFrameOfReference(stack.First, target);
        Segmentation.PutImage(request, stack, stack.Slices, stack.Slices.Count, target);
        target.SetString(Tags.SegmentationType, Vr.CS, "LABELMAP")
            .SetString(Tags.SegmentsOverlap, Vr.CS, "NO")
            .SetUInt16(Tags.PixelPaddingValue, Background)
            .SetUInt16(Tags.BitsAllocated, 8)
            .SetUInt16(Tags.BitsStored, 8)
            .SetUInt16(Tags.HighBit, 7)
            .SetItems(Tags.SegmentSequence,
            [
                SegmentDescription.Background(Background, request.Algorithm),
                .. segments.Select(segment => segment.Item(segment.LabelValues[0], request.Algorithm)),
            ]);
        SegmentationFrames.PutLabelMap(stack, target);
        target.SetBytes(Tags.PixelData, Vr.OB, Pixels(labels, segments));
        return target;
    }

    /// <summary>The labels themselves where each that occurs is the number of its segment; else a copy in which each is.</summary>
    private static ReadOnlyMemory<byte> Pixels(ReadOnlyMemory<byte> labels, SegmentDescription[] segments)
    {
        byte[] numbers = new byte[256];
        foreach (SegmentDescription segment in segments)
        {
            foreach (byte value in segment.LabelValues)
            {
                numbers[value] = segment.LabelValues[0];
            }
        }

        // An odd number of voxels needs a byte more (PS3.5 8.1.1).
        byte[] right = [.. Enumerable.Range(0, 256).Select(i => (byte)i).Where(i => numbers[i] == i)];
        bool isAsItIs = labels.Length % 2 == 0 && !labels.Span.ContainsAnyExcept(SearchValues.Create(right));
        if (isAsItIs)
        {
            return labels;
        }

        byte[] copy = new byte[labels.Length + (labels.Length % 2)];
        ReadOnlySpan<byte> source = labels.Span;
        for (int i = 0; i < source.Length; i++)
        {
            copy[i] = numbers[source[i]];
        }

        return copy;
    }
}
