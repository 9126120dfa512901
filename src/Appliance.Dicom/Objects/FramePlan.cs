namespace Appliance.Dicom.Objects;

/// <summary>Which segments have voxels, and on which slices: decided from one look at each slice, before a bit is packed.</summary>
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

    public static FramePlan Of(SegmentationRequest request, int voxels)
    {
        int slices = request.Sources.Count;
        bool[] present = request.Packed is null ? Present(request.Labels.Span, slices, voxels) : [];
        bool Has(int slice, byte value) => request.Packed?.Has(slice, value) ?? present[(slice * 256) + value];

        List<SegmentDescription> segments = [];
        List<(int Segment, int Slice)> frames = [];
        foreach (SegmentDescription segment in request.Segments)
        {
            int[] filled = [.. Enumerable.Range(0, slices)
                .Where(slice => segment.LabelValues.Any(value => Has(slice, value)))];
            if (filled.Length > 0)
            {
                frames.AddRange((request.KeepEmptyFrames ? Enumerable.Range(0, slices) : filled).Select(slice => (segments.Count, slice)));
                segments.Add(segment);
            }
        }

        return new FramePlan(segments, frames, [.. frames.Select(frame => frame.Slice).Distinct().Order()]);
    }

    /// <summary>256 flags for each slice.</summary>
    private static bool[] Present(ReadOnlySpan<byte> labels, int slices, int voxels)
    {
        bool[] present = new bool[slices * 256];
        for (int slice = 0; slice < slices; slice++)
        {
            LabelBits.Mark(labels.Slice(slice * voxels, voxels), present.AsSpan(slice * 256, 256));
        }

        return present;
    }
}
