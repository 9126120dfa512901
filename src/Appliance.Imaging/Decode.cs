using Appliance.Core;
using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>Stage 1: pixel data to Hounsfield units (model package, step 1; PS3.3 C.11.1.1.2).</summary>
/// <remarks>Works in memory of its own that the next image uses again: a slice allocates nearly nothing. One caller at a time.</remarks>
public sealed class Decode
{
    private byte[] cells = [];
    private int[] stored = [];
    private float[] hu = [];

    /// <summary>[row][column] in HU, valid until the next call; or why there are none.</summary>
    public Outcome<float[]> Hounsfield(DicomFile slice)
    {
        if (!PixelDataReader.Supports(slice.Syntax))
        {
            return new Refusal(RefusalReason.TransferSyntax, $"The transfer syntax {slice.Syntax.Name} is not decoded here.");
        }

        DataSet header = slice.DataSet;
        if (header.GetDouble(Tags.RescaleSlope) is not double slope || header.GetDouble(Tags.RescaleIntercept) is not double intercept
            || slope == 0)
        {
            return Bad("rescale slope and intercept are missing: pixel values are no Hounsfield units");
        }

        Parsed<PixelDataReader> reader = PixelDataReader.Open(header, slice.Syntax);
        if (reader.Failed)
        {
            return Bad(reader.Malformed.Text);
        }

        PixelDescription image = reader.Value.Description;
        if (image.Samples != 1 || image.Cells != PixelCells.Integer || image.Frames != 1 || image.BitsAllocated < 8)
        {
            return Bad("not one frame of single grey values");
        }

        Reserve(image);
        if (reader.Value.DecodeInto(0, cells) is Malformed malformed)
        {
            return Bad(malformed.Text);
        }

        DecodedFrame frame = new(
            image.Rows, image.Columns, 1, image.BitsAllocated, image.BitsStored, image.HighBit, image.IsSigned, image.Cells,
            image.Photometric, cells);
        frame.CopyStoredValues(stored);
        for (int i = 0; i < hu.Length; i++)
        {
            hu[i] = (stored[i] * (float)slope) + (float)intercept;
        }

        return hu;
    }

    private void Reserve(PixelDescription image)
    {
        if (cells.Length != image.FrameBytes)
        {
            cells = new byte[image.FrameBytes];
        }

        if (stored.Length != image.Rows * image.Columns)
        {
            stored = new int[image.Rows * image.Columns];
            hu = new float[stored.Length];
        }
    }

    private static Refusal Bad(string what) => new(RefusalReason.BadPixels, $"The image cannot be decoded: {what}.");
}
