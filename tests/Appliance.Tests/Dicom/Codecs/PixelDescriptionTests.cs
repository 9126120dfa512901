using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Codecs;

/// <summary>An image pixel module that contradicts itself is refused before anything is allocated for it.</summary>
public sealed class PixelDescriptionTests
{
    [Fact]
    public void A_plain_CT_slice_is_described_as_it_is()
    {
        PixelDescription description = PixelDescription.Read(Slice()).Value!;
        Assert.Equal(new PixelDescription(4, 6, 1, 1, 16, 12, 11, false, "MONOCHROME2", false, PixelCells.Integer), description);
        Assert.Equal(48, description.FrameBytes);
    }

    public static TheoryData<string, Action<DataSet>> Contradictions => new()
    {
        { "no rows", dataSet => dataSet.Remove(Tags.Rows) },
        { "no row", dataSet => dataSet.SetUInt16(Tags.Rows, 0) },
        { "no columns", dataSet => dataSet.Remove(Tags.Columns) },
        { "no bits allocated", dataSet => dataSet.Remove(Tags.BitsAllocated) },
        { "no bits stored", dataSet => dataSet.Remove(Tags.BitsStored) },
        { "no pixel representation", dataSet => dataSet.Remove(Tags.PixelRepresentation) },
        { "12 bits allocated", dataSet => dataSet.SetUInt16(Tags.BitsAllocated, 12) },
        { "more bits stored than allocated", dataSet => dataSet.SetUInt16(Tags.BitsStored, 17).SetUInt16(Tags.HighBit, 16) },
        { "high bit outside of the cell", dataSet => dataSet.SetUInt16(Tags.HighBit, 16) },
        { "high bit below the stored bits", dataSet => dataSet.SetUInt16(Tags.HighBit, 10) },
        { "pixel representation 2", dataSet => dataSet.SetUInt16(Tags.PixelRepresentation, 2) },
        { "two samples", dataSet => dataSet.SetUInt16(Tags.SamplesPerPixel, 2) },
        { "monochrome of three samples", dataSet => dataSet.SetUInt16(Tags.SamplesPerPixel, 3) },
        { "colour of one sample", dataSet => dataSet.SetString(Tags.PhotometricInterpretation, Vr.CS, "RGB") },
        { "no frame", dataSet => dataSet.SetIntegerString(Tags.NumberOfFrames, 0) },
        { "minus one frame", dataSet => dataSet.SetIntegerString(Tags.NumberOfFrames, -1) },
        { "frames that are no number", dataSet => dataSet.SetString(Tags.NumberOfFrames, Vr.IS, "1A") },
        { "too many frames", dataSet => dataSet.SetIntegerString(Tags.NumberOfFrames, int.MaxValue) },
        { "a frame of 8 GB", dataSet => dataSet.SetUInt16(Tags.Rows, 65535).SetUInt16(Tags.Columns, 65535) },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_contradiction_is_refused(string what, Action<DataSet> change)
    {
        DataSet dataSet = Slice();
        change(dataSet);
        Parsed<PixelDescription> parsed = PixelDescription.Read(dataSet);
        Assert.True(parsed.Failed, what);
        Assert.Equal(MalformedReason.BadPixelDescription, parsed.Malformed.Reason);
    }

    [Fact]
    public void A_value_shorter_than_its_frames_is_refused_and_a_longer_one_is_not()
    {
        DataSet dataSet = Slice();
        Assert.False(Decode(dataSet, 0).Failed);
        dataSet.SetBytes(Tags.PixelData, Vr.OW, new byte[46]);
        Assert.Equal(MalformedReason.BadPixelStream, Decode(dataSet, 0).Malformed?.Reason);
        dataSet.SetBytes(Tags.PixelData, Vr.OW, new byte[50]).SetIntegerString(Tags.NumberOfFrames, 2);
        Assert.False(Decode(dataSet, 0).Failed);
        Assert.Equal(MalformedReason.BadPixelStream, Decode(dataSet, 1).Malformed?.Reason);
        Assert.Equal(MalformedReason.BadPixelDescription, Decode(dataSet, 2).Malformed?.Reason);
    }

    [Fact]
    public void An_image_without_pixel_data_is_refused()
    {
        DataSet dataSet = Slice();
        dataSet.Remove(Tags.PixelData);
        Assert.Equal(MalformedReason.BadPixelStream, Decode(dataSet, 0).Malformed?.Reason);
    }

    [Fact]
    public void Native_pixels_under_a_compressed_syntax_are_refused() =>
        Assert.Equal(MalformedReason.BadPixelStream, PixelDataReader.Decode(Slice(), TransferSyntax.RleLossless, 0).Malformed?.Reason);

    [Theory]
    [InlineData(false, 15, 12, 0x7FF8, 0x7FF)]
    [InlineData(true, 15, 12, 0xFFF0, -1)]
    [InlineData(false, 11, 12, 0xF123, 0x123)]
    [InlineData(true, 11, 12, 0x0800, -2048)]
    [InlineData(true, 15, 16, 0x8000, -32768)]
    public void Stored_values_are_the_stored_bits_with_their_sign(bool isSigned, int highBit, int bitsStored, int cell, int expected)
    {
        byte[] pixels = BitConverter.GetBytes((ushort)cell);
        int[] values = new int[1];
        new DecodedFrame(1, 1, 1, 16, bitsStored, highBit, isSigned, PixelCells.Integer, "MONOCHROME2", pixels).CopyStoredValues(values);
        Assert.Equal(expected, values[0]);
    }

    [Fact]
    public void An_absent_JPEG_2000_library_is_named_with_its_remedy()
    {
        Malformed? absent = OpenJpeg.Absent("libopenjp2.so.4711");
        Assert.Equal(MalformedReason.TransferSyntax, absent?.Reason);
        Assert.Contains("libopenjp2.so.4711", absent!.Text, StringComparison.Ordinal);
        Assert.Contains("apt install libopenjp2-7", absent.Text, StringComparison.Ordinal);
    }

    private static Parsed<DecodedFrame> Decode(DataSet dataSet, int frame) =>
        PixelDataReader.Decode(dataSet, TransferSyntax.ExplicitLittleEndian, frame);

    private static DataSet Slice() => ImageFolder.Image(4, 6, 1, 16, 12).SetBytes(Tags.PixelData, Vr.OW, new byte[48]);
}
