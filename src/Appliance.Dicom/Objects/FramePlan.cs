namespace Appliance.Dicom.Objects;

/// <summary>Which segments have voxels, and on which slices: decided before a bit is copied.</summary>
internal sealed class FramePlan
{
    private FramePlan(List<SegmentDescription> segments, List<(int Segment, int Slice)> frames, int[] slices)
    {
        Segments = segments;
        Frames = frames;
        Slices = slices;
    }

    /// <summary>The segments with at least one voxel; segment number = index + 1.</summary>
    public IReadOnlyList<SegmentDescription> Segments { get; }

    /// <summary>By segment, then by slice: the order of the dimensions. Both are indices from 0.</summary>
    public IReadOnlyList<(int Segment, int Slice)> Frames { get; }

    /// <summary>The slices that at least one frame shows, ascending.</summary>
    public IReadOnlyList<int> Slices { get; }

    public static FramePlan Of(SegmentationRequest request, PackedFrames packed)
    {
        int slices = packed.Slices;
        List<SegmentDescription> segments = [];
        List<(int Segment, int Slice)> frames = [];
        foreach (SegmentDescription segment in request.Segments)
        {
            int[] filled = [.. Enumerable.Range(0, slices)
                .Where(slice => segment.LabelValues.Any(value => packed.Has(slice, value)))];
            if (filled.Length > 0)
            {
                frames.AddRange((request.KeepEmptyFrames ? Enumerable.Range(0, slices) : filled).Select(slice => (segments.Count, slice)));
                segments.Add(segment);
            }
        }

        return new FramePlan(segments, frames, [.. frames.Select(frame => frame.Slice).Distinct().Order()]);
    }
}
