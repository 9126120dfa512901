using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Data;

public sealed class WritingTests
{
    [Theory]
    [InlineData("1.2.840.10008.1.2")]
    [InlineData("1.2.840.10008.1.2.1")]
    [InlineData("1.2.840.10008.1.2.1.99")]
    public void A_data_set_comes_back_as_it_was(string uid)
    {
        TransferSyntax syntax = TransferSyntax.Of(uid);
        DataSet set = SmallDataSet.Create();
        DataSet read = DataSetReader.Read(DataSetWriter.Write(set, syntax), syntax).Value!;

        Assert.Equal(
            DataSetWriter.Write(set, TransferSyntax.ExplicitLittleEndian),
            DataSetWriter.Write(read, TransferSyntax.ExplicitLittleEndian));
        Assert.Equal([-1.5, 0.1, 1e-20], read.GetDoubles(Tags.ImagePositionPatient));
        Assert.Equal(-5L, read.GetInteger(Tags.SmallestImagePixelValue));
    }

    [Fact]
    public void A_stream_gets_the_same_bytes_as_the_memory()
    {
        DataSet set = SmallDataSet.Create()
            .SetBytes(Tags.PixelData, Vr.OW, new byte[200_000])
            .SetString(Tags.TextValue, Vr.UT, new string('x', 40_000));
        DicomFile file = new(new DataSet(), TransferSyntax.ExplicitLittleEndian, set);
        using MemoryStream stream = new();
        DicomFileWriter.Write(file, stream);

        Assert.Equal(DicomFileWriter.Write(file), stream.ToArray());
        Assert.Equal(DataSetWriter.LengthOf(set, file.Syntax), DataSetWriter.Write(set, file.Syntax).Length);
    }

    [Fact]
    public void File_meta_information_is_complete_and_counted()
    {
        DataSet set = SmallDataSet.Create();
        byte[] bytes = DicomFileWriter.Write(new DicomFile(new DataSet(), TransferSyntax.ImplicitLittleEndian, set));
        DicomFile read = DicomFileReader.Read(bytes).Value!;

        Assert.Equal(Oddities.None, read.Oddities);
        Assert.Equal(Uids.CTImageStorage, read.Meta.GetString(Tags.MediaStorageSOPClassUID));
        Assert.Equal("1.2.3", read.Meta.GetString(Tags.MediaStorageSOPInstanceUID));
        Assert.Equal(Uids.ImplicitVRLittleEndian, read.Meta.GetString(Tags.TransferSyntaxUID));
        Assert.Equal(Implementation.ClassUid, read.Meta.GetString(Tags.ImplementationClassUID));
        Assert.Equal(
            bytes.Length - DataSetWriter.LengthOf(set, read.Syntax),
            128 + 4 + 12 + read.Meta.GetInteger(Tags.FileMetaInformationGroupLength));
    }

    [Fact]
    public void A_head_and_the_bytes_of_a_data_set_are_a_file()
    {
        byte[] dataSet = DataSetWriter.Write(SmallDataSet.Create(), TransferSyntax.ImplicitLittleEndian);
        byte[] head = DicomFileWriter.Head(FileMeta.Create("1.2", "1.2.3", TransferSyntax.ImplicitLittleEndian, "SCANNER"));
        DicomFile read = DicomFileReader.Read((byte[])[.. head, .. dataSet]).Value!;

        Assert.Equal("SCANNER", read.Meta.GetString(Tags.SourceApplicationEntityTitle));
        Assert.Equal("Doe^Jane", read.DataSet.GetString(Tags.PatientName));
    }

    [Fact]
    public void A_value_too_long_for_its_VR_is_written_as_UN_and_read_by_its_VR()
    {
        string text = string.Join('\\', Enumerable.Repeat("1.25", 20_000));
        DataSet set = new DataSet().SetString(Tags.GridFrameOffsetVector, Vr.DS, text);
        byte[] bytes = DataSetWriter.Write(set, TransferSyntax.ExplicitLittleEndian);
        DataSet read = DataSetReader.Read(bytes, TransferSyntax.ExplicitLittleEndian, out Oddities oddities).Value!;

        Assert.Equal("UN"u8, bytes.AsSpan(4, 2));
        Assert.Equal(Oddities.UnForKnown, oddities);
        Assert.Equal(20_000, read.GetDoubles(Tags.GridFrameOffsetVector).Length);
    }

