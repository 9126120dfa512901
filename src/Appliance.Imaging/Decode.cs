using Appliance.Core;
using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>Stage 1: pixel data to Hounsfield units (model package, step 1; PS3.3 C.11.1.1.2).</summary>
public static class Decode
{
    /// <summary>[row][column] in HU, or why there are none.</summary>
    public static Outcome<float[]> Hounsfield(DicomFile slice)
    {
        if (!PixelDataReader.Supports(slice.Syntax))
        {
            return new Refusal(RefusalReason.TransferSyntax, $"Not analysed: transfer syntax {slice.Syntax.Name} is not decoded here.");
        }

        DataSet header = slice.DataSet;
        if (header.GetDouble(Tags.RescaleSlope) is not double slope || header.GetDouble(Tags.RescaleIntercept) is not double intercept
            || slope == 0)
        {
            return Bad("rescale slope and intercept are missing: pixel values are no Hounsfield units");
        }

        Parsed<DecodedFrame> decoded = PixelDataReader.Decode(slice, 0);
        if (decoded.Failed)
        {
            return Bad(decoded.Malformed.Text);
        }

        DecodedFrame frame = decoded.Value;
        if (frame.Samples != 1 || frame.Cells != PixelCells.Integer || header.GetInteger(Tags.NumberOfFrames) is > 1)
        {
            return Bad("not one frame of single grey values");
        }

        int[] stored = new int[frame.Rows * frame.Columns];
        frame.CopyStoredValues(stored);
        float[] hu = new float[stored.Length];
        for (int i = 0; i < hu.Length; i++)
        {
            hu[i] = (stored[i] * (float)slope) + (float)intercept;
        }

        return hu;
    }

    private static Refusal Bad(string what) => new(RefusalReason.BadPixels, $"The image cannot be decoded: {what}.");
}
