using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Appliance.Tests.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Codecs;

/// <summary>
/// What a receiver gets that takes explicit little endian only: read by pydicom and dcmdump, the pixels of the other decoders.
/// </summary>
public sealed class TranscodeTests(ITestOutputHelper output)
{
    private static readonly Tag[] MayChange =
    [
        Tags.PixelData, Tags.PhotometricInterpretation, Tags.PlanarConfiguration, Tags.ExtendedOffsetTable, Tags.ExtendedOffsetTableLengths,
    ];

    /// <summary>Refused for what they say about their pixels: see the exceptions of <see cref="PixelHashTests"/>.</summary>
    private static readonly string[] NotDecompressed = ["sample-op.dcm", "badVR.dcm"];

    private const string HashPixels = """
        import hashlib, sys, warnings, pydicom
        warnings.simplefilter("ignore")
        for line in sys.stdin:
            data = pydicom.dcmread(line.strip())
            assert data.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
            value = data.PixelData if "PixelData" in data else data[0x7FE00008].value if 0x7FE00008 in data else data[0x7FE00009].value
            bits = data.Rows * data.Columns * int(data.get("NumberOfFrames") or 1) * data.get("SamplesPerPixel", 1) * data.BitsAllocated
            if data.PhotometricInterpretation == "YBR_FULL_422":
                bits = bits * 2 // 3
            print(hashlib.sha256(value[:(bits + 7) // 8]).hexdigest(), data.PhotometricInterpretation)
        """;

    [Fact]
    public void Every_lossless_real_file_becomes_explicit_little_endian_with_the_same_pixels_and_elements()
    {
        using ImageFolder folder = new("dcmdump");
        List<(CorpusFile Row, string Path)> written = [];
        foreach (CorpusFile row in Corpus.Files().Where(row => row["pixels_sha256"].Length > 0 && row["lossy"] == "n"))
        {
            DicomFile file = DicomFileReader.Read(PixelFiles.Bytes(row)).Value!;
            if (!PixelDataReader.Supports(file.Syntax) || file.Syntax.Uid == TransferSyntax.ExplicitLittleEndian.Uid
                || NotDecompressed.Contains(Path.GetFileName(row.Name)))
            {
                continue;
            }

            Parsed<DicomFile> transcoded = Transcode.ToExplicitLittleEndian(file);
            Assert.True(!transcoded.Failed, $"{row.Name}: {transcoded.Malformed}");
            AssertSameElements(file.DataSet, transcoded.Value.DataSet, row.Name);
            written.Add((row, folder.Write($"{written.Count}.dcm", transcoded.Value)));
        }

        string list = folder.Path("list");
        File.WriteAllLines(list, written.Select(file => file.Path));
        string[] hashes = Hashes(folder, list);
        for (int i = 0; i < written.Count; i++)
        {
            folder.Run("dcmdump", "-q", written[i].Path);
            Assert.True(hashes[i].StartsWith(written[i].Row["pixels_sha256"], StringComparison.Ordinal), written[i].Row.Name);
        }

        output.WriteLine($"{written.Count} files transcoded, read by pydicom and dcmdump, pixels equal");
        Assert.True(written.Count > 80);
    }

    [Fact]
    public void A_component_transform_that_decoding_undoes_makes_the_image_RGB()
    {
        DicomFile file = PixelFiles.Read("US1_J2KR.dcm");
        Assert.Equal("YBR_RCT", file.DataSet.GetString(Tags.PhotometricInterpretation));
        DicomFile transcoded = Transcode.ToExplicitLittleEndian(file).Value!;
        Assert.Equal("RGB", transcoded.DataSet.GetString(Tags.PhotometricInterpretation));
        Assert.Equal(PixelFiles.Read("US1_UNCR.dcm").DataSet.GetBytes(Tags.PixelData), transcoded.DataSet.GetBytes(Tags.PixelData));
    }

    [Fact]
    public void All_frames_of_a_fragmented_object_are_decompressed()
    {
        DicomFile file = PixelFiles.Read("CT0012.fragmented_no_bot_jpeg_lossless.57.dcm");
        Assert.True(file.DataSet[Tags.PixelData]!.Fragments!.Count > 3);
        DicomFile transcoded = Transcode.ToExplicitLittleEndian(file).Value!;
        Assert.Equal(2 * 512 * 512 * 2, transcoded.DataSet.GetBytes(Tags.PixelData).Length);
        Assert.Equal(file.SopInstanceUid, transcoded.SopInstanceUid);
    }

    [Fact]
    public void Lossy_JPEG_2000_is_decoded_for_analysis_but_not_decompressed_for_a_receiver()
    {
        DicomFile file = PixelFiles.Read("MR2_J2KI.dcm");
        Assert.False(PixelDataReader.Decode(file, 0).Failed);
        Assert.Equal(MalformedReason.TransferSyntax, Transcode.ToExplicitLittleEndian(file).Malformed?.Reason);
    }

    [Fact]
    public void Broken_pixel_data_is_refused_not_sent()
    {
        DicomFile file = PixelFiles.Read("MR_small_RLE.dcm");
        ReadOnlyMemory<byte> frame = file.DataSet[Tags.PixelData]!.Fragments![1];
        file.DataSet.Put(Element.FromFragments(Tags.PixelData, Vr.OB, [default, frame[..^100]]));
        Assert.Equal(MalformedReason.BadPixelStream, Transcode.ToExplicitLittleEndian(file).Malformed?.Reason);
    }

    private static string[] Hashes(ImageFolder folder, string list) =>
        folder.Run("/bin/sh", "-c", $"/usr/bin/python3 -c '{HashPixels}' < '{list}'").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void AssertSameElements(DataSet before, DataSet after, string name)
    {
        foreach (Element element in before.Where(element => !MayChange.Contains(element.Tag)))
        {
            Assert.True(ReferenceEquals(element, after[element.Tag]), $"{name}: {element.Tag} changed");
        }

        Assert.True(after.All(element => before.Contains(element.Tag) || MayChange.Contains(element.Tag)), $"{name}: elements added");
    }
}
