using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Codecs;

/// <summary>Compressed pixel data cut short or changed: a value says so, whatever the bytes are.</summary>
public sealed class BrokenPixelTests(ITestOutputHelper output)
{
    private const int Cuts = 400;
    private const int Mutations = 400;

    public static TheoryData<string> CompressedFiles =>
    [
        "MR_small_RLE.dcm",
        "CTImage.dcm_RLELosslessTransferSyntax_1.2.840.10008.1.2.5.dcm",
        "SC_rgb_rle_16bit.dcm",
        "CTImage.dcm_JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70.dcm",
        "CTImage.dcm_JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57.dcm",
        "SC_rgb_jpeg_gdcm.dcm",
        "MR_small_jp2klossless.dcm",
        "CTImage.dcm_JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90.dcm",
        "CTImage.dcm_JPEG2000TransferSyntax_1.2.840.10008.1.2.4.91.dcm",
        "US1_J2KR.dcm",
        "GDCMJ2K_TextGBR.dcm",
    ];

    [Theory]
    [MemberData(nameof(CompressedFiles))]
    public void A_codestream_cut_at_any_length_is_refused_or_was_complete(string name)
    {
        DicomFile file = PixelFiles.Read(name);
        byte[] whole = Decoded(file).Value!.Pixels.ToArray();
        ReadOnlyMemory<byte> codestream = EncapsulatedFrames.Split(file.DataSet, 1).Value![0];
        int refused = 0;
        List<int> complete = [];
        int step = Math.Max(1, codestream.Length / Cuts);
        IEnumerable<int> lengths = Enumerable.Range(0, Math.Min(200, codestream.Length))
            .Concat(Enumerable.Range(0, codestream.Length / step).Select(i => i * step))
            .Concat(Enumerable.Range(Math.Max(0, codestream.Length - 60), Math.Min(60, codestream.Length)));
        foreach (int length in lengths)
        {
            Parsed<DecodedFrame> decoded = Decoded(WithCodestream(file, codestream[..length]));
            if (decoded.Failed)
            {
                refused++;
                continue;
            }

            bool isWhole = decoded.Value.Pixels.Span.SequenceEqual(whole);
            Assert.True(isWhole, $"cut to {length} of {codestream.Length} bytes: another image, and no word");
            complete.Add(codestream.Length - length);
        }

        string without = string.Join(' ', complete.Distinct());
        output.WriteLine($"{codestream.Length} bytes: refused {refused} cuts; complete without the last {without} bytes");
        Assert.True(complete.Count == 0 || complete.Max() <= 64);
    }

    [Theory]
    [MemberData(nameof(CompressedFiles))]
    public void A_codestream_with_random_bytes_changed_never_throws(string name)
    {
        DicomFile file = PixelFiles.Read(name);
        ReadOnlyMemory<byte> codestream = EncapsulatedFrames.Split(file.DataSet, 1).Value![0];
        Random random = new(name.Length);
        int refused = 0;
        int count = file.DataSet.GetInteger(Tags.Rows) > 100 ? Mutations / 4 : Mutations;
        for (int i = 0; i < count; i++)
        {
            // Half of the changes in the headers, where they hurt most.
            byte[] changed = codestream.ToArray();
            int among = i % 2 == 0 ? Math.Min(700, changed.Length) : changed.Length;
            for (int k = random.Next(1, 8); k > 0; k--)
            {
                changed[random.Next(among)] = (byte)random.Next(256);
            }

            refused += Decoded(WithCodestream(file, changed)).Failed ? 1 : 0;
        }

        output.WriteLine($"{refused} of {count} mutated codestreams refused");
    }

    [Fact]
    public void The_codestream_with_a_sequence_delimiter_in_it_is_refused()
    {
        Parsed<DecodedFrame> decoded = Decoded(PixelFiles.Read("JPEG2000-embedded-sequence-delimiter.dcm"));
        Assert.Equal(MalformedReason.BadPixelStream, decoded.Malformed?.Reason);
    }

    private static Parsed<DecodedFrame> Decoded(DicomFile file) => PixelDataReader.Decode(file, 0);

    private static DicomFile WithCodestream(DicomFile file, ReadOnlyMemory<byte> codestream) => file with
    {
        DataSet = file.DataSet.Copy().Put(Element.FromFragments(Tags.PixelData, Vr.OB, [default, codestream])),
    };
}
