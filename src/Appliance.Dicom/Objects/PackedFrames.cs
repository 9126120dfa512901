namespace Appliance.Dicom.Objects;

/// <summary>
/// The voxels of each label value in each slice, a bit a voxel: what frames of a binary segmentation are made of. They may be packed
/// while slices arrive, when nobody knows yet how many frames there will be.
/// </summary>
/// <param name="slices">Of the stack.</param>
/// <param name="voxels">Of one slice.</param>
public sealed class PackedFrames(int slices, int voxels)
{
    private readonly Dictionary<(int Slice, byte Value), ReadOnlyMemory<byte>> frames = [];

    public int Slices => slices;

    public int Voxels => voxels;

    /// <summary>Of one frame; its last byte is filled with zeros.</summary>
    public static int BytesOf(int voxels) => (voxels + 7) / 8;

    /// <summary>A value that at least one voxel of the slice has.</summary>
    /// <param name="bits">The first voxel in the lowest bit (PS3.5 8.1.1), at least <see cref="BytesOf"/>. They are not copied.</param>
    public void Add(int slice, byte value, ReadOnlyMemory<byte> bits) => frames.Add((slice, value), bits[..BytesOf(voxels)]);

    public bool Has(int slice, byte value) => frames.ContainsKey((slice, value));

    /// <summary>A frame for each segment and slice as it lies in Pixel Data: one behind the other, without a gap (PS3.5 8.1.1).</summary>
    /// <param name="beforeFrame">Called before a frame is copied.</param>
    internal List<ReadOnlyMemory<byte>> PixelData(FramePlan plan, Action? beforeFrame)
    {
        bool isByFrame = voxels % 8 == 0 && plan.Segments.All(segment => segment.LabelValues.Count == 1);
        List<ReadOnlyMemory<byte>> parts = isByFrame ? AsTheyAre(plan) : [Joined(plan, beforeFrame)];
        if (parts.Sum(part => (long)part.Length) % 2 != 0)
        {
            // Even length.
            parts.Add(new byte[1]);
        }

        return parts;
    }

    private List<ReadOnlyMemory<byte>> AsTheyAre(FramePlan plan)
    {
        byte[] none = new byte[BytesOf(voxels)];
        return [.. plan.Frames.Select(frame => frames.GetValueOrDefault((frame.Slice, plan.Segments[frame.Segment].LabelValues[0]), none))];
    }

    private byte[] Joined(FramePlan plan, Action? beforeFrame)
    {
        byte[] joined = new byte[(((long)plan.Frames.Count * voxels) + 7) / 8];
        long bit = 0;
        foreach ((int segment, int slice) in plan.Frames)
        {
            beforeFrame?.Invoke();
            foreach (byte value in plan.Segments[segment].LabelValues)
            {
                Or(frames.GetValueOrDefault((slice, value)).Span, joined, bit);
            }

            bit += voxels;
        }

        return joined;
    }

    /// <summary>Sets the bits of a frame that begins at any bit.</summary>
    private static void Or(ReadOnlySpan<byte> frame, byte[] joined, long bit)
    {
        int at = (int)(bit >> 3), shift = (int)(bit & 7);
        foreach (byte eight in frame)
        {
            if (eight != 0)
            {
                int shifted = eight << shift;
                joined[at] |= (byte)shifted;
                if (shifted > byte.MaxValue)
                {
                    joined[at + 1] |= (byte)(shifted >> 8);
                }
            }

            at++;
        }
    }
}
