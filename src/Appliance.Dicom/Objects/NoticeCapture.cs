using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>
/// What a picture is made of that speaks about a series, or shows it from somewhere else, and has no place in the patient.
/// </summary>
/// <param name="Sources">The objects that it is about; the first one's header is whole, of the others the UIDs are enough.</param>
/// <param name="Rgb">Red, green, blue for each pixel, rows from the top.</param>
/// <param name="Text">What the picture says, for readers that do not look at pixels.</param>
public sealed record NoticeRequest(
    IReadOnlyList<SourceSlice> Sources, int Rows, int Columns, ReadOnlyMemory<byte> Rgb, string Text, ResultSeries Series)
{
    public int InstanceNumber { get; init; } = 1;
}

/// <summary>
/// Makes a secondary capture (PS3.3 A.8.1) of words or of a view: in the patient's study and frame of reference, but at no place in it.
/// </summary>
public static class NoticeCapture
{
    public static Created Create(NoticeRequest request)
    {
        if (request.Sources.Count == 0)
        {
            return new Unsuitable(UnsuitableReason.NoSources, "There is no source object.");
        }

        if (!request.Sources.All(HasUids))
        {
            return new Unsuitable(UnsuitableReason.IncompleteSource, "A source object lacks a UID by which it could be named.");
        }

        if (request.Rgb.Length != 3L * request.Rows * request.Columns || Math.Max(request.Rows, request.Columns) > ushort.MaxValue)
        {
            return new Unsuitable(UnsuitableReason.WrongLength, "The picture has not three bytes for each pixel.");
        }

        DataSet source = request.Sources[0].Header;
        DataSet target = new();
        CommonModules.PutPatientAndStudy(source, target);
        CommonModules.PutResult(
            request.Series, Uids.SecondaryCaptureImageStorage, source.GetString(Tags.Modality) ?? "OT", request.InstanceNumber,
            source, target);
        if (source.HasValue(Tags.FrameOfReferenceUID))
        {
            CommonModules.PutFrameOfReference(request.Sources[0], target);
        }

        // Referenced, not derived from: no pixel of theirs is in it (PS3.3 C.12.4, C.12.2).
        target.SetString(Tags.ImageType, Vr.CS, "DERIVED", "SECONDARY")
            .SetItems(Tags.ReferencedImageSequence, [.. References.Images(request.Sources)])
            .SetItems(Tags.ReferencedSeriesSequence, References.Series(request.Sources))
            .SetString(Tags.DerivationDescription, Vr.ST, ResultText.Short(request.Text))
            .SetString(Tags.ImageComments, Vr.LT, request.Text);
        SecondaryCapture.PutPixels(request.Rows, request.Columns, request.Rgb, target);
        return target;
    }

    private static bool HasUids(SourceSlice source) => source is
        { StudyInstanceUid.Length: > 0, SeriesInstanceUid.Length: > 0, SopClassUid.Length: > 0, SopInstanceUid.Length: > 0 };
}
