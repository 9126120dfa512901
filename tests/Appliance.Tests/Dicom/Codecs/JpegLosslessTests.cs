using System.Runtime.InteropServices;
using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Codecs;

/// <summary>What lossless JPEG may look like beyond the real files, judged by dcmtk's coder and decoder.</summary>
public sealed class JpegLosslessTests
{
    private const int Rows = 37;
    private const int Columns = 53;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void A_CT_slice_coded_by_dcmtk_with_any_predictor_decodes_to_itself(int predictor)
    {
        using ImageFolder folder = new("dcmcjpeg");
        DicomFile original = PixelFiles.Read("CTImage.dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm");
        string plain = folder.Write("plain.dcm", original);
        string coded = folder.Path("coded.dcm");
        folder.Run("dcmcjpeg", "+el", "+sv", $"{predictor}", plain, coded);

        DicomFile file = DicomFileReader.Read(File.ReadAllBytes(coded)).Value!;
        Assert.Equal(TransferSyntax.JpegLossless, file.Syntax);
        Assert.Equal(original.DataSet.GetBytes(Tags.PixelData), PixelDataReader.Decode(file, 0).Value!.Pixels);
    }

    public static TheoryData<int, int, int, int, int, bool> Codestreams
    {
        get
        {
            TheoryData<int, int, int, int, int, bool> cases = [];
            for (int precision = 2; precision <= 16; precision++)
            {
                cases.Add(1, precision, 1 + (precision % 7), 0, precision % 5, false);
            }

            for (int predictor = 1; predictor <= 7; predictor++)
            {
                cases.Add(3, 8, predictor, 0, 0, false);
                cases.Add(3, 8, predictor, 0, 1 + predictor, true);
                cases.Add(1, 12, predictor, 3, 4, false);
            }

            cases.Add(3, 16, 7, 2, 1, true);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Codestreams))]
    public void A_codestream_with_restarts_point_transform_or_separate_scans_decodes_as_written(
        int components, int precision, int predictor, int pointTransform, int restartRows, bool hasScanPerComponent)
    {
        ushort[] samples = Samples(components, precision);
        JpegLosslessWriter writer = new(Rows, Columns, components, precision)
        {
            Predictor = predictor,
            PointTransform = pointTransform,
            RestartRows = restartRows,
            HasScanPerComponent = hasScanPerComponent,
        };
        DicomFile file = Image(writer.Write(samples), components, precision);
        byte[] expected = Bytes(samples, precision, pointTransform);

        Parsed<DecodedFrame> decoded = PixelDataReader.Decode(file, 0);

        Assert.Null(decoded.Malformed);
        Assert.Equal(expected, decoded.Value!.Pixels.ToArray());
    }

    [Theory]
    [InlineData(1, 16, 1, 0, 0, false)]
    [InlineData(1, 12, 4, 0, 5, false)]
    [InlineData(3, 8, 6, 0, 3, false)]
    [InlineData(3, 8, 7, 0, 0, true)]
    public void The_writer_of_these_tests_is_understood_by_dcmtk(
        int components, int precision, int predictor, int pointTransform, int restartRows, bool hasScanPerComponent)
    {
        using ImageFolder folder = new("dcmdjpeg");
        ushort[] samples = Samples(components, precision);
        JpegLosslessWriter writer = new(Rows, Columns, components, precision)
        {
            Predictor = predictor,
            PointTransform = pointTransform,
            RestartRows = restartRows,
            HasScanPerComponent = hasScanPerComponent,
        };
        string coded = folder.Write("coded.dcm", Image(writer.Write(samples), components, precision));
        string plain = folder.Path("plain.dcm");
        folder.Run("dcmdjpeg", "+cn", coded, plain);

        DicomFile file = DicomFileReader.Read(File.ReadAllBytes(plain)).Value!;
        Assert.Equal(Bytes(samples, precision, pointTransform), PixelDataReader.Decode(file, 0).Value!.Pixels.ToArray());
    }

    [Fact]
    public void A_signed_image_of_twelve_stored_bits_gets_its_sign_back()
    {
        ushort[] samples = Samples(1, 12);
        DicomFile file = Image(new JpegLosslessWriter(Rows, Columns, 1, 12).Write(samples), 1, 12);
        file.DataSet.SetUInt16(Tags.PixelRepresentation, 1);

        short[] cells = MemoryMarshal.Cast<byte, short>(PixelDataReader.Decode(file, 0).Value!.Pixels.Span).ToArray();

        Assert.Equal([.. samples.Select(sample => (short)(sample >= 2048 ? sample - 4096 : sample))], cells);
    }

    [Fact]
    public void A_codestream_of_another_size_depth_or_number_of_components_is_refused()
    {
        byte[] codestream = new JpegLosslessWriter(Rows, Columns, 1, 12).Write(Samples(1, 12));
        Refused(codestream, dataSet => dataSet.SetUInt16(Tags.Rows, Rows + 1));
        Refused(codestream, dataSet => dataSet.SetUInt16(Tags.Columns, Columns - 1));
        Refused(codestream, dataSet => dataSet.SetUInt16(Tags.BitsAllocated, 8).SetUInt16(Tags.BitsStored, 8).SetUInt16(Tags.HighBit, 7));
        Refused(codestream, dataSet => dataSet.SetUInt16(Tags.SamplesPerPixel, 3).SetString(Tags.PhotometricInterpretation, Vr.CS, "RGB"));
    }

    private static void Refused(byte[] codestream, Action<DataSet> change)
    {
        DicomFile file = Image(codestream, 1, 12);
        Assert.False(PixelDataReader.Decode(file, 0).Failed);
        change(file.DataSet);
        Assert.Equal(MalformedReason.BadPixelStream, PixelDataReader.Decode(file, 0).Malformed?.Reason);
    }

    /// <summary>Ramps with noise and the extremes of the range, so that every category of difference occurs.</summary>
    private static ushort[] Samples(int components, int precision)
    {
        Random random = new(precision);
        int most = (1 << precision) - 1;
        ushort[] samples = new ushort[Rows * Columns * components];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (ushort)(i % 97 == 0 ? most : i % 89 == 0 ? 0 : Math.Clamp((i * 7) + random.Next(-9, 9), 0, int.MaxValue) & most);
        }

        return samples;
    }

    private static byte[] Bytes(ushort[] samples, int precision, int pointTransform)
    {
        ushort[] kept = [.. samples.Select(sample => (ushort)(sample >> pointTransform << pointTransform))];
        return precision > 8 ? MemoryMarshal.AsBytes(kept.AsSpan()).ToArray() : [.. kept.Select(sample => (byte)sample)];
    }

    private static DicomFile Image(byte[] codestream, int components, int precision)
    {
        DataSet dataSet = ImageFolder.Image(Rows, Columns, components, precision > 8 ? 16 : 8, precision);
        dataSet.Put(Element.FromFragments(Tags.PixelData, Vr.OB, [default, codestream.Length % 2 == 0 ? codestream : [.. codestream, 0]]));
        return ImageFolder.FileOf(dataSet, TransferSyntax.JpegLossless);
    }
}
