using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>Makes a binary segmentation (PS3.3 A.51, C.8.20): what the model found, on the grid of the source.</summary>
/// <remarks>
/// A segment without a single voxel is left out, and the numbers of the others stay 1, 2, 3...: PS3.3 C.8.20.2 describes by
/// a segment what frames classify, OHIF and cornerstone list each described segment and look up the centre of its frames, and
/// a reader takes a listed organ for a found one. "Looked for, not found" is said by the report instead. No segment at all
/// is no segmentation, hence a refusal.
/// </remarks>
public static class Segmentation
{
    /// <param name="packed">What was found, on the grid and in the order of the sources.</param>
    public static Created Create(SegmentationRequest request, PackedFrames packed)
    {
        // 1. The sources share one grid, and the frames fit it.
        if (SourceStack.Check(request.Sources, out SourceStack? checkedStack) is Unsuitable unsuitable)
        {
            return unsuitable;
        }

        SourceStack stack = checkedStack!;
        int voxels = stack.Rows * stack.Columns;
        if (packed.Slices != stack.Slices.Count || packed.Voxels != voxels)
        {
            return new Unsuitable(UnsuitableReason.WrongLength,
                $"{packed.Slices} slices of {packed.Voxels} voxels were packed, {stack.Slices.Count} of {voxels} are the sources.");
        }

        // 2. Which frames there are: segment by segment, then slice by slice.
        FramePlan plan = FramePlan.Of(request, packed);
        if (plan.Segments.Count == 0)
        {
            return new Unsuitable(UnsuitableReason.NothingSegmented, "No voxel belongs to any segment.");
        }

        long pixelBytes = (((long)plan.Frames.Count * voxels) + 7) / 8;
        if (plan.Frames.Count > Limits.SegmentationFrames || pixelBytes > Limits.SegmentationPixelDataBytes)
        {
            return new Unsuitable(UnsuitableReason.TooLarge,
                $"{plan.Frames.Count} frames with {pixelBytes} bytes of pixel data are more than {Limits.SegmentationFrames} frames or "
                + $"{Limits.SegmentationPixelDataBytes} bytes.");
        }

        // 3. The patient, our series, the segments, the frames, the bits.
        DataSet target = new();
        CommonModules.PutPatientAndStudy(stack.First.Header, target);
        CommonModules.PutResult(request.Series, Uids.SegmentationStorage, "SEG", 1, stack.First.Header, target);
        CommonModules.PutFrameOfReference(stack.First, target);
        PutImage(request, stack, [.. plan.Slices.Select(slice => stack.Slices[slice])], plan.Frames.Count, target);
        target.SetString(Tags.SegmentationType, Vr.CS, "BINARY")
            .SetString(Tags.SegmentsOverlap, Vr.CS, Overlap(plan.Segments) ? "YES" : "NO")
            .SetUInt16(Tags.BitsAllocated, 1)
            .SetUInt16(Tags.BitsStored, 1)
            .SetUInt16(Tags.HighBit, 0);
        PutSegments(request, plan, target);
        SegmentationFrames.Put(stack, plan, target);
        return target.Put(Element.FromParts(Tags.PixelData, Vr.OB, packed.PixelData(plan, request.BeforeFrame)));
    }

    /// <summary>
    /// General Image, General Reference, Image Pixel, Segmentation Image, Common Instance Reference
    /// (PS3.3 C.7.6.1, C.12.4, C.7.6.3, C.8.20.2, C.12.2).
    /// </summary>
    /// <param name="referenced">Only what a frame refers to: validators and viewers take each entry for a part of the result.</param>
    internal static void PutImage(
        SegmentationRequest request, SourceStack stack, IReadOnlyList<SourceSlice> referenced, int frames, DataSet target)
    {
        SupersededResult[] replaced = [.. request.Series.Supersedes.Where(each => each.IsSegmentation)];
        if (replaced.Length > 0)
        {
            target.SetItems(Tags.ReferencedImageSequence, References.Replaced(replaced));
        }

        // The series that the labels lie on first: viewers take that one.
        target.SetString(Tags.ImageType, Vr.CS, "DERIVED", "PRIMARY")
            .SetItems(Tags.SourceImageSequence, [.. References.SourceImages(referenced)])
            .SetItems(Tags.ReferencedSeriesSequence, [.. References.Series(referenced), .. References.Series(replaced)])
            .SetString(Tags.ImageComments, Vr.LT, request.Series.Comments)
            .SetString(Tags.ContentLabel, Vr.CS, ResultText.Code(request.ContentLabel))
            .SetString(Tags.ContentDescription, Vr.LO, ResultText.Long($"{request.Series.Description}. {request.Series.Notice}"))
            .SetString(Tags.ContentCreatorName, Vr.PN)
            .SetIntegerString(Tags.NumberOfFrames, frames)
            .SetUInt16(Tags.SamplesPerPixel, 1)
            .SetString(Tags.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
            .SetUInt16(Tags.Rows, (ushort)stack.Rows)
            .SetUInt16(Tags.Columns, (ushort)stack.Columns)
            .SetUInt16(Tags.PixelRepresentation, 0);
        CommonModules.PutLossyHistory(stack.Slices, target);
    }

    private static void PutSegments(SegmentationRequest request, FramePlan plan, DataSet target)
    {
        DataSet[] items = new DataSet[plan.Segments.Count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = plan.Segments[i].Item(i + 1, request.Algorithm);
        }

        target.SetItems(Tags.SegmentSequence, items);
    }

    internal static bool Overlap(IEnumerable<SegmentDescription> segments)
    {
        HashSet<byte> seen = [];
        return segments.Any(segment => segment.LabelValues.Distinct().Any(value => !seen.Add(value)));
    }
}
