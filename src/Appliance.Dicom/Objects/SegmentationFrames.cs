using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>Multi-frame Dimension and Multi-frame Functional Groups of a segmentation (PS3.3 C.7.6.17, C.7.6.16, A.51.5).</summary>
internal static class SegmentationFrames
{
    public static void Put(SourceStack stack, FramePlan plan, DataSet target)
    {
        string organization = UidGenerator.New();
        PutDimensions(
            target,
            organization,
            Dimension(organization, Tags.ReferencedSegmentNumber, Tags.SegmentIdentificationSequence, "Segment Number"),
            Dimension(organization, Tags.ImagePositionPatient, Tags.PlanePositionSequence, "Image Position Patient"));
        target.SetItems(Tags.SharedFunctionalGroupsSequence, Shared(stack))
            .SetItems(Tags.PerFrameFunctionalGroupsSequence, PerFrame(stack, plan));
    }

    /// <summary>The frames of a label map: one for each slice; a voxel names its segment itself.</summary>
    public static void PutLabelMap(SourceStack stack, DataSet target)
    {
        string organization = UidGenerator.New();
        PutDimensions(
            target,
            organization,
            Dimension(organization, Tags.ImagePositionPatient, Tags.PlanePositionSequence, "Image Position Patient"));
        target.SetItems(Tags.SharedFunctionalGroupsSequence, Shared(stack))
            .SetItems(Tags.PerFrameFunctionalGroupsSequence, [.. stack.Slices.Select((slice, i) => new DataSet()
                .Put(DerivationOf(slice))
                .SetItems(Tags.FrameContentSequence, new DataSet().SetUInt32(Tags.DimensionIndexValues, (uint)i + 1))
                .Put(PositionOf(slice)))]);
    }

    private static void PutDimensions(DataSet target, string organization, params DataSet[] dimensions) => target
        .SetItems(Tags.DimensionOrganizationSequence, new DataSet().SetString(Tags.DimensionOrganizationUID, Vr.UI, organization))
        .SetItems(Tags.DimensionIndexSequence, dimensions);

    private static DataSet Dimension(string organization, Tag index, Tag functionalGroup, string label) => new DataSet()
        .SetString(Tags.DimensionOrganizationUID, Vr.UI, organization)
        .SetTag(Tags.DimensionIndexPointer, index)
        .SetTag(Tags.FunctionalGroupPointer, functionalGroup)
        .SetString(Tags.DimensionDescriptionLabel, Vr.LO, label);

    /// <summary>Orientation and measures hold for all frames; orientation and spacing are the source's, digit for digit.</summary>
    private static DataSet Shared(SourceStack stack)
    {
        DataSet orientation = stack.First.CopyTo(new DataSet(), Tags.PlaneOrientationSequence, Tags.ImageOrientationPatient);
        DataSet measures = stack.First.CopyTo(new DataSet(), Tags.PixelMeasuresSequence, Tags.PixelSpacing);
        double spacing = stack.SpacingBetweenSlices();
        double thickness = stack.SliceThickness();
        if (thickness > 0 || spacing > 0)
        {
            measures.SetDecimal(Tags.SliceThickness, thickness > 0 ? thickness : spacing);
        }

        // With frames left out, only this tells a viewer how far apart the planes of the volume are.
        if (spacing > 0)
        {
            measures.SetDecimal(Tags.SpacingBetweenSlices, spacing);
        }

        return new DataSet()
            .SetItems(Tags.PlaneOrientationSequence, orientation)
            .SetItems(Tags.PixelMeasuresSequence, measures);
    }

    private static DataSet[] PerFrame(SourceStack stack, FramePlan plan)
    {
        // What depends on the slice or on the segment alone is made once and shared by all frames.
        Dictionary<int, (uint Index, Element Position, Element Derivation)> slices = [];
        foreach (int slice in plan.Slices)
        {
            slices.Add(slice, ((uint)slices.Count + 1, PositionOf(stack.Slices[slice]), DerivationOf(stack.Slices[slice])));
        }

        Element[] segments = new Element[plan.Segments.Count];
        for (int i = 0; i < segments.Length; i++)
        {
            segments[i] = Element.FromItems(Tags.SegmentIdentificationSequence,
                [new DataSet().SetUInt16(Tags.ReferencedSegmentNumber, (ushort)(i + 1))]);
        }

        DataSet[] frames = new DataSet[plan.Frames.Count];
        for (int i = 0; i < frames.Length; i++)
        {
            (int segment, int slice) = plan.Frames[i];
            (uint index, Element position, Element derivation) = slices[slice];
            frames[i] = new DataSet()
                .Put(derivation)
                .SetItems(Tags.FrameContentSequence, new DataSet().SetUInt32(Tags.DimensionIndexValues, (uint)segment + 1, index))
                .Put(position)
                .Put(segments[segment]);
        }

        return frames;
    }

    private static Element PositionOf(SourceSlice slice) => Element.FromItems(Tags.PlanePositionSequence,
        [slice.CopyTo(new DataSet(), Tags.PlanePositionSequence, Tags.ImagePositionPatient)]);

    /// <summary>Weasis knows the underlying image only from here, cornerstone looks here first (PS3.3 C.7.6.16.2.6).</summary>
    private static Element DerivationOf(SourceSlice slice) => Element.FromItems(Tags.DerivationImageSequence,
    [
        new DataSet()
            .SetCode(Tags.DerivationCodeSequence, Codes.Segmentation)
            .SetItems(Tags.SourceImageSequence, [.. References.SourceImages([slice])]),
    ]);
}
