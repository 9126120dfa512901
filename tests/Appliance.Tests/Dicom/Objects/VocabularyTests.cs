using System.Reflection;
using System.Text.Json;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Xunit;

namespace Appliance.Tests.Dicom.Objects;

public sealed class VocabularyTests
{
    /// <summary>Codes that pydicom's dictionary of PS3.16 (2.3.1) lacks, each with the clause where it stands.</summary>
    private static readonly string[] BeyondPydicom =
    [
        "C0034375 UMLS", // TID 1500, row of the qualitative evaluations
        "276214006 SCT", // TID 1411, row of the finding category
        "SUPERSEDED 99APPLIANCE", // ours: CID 7201 has no purpose of reference for what an image replaces
        "en RFC5646", // CID 5000 takes the tags of RFC 5646
        "ml UCUM", // CID 82 takes all of UCUM
    ];

    [Fact]
    public void Each_code_has_the_meaning_that_the_standard_gives_it()
    {
        Judge.AreHere();
        List<CodedConcept> codes = [.. typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null)).OfType<CodedConcept>()];
        Assert.True(codes.Count > 40);

        using Judge judge = new();
        string list = judge.PathOf("codes");
        File.WriteAllLines(list, codes.Select(code => $"{code.Value}\t{code.Scheme}\t{code.Meaning}"));
        string[] unknown = Judge.Pydicom("codes.py", list).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(BeyondPydicom.Order(), unknown.Select(line => string.Join(' ', line.Split('\t')[..2])).Order());
    }

    [Fact]
    public void Colours_become_the_CIELab_values_of_the_manifest()
    {
        string manifest = Path.Combine(Sources.Root(), "image/apps/ct-organs/manifest.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(manifest));
        int compared = 0;
        foreach (JsonElement organ in document.RootElement.GetProperty("classes").EnumerateArray())
        {
            if (!organ.TryGetProperty("rgb", out JsonElement colour))
            {
                continue;
            }

            byte[] rgb = [.. colour.EnumerateArray().Select(value => value.GetByte())];
            int[] lab = [.. organ.GetProperty("recommendedDisplayCIELab").EnumerateArray().Select(value => value.GetInt32())];
            ushort[] ours = CieLab.Of(rgb[0], rgb[1], rgb[2]);
            for (int i = 0; i < 3; i++)
            {
                // 257 is one step of 8-bit Lab.
                Assert.True(Math.Abs(lab[i] - ours[i]) < 257,
                    $"{organ.GetProperty("name")}: {string.Join(',', ours)} for {string.Join(',', lab)}");
            }

            compared++;
        }

        Assert.Equal(11, compared);
    }

    [Fact]
    public void White_black_and_grey_have_no_colour_in_CIELab()
    {
        Assert.Equal([65535, 0x8080, 0x8080], CieLab.Of(255, 255, 255).Select(value => (int)value));
        Assert.Equal([0, 0x8080, 0x8080], CieLab.Of(0, 0, 0).Select(value => (int)value));
    }

    [Fact]
    public void Codes_with_the_same_value_and_scheme_mean_the_same_whatever_their_words()
    {
        Assert.True(Codes.Liver.Means(new CodedConcept("10200004", "SCT", "Leber")));
        Assert.False(Codes.Liver.Means(new CodedConcept("10200004", "99X", "Liver")));
        Assert.Null(CodedConcept.Of(new DataSet().SetString(Tags.CodeValue, Vr.SH, "1")));
    }

    [Fact]
    public void The_device_keeps_its_UID_and_another_serial_number_has_another()
    {
        EquipmentIdentification device = new("a", "b", "c", "1.0");

        Assert.Equal(device.DeviceUid, new EquipmentIdentification("a", "b", "c", "2.0").DeviceUid);
        Assert.NotEqual(device.DeviceUid, new EquipmentIdentification("a", "b", "d", "1.0").DeviceUid);
        Assert.Matches(@"^2\.25\.[1-9][0-9]{1,38}$", device.DeviceUid);
    }
}
