using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>What one annotated slice is made of.</summary>
/// <param name="Source">The slice that the picture shows, pixel for pixel.</param>
/// <param name="InstanceNumber">From 1, in spatial order.</param>
/// <param name="Rgb">Red, green, blue for each pixel, rows from the top, as many as the picture has pixels.</param>
/// <param name="Derivation">How the picture was made, in a sentence.</param>
public sealed record SecondaryCaptureRequest(
    SourceSlice Source, int InstanceNumber, ReadOnlyMemory<byte> Rgb, string Derivation, ResultSeries Series)
{
    /// <summary>Rows and columns of a picture with a margin to the right or below, e.g. for a legend; null: those of the source.</summary>
    /// <remarks>The source's pixels are the picture's top left part, so that position, orientation and spacing stay true.</remarks>
    public (int Rows, int Columns)? Size { get; init; }

    /// <summary>The source's own where null: the pictures then hang beside it.</summary>
    public string? Modality { get; init; }
}

/// <summary>Makes one slice of the annotated series (PS3.3 A.8.1): colours on the place in the patient that the source has.</summary>
/// <remarks>
/// Position, orientation and frame of reference are beyond the IOD of a secondary capture (a Standard Extended SOP Class,
/// PS3.4 annex B.4); without them no viewer scrolls it along with the source.
/// </remarks>
public static class SecondaryCapture
{
    public static Created Create(SecondaryCaptureRequest request)
    {
        if (SourceStack.Check([request.Source], out SourceStack? stack) is Unsuitable unsuitable)
        {
            return unsuitable;
        }

        (int rows, int columns) = request.Size ?? (stack!.Rows, stack.Columns);
        if (rows < stack!.Rows || columns < stack.Columns || rows > ushort.MaxValue || columns > ushort.MaxValue
            || request.Rgb.Length != 3L * rows * columns)
        {
            return new Unsuitable(
                UnsuitableReason.WrongLength,
                "The picture has not three bytes for each pixel, or is smaller than the source.");
        }

        DataSet source = request.Source.Header;
        DataSet target = new();
        CommonModules.PutPatientAndStudy(source, target);
        CommonModules.PutResult(request.Series, Uids.SecondaryCaptureImageStorage,
            request.Modality ?? source.GetString(Tags.Modality) ?? "OT", request.InstanceNumber, source, target);
        CommonModules.PutFrameOfReference(request.Source, target);
        PutImage(request, stack, target);
        PutPixels(rows, columns, request.Rgb, target);
        return target;
    }

    /// <summary>SC Equipment, SC Image and Image Pixel of a colour picture (PS3.3 C.8.6.1, C.8.6.2, C.7.6.3).</summary>
    internal static void PutPixels(int rows, int columns, ReadOnlyMemory<byte> rgb, DataSet target) => target
        .SetString(Tags.ConversionType, Vr.CS, "WSD")
        .SetString(Tags.DateOfSecondaryCapture, Vr.DA, target.GetString(Tags.ContentDate)!)
        .SetString(Tags.TimeOfSecondaryCapture, Vr.TM, target.GetString(Tags.ContentTime)!)

        // Type 2C, and their conditions count the place and the region of an image that is more than a secondary capture.
        .SetString(Tags.PatientOrientation, Vr.CS)
        .SetString(Tags.Laterality, Vr.CS)

        // The value says whether the pixels name the patient (PS3.3 C.7.6.1.1.7); legend, contours and words of ours do not.
        .SetString(Tags.BurnedInAnnotation, Vr.CS, "NO")
        .SetUInt16(Tags.SamplesPerPixel, 3)
        .SetString(Tags.PhotometricInterpretation, Vr.CS, "RGB")
        .SetUInt16(Tags.PlanarConfiguration, 0)
        .SetUInt16(Tags.Rows, (ushort)rows)
        .SetUInt16(Tags.Columns, (ushort)columns)
        .SetUInt16(Tags.BitsAllocated, 8)
        .SetUInt16(Tags.BitsStored, 8)
        .SetUInt16(Tags.HighBit, 7)
        .SetUInt16(Tags.PixelRepresentation, 0)
        .SetBytes(Tags.PixelData, Vr.OB, rgb);

    private static void PutImage(SecondaryCaptureRequest request, SourceStack stack, DataSet target)
    {
        SourceSlice source = request.Source;
        target.SetString(Tags.ImageType, Vr.CS, "DERIVED", "SECONDARY")
            .SetString(Tags.DerivationDescription, Vr.ST, ResultText.Short($"{request.Derivation} {request.Series.Notice}"))
            .SetItems(Tags.SourceImageSequence, [.. References.SourceImages([source])])
            .SetItems(Tags.ReferencedSeriesSequence, References.Series([source]))
            .SetString(Tags.ImageComments, Vr.LT, request.Series.Notice);
        source.CopyTo(target, Tags.PlanePositionSequence, Tags.ImagePositionPatient);
        source.CopyTo(target, Tags.PlaneOrientationSequence, Tags.ImageOrientationPatient);
        source.CopyTo(target, Tags.PixelMeasuresSequence, Tags.PixelSpacing);
        if (stack.SliceThickness() > 0)
        {
            target.SetDecimal(Tags.SliceThickness, stack.SliceThickness());
        }

        CommonModules.PutLossyHistory([source], target);
    }
}
