using Appliance.Dicom.Data;
using Appliance.Tests.Dicom.Data.Judges;
using Appliance.Tests.House;
using Xunit;

namespace Appliance.Tests.Dicom.Data;

public sealed class DataDictionaryTests
{
    [Fact]
    public void The_generator_gives_the_tables_that_are_checked_in()
    {
        string folder = Directory.CreateTempSubdirectory("appliance-dictionary-").FullName;
        try
        {
            string data = Path.Combine(Checkout.Root, "src", "Appliance.Dicom", "Data");
            (int status, _, string error) = Corpus.Run(Judge.Python(), Path.Combine(data, "Dictionary", "generate.py"), folder);

            Assert.True(status == 0, error);
            Assert.Equal(
                Directory.GetFiles(data, "*.g.cs").Select(Path.GetFileName).Order(StringComparer.Ordinal),
                Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            foreach (string file in Directory.GetFiles(folder))
            {
                string name = Path.GetFileName(file);
                Assert.True(File.ReadAllText(file) == File.ReadAllText(Path.Combine(data, name)), $"{name} is not what generate.py gives");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Every_element_of_pydicom_has_its_VR_and_keyword_here()
    {
        const string Script = """
            from pydicom._dicom_dict import DicomDictionary
            for tag, (vr, _, _, _, keyword) in DicomDictionary.items():
                print(f"{tag:08X}", vr, keyword)
            """;
        (int status, string output, string error) = Corpus.Run(Judge.Python(), "-c", Script);
        Assert.True(status == 0, error);
        int count = 0;
        foreach (string[] row in output.TrimEnd('\n').Split('\n').Select(line => line.Split(' ')))
        {
            Tag tag = new(Convert.ToUInt32(row[0], 16));
            string keyword = row[^1];
            string vr = string.Join(' ', row[1..^1]);
            Assert.Equal(Expected(vr), DataDictionary.VrOf(tag));
            Assert.Equal(keyword.Length == 0 ? null : keyword, DataDictionary.KeywordOf(tag));
            Assert.Equal(keyword.Length == 0 ? null : tag, keyword.Length == 0 ? null : DataDictionary.TagOf(keyword));
            count++;
        }

        Assert.InRange(count, 4900, 6000);

        static Vr Expected(string vr) => vr switch
        {
            "US or SS" => Vr.US,
            "OB or OW" or "US or OW" or "US or SS or OW" => Vr.OW,
            "NONE" => Vr.UN,
            _ => Enum.Parse<Vr>(vr),
        };
    }

    [Theory]
    [InlineData(0x00080000u, Vr.UL, null)]
    [InlineData(0x00190010u, Vr.LO, null)]
    [InlineData(0x00191010u, Vr.UN, null)]
    [InlineData(0x00190000u, Vr.UL, null)]
    [InlineData(0x60000010u, Vr.US, "OverlayRows")]
    [InlineData(0x601E3000u, Vr.OW, "OverlayData")]
    [InlineData(0x50020005u, Vr.US, "CurveDimensions")]
    [InlineData(0x60010010u, Vr.LO, null)]
    [InlineData(0x00203102u, Vr.CS, "SourceImageIDs")]
    [InlineData(0x7FE00010u, Vr.OW, "PixelData")]
    [InlineData(0x0008FFFEu, Vr.UN, null)]
    public void Groups_and_blocks_have_the_VR_of_their_rule(uint tag, Vr vr, string? keyword)
    {
        Assert.Equal(vr, DataDictionary.VrOf(new Tag(tag)));
        Assert.Equal(keyword, DataDictionary.KeywordOf(new Tag(tag)));
    }

    [Fact]
    public void US_or_SS_follows_the_pixel_representation()
    {
        Assert.Equal(Vr.US, DataDictionary.VrOf(Tags.PixelPaddingValue, pixelsAreSigned: false));
        Assert.Equal(Vr.SS, DataDictionary.VrOf(Tags.PixelPaddingValue, pixelsAreSigned: true));
        Assert.Equal(Vr.US, DataDictionary.VrOf(Tags.Rows, pixelsAreSigned: true));
    }

    [Theory]
    [InlineData("1.2.840.10008.5.1.4.1.1.2", "CT Image Storage")]
    [InlineData("1.2.840.10008.1.1", "Verification SOP Class")]
    [InlineData("1.2.840.10008.5.1.4.1.1.66.7", "Label Map Segmentation Storage")]
    [InlineData("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Image Compression (Lossless Only)")]
    [InlineData("1.2.840.10008.1.1.", null)]
    [InlineData("", null)]
    public void UIDs_have_their_names(string uid, string? name) => Assert.Equal(name, DataDictionary.NameOfUid(uid));

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("Zzz")]
    [InlineData("PatientNameX")]
    public void What_is_no_keyword_has_no_tag(string keyword) => Assert.Null(DataDictionary.TagOf(keyword));
}
