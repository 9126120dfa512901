using Appliance.Core;
using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>Stage 1: pixel data to Hounsfield units (model package, step 1; PS3.3 C.11.1.1.2).</summary>
/// <remarks>Works in memory of its own that the next image uses again: a slice allocates nearly nothing. One caller at a time.</remarks>
public sealed class Decode
{
    private byte[] cells = [];
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

        Rescale(image, (float)slope, (float)intercept);
        return hu;
    }

    /// <summary>Cells to Hounsfield units.</summary>
    private unsafe void Rescale(PixelDescription image, float slope, float intercept)
    {
        Kernels.Decode.Bits bits = new() { Stored = image.BitsStored, High = image.HighBit, Signed = image.IsSigned ? 1 : 0 };
        int pixels = hu.Length;
        fixed (byte* source = cells)
        fixed (float* target = hu)
        {
            View<float> to = new(target, pixels);
            switch (image.BitsAllocated)
            {
                case 8:
                    Compute.Shared.Do(new Kernels.Decode.Cells8
                    {
                        Source = new View<byte>(source, pixels), Target = to, Width = pixels, Height = 1, Bits = bits, Scale = slope,
                        Offset = intercept,
                    }, Issue);
                    break;
                case 16:
                    Compute.Shared.Do(new Kernels.Decode.Cells16
                    {
                        Source = new View<ushort>((ushort*)source, pixels), Target = to, Width = pixels, Height = 1, Bits = bits,
                        Scale = slope, Offset = intercept,
                    }, Issue);
                    break;
                default:
                    Compute.Shared.Do(new Kernels.Decode.Cells32
                    {
                        Source = new View<int>((int*)source, pixels), Target = to, Width = pixels, Height = 1, Bits = bits,
                        Scale = slope, Offset = intercept,
                    }, Issue);
                    break;
            }
        }
    }

    private static void Issue(LaunchQueue on, in Kernels.Decode.Cells8 asked)
    {
        Kernels.Decode.Cells8 kernel = asked;
        (kernel.Source, kernel.Target) = (on.In(kernel.Source), on.Out(kernel.Target));
        on.Lanes(kernel, kernel.Width, 1, 1);
    }

    private static void Issue(LaunchQueue on, in Kernels.Decode.Cells16 asked)
    {
        Kernels.Decode.Cells16 kernel = asked;
        (kernel.Source, kernel.Target) = (on.In(kernel.Source), on.Out(kernel.Target));
        on.Lanes(kernel, kernel.Width, 1, 1);
    }

    private static void Issue(LaunchQueue on, in Kernels.Decode.Cells32 asked)
    {
        Kernels.Decode.Cells32 kernel = asked;
        (kernel.Source, kernel.Target) = (on.In(kernel.Source), on.Out(kernel.Target));
        on.Lanes(kernel, kernel.Width, 1, 1);
    }

    private void Reserve(PixelDescription image)
    {
        if (cells.Length != image.FrameBytes)
        {
            cells = new byte[image.FrameBytes];
        }

        if (hu.Length != image.Rows * image.Columns)
        {
            hu = new float[image.Rows * image.Columns];
        }
    }

    private static Refusal Bad(string what) => new(RefusalReason.BadPixels, $"The image cannot be decoded: {what}.");
}
