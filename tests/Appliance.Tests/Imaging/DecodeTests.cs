using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

public sealed class DecodeTests
{
    [Fact]
    public void Stored_values_become_Hounsfield_units()
    {
        DicomFile file = Image();
        file.DataSet.SetDecimal(Tags.RescaleSlope, 2).SetDecimal(Tags.RescaleIntercept, -1024);
        float[] hu = Package.Value(new Decode().Hounsfield(file));
        Assert.Equal([-1024, -1022, -1026, (2 * -1000) - 1024], hu[..4]);
    }

    [Fact]
    public void A_transfer_syntax_without_a_decoder_is_named()
    {
        Refusal? refusal = new Decode().Hounsfield(Image() with { Syntax = TransferSyntax.JpegBaseline }).Refusal;
        Assert.Equal(RefusalReason.TransferSyntax, refusal?.Reason);
        Assert.Contains(TransferSyntax.JpegBaseline.Name, refusal!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no rescale")]
    [InlineData("no pixels")]
    [InlineData("half the pixels")]
    [InlineData("colour")]
    [InlineData("two frames")]
    [InlineData("no bits stored")]
    public void Bad_pixels_are_refused(string fault)
    {
        DicomFile file = Image();
        DataSet dataSet = file.DataSet;
        _ = fault switch
        {
            "no rescale" => dataSet.Remove(Tags.RescaleSlope),
            "no pixels" => dataSet.Remove(Tags.PixelData),
            "half the pixels" => dataSet.SetBytes(Tags.PixelData, Vr.OW, dataSet.GetBytes(Tags.PixelData)[..64]).Count > 0,
            "colour" => dataSet.SetUInt16(Tags.SamplesPerPixel, 3).SetString(Tags.PhotometricInterpretation, Vr.CS, "RGB").Count > 0,
            "two frames" => dataSet.SetIntegerString(Tags.NumberOfFrames, 2).Count > 0,
            _ => dataSet.Remove(Tags.BitsStored),
        };
        Assert.Equal(RefusalReason.BadPixels, new Decode().Hounsfield(file).Refusal?.Reason);
    }

    [Fact]
    public void A_slice_that_cannot_be_decoded_refuses_the_series()
    {
        SeriesRun run = new(Package.App, TimeProvider.System);
        DicomFile file = Image();
        file.DataSet.Remove(Tags.PixelData);
        Assert.Equal(RefusalReason.BadPixels, run.SliceArrives(file)?.Reason);
        Assert.Equal(RefusalReason.BadPixels, run.SliceArrives(Image())?.Reason);
        Assert.Equal(RefusalReason.BadPixels, run.SeriesIsComplete().Refusal?.Reason);
    }

    [Fact]
    public void A_slice_without_UIDs_is_refused()
    {
        DicomFile file = Image();
        file.DataSet.SetString(Tags.SOPInstanceUID, Vr.UI);
        Assert.Equal(RefusalReason.Malformed, new SeriesRun(Package.App, TimeProvider.System).SliceArrives(file)?.Reason);
    }

    private static DicomFile Image()
    {
        float[] values = new float[16 * 16];
        (values[1], values[2], values[3]) = (1, -1, -1000);
        return PatientVolume.File(PatientVolume.Header(new(0, 0, 0), new(1, 0, 0), new(0, 1, 0), 3, 3, 16, 16), values);
    }
}