    [Fact]
    public void A_private_sequence_stays_one_in_implicit_VR()
    {
        Tag tag = new(0x0019, 0x1001);
        DataSet set = new DataSet().SetItems(tag, new DataSet().SetString(Tags.PatientID, Vr.LO, "1"), new DataSet());
        TransferSyntax syntax = TransferSyntax.ImplicitLittleEndian;
        DataSet read = DataSetReader.Read(DataSetWriter.Write(set, syntax), syntax).Value!;

        Assert.Equal(2, read.GetItems(tag).Count);
        Assert.Equal("1", read.GetItem(tag)!.GetString(Tags.PatientID));
    }

    [Fact]
    public void Values_share_memory_with_what_was_read()
    {
        byte[] bytes = DataSetWriter.Write(SmallDataSet.Create(), TransferSyntax.ExplicitLittleEndian);
        DataSet read = DataSetReader.Read(bytes, TransferSyntax.ExplicitLittleEndian).Value!;

        Assert.True(read.GetBytes(Tags.PixelData).Span.Overlaps(bytes));
    }

    [Fact]
    public void Fragments_come_back_as_they_were()
    {
        DataSet set = new DataSet().Put(Element.FromFragments(
            Tags.PixelData, Vr.OB, [Array.Empty<byte>(), new byte[] { 1, 2, 3 }, new byte[] { 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0 }]));
        DataSet read = DataSetReader.Read(DataSetWriter.Write(set, TransferSyntax.RleLossless), TransferSyntax.RleLossless).Value!;
        IReadOnlyList<ReadOnlyMemory<byte>> fragments = read[Tags.PixelData]!.Fragments!;

        Assert.Equal(["", "01020300", "FEFFDDE000000000"], fragments.Select(fragment => Convert.ToHexString(fragment.Span)));
    }

    [Fact]
    public void A_signed_value_before_its_pixel_representation_is_signed()
    {
        DataSet set = new DataSet()
            .SetInt16(Tags.ZeroVelocityPixelValue, -7)
            .SetItems(Tags.ReferencedImageSequence, new DataSet().SetInt16(Tags.PixelPaddingValue, -8))
            .SetUInt16(Tags.PixelRepresentation, 1)
            .SetItems(Tags.RealWorldValueMappingSequence, new DataSet().SetInt16(Tags.RealWorldValueFirstValueMapped, -9));
        TransferSyntax syntax = TransferSyntax.ImplicitLittleEndian;
        DataSet read = DataSetReader.Read(DataSetWriter.Write(set, syntax), syntax).Value!;

        Assert.Equal(-7L, read.GetInteger(Tags.ZeroVelocityPixelValue));
        Assert.Equal(-8L, read.GetItem(Tags.ReferencedImageSequence)!.GetInteger(Tags.PixelPaddingValue));
        Assert.Equal(-9L, read.GetItem(Tags.RealWorldValueMappingSequence)!.GetInteger(Tags.RealWorldValueFirstValueMapped));
    }

    [Fact]
    public void UIDs_are_those_of_a_UUID()
    {
        string uid = UidGenerator.New();

        Assert.StartsWith("2.25.", uid);
        Assert.InRange(uid.Length, 6, 44);
        Assert.NotEqual(uid, UidGenerator.New());
        Assert.Equal(UidGenerator.FromName("a"), UidGenerator.FromName("a"));
        Assert.NotEqual(UidGenerator.FromName("a"), UidGenerator.FromName("b"));

        // Version 8, variant 2 (RFC 9562 5.8).
        UInt128 uuid = UInt128.Parse(UidGenerator.FromName("a").AsSpan(5), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((8, 2), ((int)(uuid >> 76) & 0xF, (int)(uuid >> 62) & 3));
    }

    [Fact]
    public void Numbers_are_read_from_text_and_bytes()
    {
        DataSet set = new DataSet()
            .SetString(Tags.NumberOfFrames, Vr.IS, " 12 ")
            .SetString(Tags.PixelSpacing, Vr.DS, "0.5", "1e-1 ")
            .SetString(Tags.SliceThickness, Vr.DS, "thick")
            .SetString(Tags.WindowCenter, Vr.DS, "40", "x")
            .SetUInt32(Tags.SimpleFrameList, 1, uint.MaxValue);

        Assert.Equal(12L, set.GetInteger(Tags.NumberOfFrames));
        Assert.Equal([0.5, 0.1], set.GetDoubles(Tags.PixelSpacing));
        Assert.Null(set.GetDouble(Tags.SliceThickness));
        Assert.Equal(40.0, set.GetDouble(Tags.WindowCenter));
        Assert.Empty(set.GetDoubles(Tags.WindowCenter));
        Assert.Equal([1.0, 4294967295.0], set.GetDoubles(Tags.SimpleFrameList));
    }
}
