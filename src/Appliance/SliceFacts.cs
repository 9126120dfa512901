using Appliance.Dicom.Data;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>What the header of an object says about when its series ends. Read at the door, where the header is in hand.</summary>
/// <param name="Geometry">Where the slice lies; null where it has no place in the patient, or has several frames.</param>
/// <param name="Acquisition">Acquisition Number (0020,0012).</param>
/// <param name="ImagesInAcquisition">How many images that acquisition has (0020,1002); null where the scanner does not say.</param>
/// <param name="Frames">Number of Frames (0028,0008), at least 1.</param>
/// <param name="Concatenation">The concatenation that the object is a part of (0020,9161) and its number of parts (0020,9163).</param>
public sealed record SliceFacts(
    SliceGeometry? Geometry, long Acquisition, int? ImagesInAcquisition, int Frames, (string Uid, int Parts)? Concatenation)
{
    public static SliceFacts Of(DataSet header)
    {
        long frames = Math.Max(1, header.GetInteger(Tags.NumberOfFrames) ?? 1);
        string? concatenation = header.GetString(Tags.ConcatenationUID);
        long? parts = header.GetInteger(Tags.InConcatenationTotalNumber);
        return new SliceFacts(
            frames == 1 ? SliceGeometry.FromHeader(header).Value : null,
            header.GetInteger(Tags.AcquisitionNumber) ?? 0,
            Positive(header.GetInteger(Tags.ImagesInAcquisition)),
            (int)Math.Min(frames, int.MaxValue),
            string.IsNullOrEmpty(concatenation) || Positive(parts) is not int count ? null : (concatenation, count));
    }

    private static int? Positive(long? value) => value is > 0 and <= int.MaxValue ? (int)value : null;
}
