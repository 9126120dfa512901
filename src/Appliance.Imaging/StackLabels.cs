using Appliance.Dicom.Objects;

namespace Appliance.Imaging;

/// <summary>What the slices of a stack that were restored one by one are together. None of it looks at a voxel.</summary>
internal static class StackLabels
{
    /// <summary>Organs that have a voxel, in the manifest's order.</summary>
    public static OrganVolume[] Volumes(NativeLabels[] slices, Stack stack, ClassRules rules)
    {
        long[] counts = new long[256];
        foreach (LabelFrame frame in slices.SelectMany(slice => slice.Frames))
        {
            counts[frame.Value] += frame.Voxels;
        }

        bool Has(NativeLabels slice, OrganClass organ) => slice.Frames.Any(frame => frame.Value == organ.Value && frame.Voxels > 0);
        return
        [
            .. rules.Offered.Where(organ => counts[organ.Value] > 0).Select(organ => new OrganVolume(
                organ, counts[organ.Value], counts[organ.Value] * stack.VoxelVolume / 1000,
                Has(slices[0], organ) || Has(slices[^1], organ))),
        ];
    }

    /// <summary>The frames of the segmentation.</summary>
    public static PackedFrames Packed(NativeLabels[] slices, int pixels)
    {
        PackedFrames packed = new(slices.Length, pixels);
        foreach ((int i, NativeLabels slice) in slices.Index())
        {
            foreach (LabelFrame frame in slice.Frames.Where(frame => frame.Voxels > 0))
            {
                packed.Add(i, frame.Value, frame.Bits);
            }
        }

        return packed;
    }
}
