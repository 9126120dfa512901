using Appliance.Core;
using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>One frame of an image, as if it were an image of its own.</summary>
/// <param name="Number">From 1 in a multi-frame image; null where the image has one frame only (PS3.3 10.3: no frame number then).</param>
public readonly record struct SourceFrame(DicomFile File, int? Number);

/// <summary>Frames of a multi-frame image (PS3.3 C.7.6.6, C.7.6.16), each with what its functional groups say at the top level.</summary>
/// <remarks>
/// Everything behind it (geometry, rescaling, decoding, results) then sees single images. No pixel is copied: native frames are parts
/// of the file's memory, encapsulated ones its fragments.
/// </remarks>
public static class SourceFrames
{
    /// <summary>What is taken out of functional groups; the frame's own before the shared ones.</summary>
    private static readonly (Tag Group, Tag[] Attributes)[] Taken =
    [
        (Tags.PlanePositionSequence, [Tags.ImagePositionPatient]),
        (Tags.PlaneOrientationSequence, [Tags.ImageOrientationPatient]),
        (Tags.PixelMeasuresSequence, [Tags.PixelSpacing, Tags.SliceThickness, Tags.SpacingBetweenSlices]),
        (Tags.PixelValueTransformationSequence, [Tags.RescaleSlope, Tags.RescaleIntercept, Tags.RescaleType]),
        (Tags.FrameVOILUTSequence, [Tags.WindowCenter, Tags.WindowWidth]),
    ];

    /// <summary>Frame types (0008,9007) say of a frame what Image Type says of an image; CT and MR have a group each for them.</summary>
    private static readonly Tag[] FrameTypes = [Tags.CTImageFrameTypeSequence, Tags.MRImageFrameTypeSequence];

    /// <summary>The image itself where it has one frame and no functional groups.</summary>
    public static Outcome<IReadOnlyList<SourceFrame>> Of(DicomFile image)
    {
        DataSet header = image.DataSet;
        int count = CountOf(header);
        if (IsSingle(header))
        {
            return new SourceFrame[] { new(image, null) };
        }

        if (count > Limits.Slices)
        {
            return new Refusal(RefusalReason.NoApp, $"No app takes this series: an image of {count} frames.");
        }

        Outcome<Func<int, Element>> pixels = PixelsOf(image, count);
        return pixels.Refused
            ? pixels.Refusal
            : HeadersOf(header).Select((own, i) => new SourceFrame(image with { DataSet = own.Put(pixels.Value(i)) }, i + 1)).ToArray();
    }

    /// <summary>What the header says of each frame, at the top level and without pixels; of no more than a series may have.</summary>
    public static IReadOnlyList<DataSet> HeadersOf(DataSet header)
    {
        if (IsSingle(header))
        {
            return [header];
        }

        // Large sequences are left out before anything is copied: each frame would carry those of all.
        DataSet common = header.Copy();
        common.Remove(Tags.PerFrameFunctionalGroupsSequence);
        common.Remove(Tags.SharedFunctionalGroupsSequence);
        common.Remove(Tags.NumberOfFrames);
        common.Remove(Tags.PixelData);
        common.Remove(Tags.ExtendedOffsetTable);
        common.Remove(Tags.ExtendedOffsetTableLengths);
        DataSet? shared = header.GetItem(Tags.SharedFunctionalGroupsSequence);
        IReadOnlyList<DataSet> own = header.GetItems(Tags.PerFrameFunctionalGroupsSequence);
        int count = Math.Min(CountOf(header), Limits.Slices);
        return [.. Enumerable.Range(0, count).Select(i => HeaderOf(common, i < own.Count ? own[i] : null, shared))];
    }

    /// <summary>It has one frame and no functional groups: references to it name no frame (PS3.3 10.3).</summary>
    public static bool IsSingle(DataSet header) => CountOf(header) == 1 && !header.Contains(Tags.SharedFunctionalGroupsSequence);

    /// <summary>One of them, or the image itself.</summary>
    public static DicomFile? Find(DicomFile image, int? number) => Of(image).Value is not { } frames ? null
        : number is null ? frames is [{ Number: null } only] ? only.File : null
        : number <= frames.Count ? frames[number.Value - 1].File
        : null;

    /// <summary>What an app is asked with: the header of the first frame that is no localizer, or of the image as it is.</summary>
    public static DataSet HeaderOfSlice(DicomFile image)
    {
        IReadOnlyList<SourceFrame> frames = Of(image).Value ?? [];
        return frames.Select(frame => frame.File.DataSet).FirstOrDefault(header => !GeometryGate.IsLocalizer(header)) ?? image.DataSet;
    }

    /// <summary>Number of Frames, at least 1.</summary>
    public static int CountOf(DataSet header) => (int)Math.Clamp(header.GetInteger(Tags.NumberOfFrames) ?? 1, 1, int.MaxValue);

    private static DataSet HeaderOf(DataSet common, DataSet? own, DataSet? shared)
    {
        DataSet header = common.Copy();
        foreach ((Tag group, Tag[] attributes) in Taken)
        {
            DataSet? from = own?.GetItem(group) ?? shared?.GetItem(group);
            foreach (Tag attribute in attributes)
            {
                if (from?.Contains(attribute) == true)
                {
                    header.CopyFrom(from, attribute);
                }
            }
        }

        foreach (Tag group in FrameTypes)
        {
            if ((own?.GetItem(group) ?? shared?.GetItem(group))?.GetStrings(Tags.FrameType) is { Length: > 0 } type)
            {
                header.SetString(Tags.ImageType, Vr.CS, type);
            }
        }

        return header;
    }

    /// <summary>The pixel data of the n-th frame, from 0.</summary>
    private static Outcome<Func<int, Element>> PixelsOf(DicomFile image, int count)
    {
        if (image.DataSet[Tags.PixelData] is not Element element)
        {
            return Bad("it has no pixel data");
        }

        if (element.Fragments is not null)
        {
            Parsed<EncapsulatedFrames> frames = EncapsulatedFrames.Split(image.DataSet, count);
            return frames.Failed
                ? Bad(frames.Malformed.Text)
                : (Func<int, Element>)(i => Element.FromFragments(
                    element.Tag, element.Vr, [ReadOnlyMemory<byte>.Empty, frames.Value[i]]));
        }

        Parsed<PixelDescription> description = PixelDescription.Read(image.DataSet);
        if (description.Failed)
        {
            return Bad(description.Malformed.Text);
        }

        long bits = description.Value.NativeFrameBits;
        if (bits % 8 != 0 || bits / 8 * count > element.Value.Length)
        {
            return Bad("it has fewer pixels than its frames need");
        }

        int bytes = (int)(bits / 8);
        return (Func<int, Element>)(i => Element.FromBytes(element.Tag, element.Vr, element.Value.Slice(i * bytes, bytes)));
    }

    private static Refusal Bad(string what) => new(RefusalReason.BadPixels, $"The image cannot be decoded: {what}.");
}
