using Appliance.Dicom.Data;
using Appliance.Tests.Dicom.Data.Judges;
using Xunit;

namespace Appliance.Tests.Dicom.Data;

public sealed class CharacterSetTests
{
    /// <summary>Terms of (0008,0005) and a name in that character set; of the multi-byte ones those of PS3.5 annexes H to K.</summary>
    private static readonly (string Terms, string Text)[] Samples =
    [
        ("", "Yamada^Tarou"),
        ("ISO_IR 100", "Buc^Jérôme"),
        ("ISO_IR 101", "Wałęsa^Čapek"),
        ("ISO_IR 109", "Ħaġar^Ġorġ"),
        ("ISO_IR 110", "Jānis^Ģirts"),
        ("ISO_IR 144", "Люксембург^Иван"),
        ("ISO_IR 127", "قباني^لنزار"),
        ("ISO_IR 126", "Διονυσιος^Ωμέγα"),
        ("ISO_IR 138", "שרון^דבורה"),
        ("ISO_IR 148", "Çavuşoğlu^İpek"),
        ("ISO_IR 166", "นามสกุล^ชื่อ"),
        ("ISO_IR 13", "ﾔﾏﾀﾞ^ﾀﾛｳ"),
        ("\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("ISO 2022 IR 13\\ISO 2022 IR 87", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
        ("\\ISO 2022 IR 87\\ISO 2022 IR 159", "A^B=山丂田^丂郎"),
        ("\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞=홍^길동"),
        ("\\ISO 2022 IR 58", "Zhang^XiaoDong=张^小东"),
        ("ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126", "Jérôme^Иван=Διον^é"),
        ("ISO_IR 192", "Wang^XiaoDong=王^小東"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
        ("GBK", "Wang^XiaoDong=王^小东"),
    ];

    [Theory]
    [InlineData("pydicom")]
    [InlineData("dcmtk")]
    public void Text_that_we_encode_is_decoded_by_the_judge(string judge)
    {
        // ISO_IR 203 is unknown to pydicom; dcmtk's iconv has no table for two of the ISO 2022 sets in one name component group.
        (string Terms, string Text)[] samples = [.. Samples, .. judge == "dcmtk" ? [("ISO_IR 203", "Œuvre^€")] : Array.Empty<(string, string)>()];
        InFolder(folder =>
        {
            string[] files = [.. samples.Select((_, i) => Path.Combine(folder, $"{i}.dcm"))];
            for (int i = 0; i < samples.Length; i++)
            {
                DataSet set = new DataSet()
                    .SetString(Tags.SpecificCharacterSet, Vr.CS, samples[i].Terms)
                    .SetString(Tags.PatientName, Vr.PN, samples[i].Text)
                    .SetString(Tags.PatientComments, Vr.LT, "one\r\n" + samples[i].Text);
                Assert.Equal(samples[i].Terms, string.Join('\\', set.GetStrings(Tags.SpecificCharacterSet)));
                DataSet meta = FileMeta.Create("1.2", "1.2.3", TransferSyntax.ExplicitLittleEndian);
                File.WriteAllBytes(files[i], DicomFileWriter.Write(new DicomFile(meta, TransferSyntax.ExplicitLittleEndian, set)));
            }

            IReadOnlyList<Dictionary<string, DumpLine>> read = Judge.Dump(judge, files);
            Assert.Equal(samples.Select(sample => sample.Text), read.Select(lines => lines.GetValueOrDefault("00100010")?.Value));
            Assert.Equal(samples.Select(sample => "one%000D%000A" + sample.Text), read.Select(lines => lines.GetValueOrDefault("00104000")?.Value));
        });
    }

    [Fact]
    public void Text_that_pydicom_encodes_is_decoded_by_us() => InFolder(folder =>
    {
        string list = Path.Combine(folder, "list");
        File.WriteAllLines(list, Samples.Select((sample, i) => $"{Path.Combine(folder, $"{i}.dcm")}\t{sample.Terms}\t{sample.Text}"));
        string script = Path.Combine(Corpus.Checkout, "tests", "Appliance.Tests", "Dicom", "Data", "Judges", "write_text.py");
        (int status, _, string error) = Corpus.Run(Judge.Python(), script, list);
        Assert.True(status == 0, error);

        DataSet[] sets = [.. Samples.Select((_, i) => DicomFileReader.Read(File.ReadAllBytes(Path.Combine(folder, $"{i}.dcm"))).Value!.DataSet)];
        Assert.Equal(Samples.Select(sample => sample.Text), sets.Select(set => set.GetString(Tags.PatientName)));
        Assert.Equal(Samples.Select(sample => "one\r\n" + sample.Text), sets.Select(set => set.GetString(Tags.PatientComments)));
    });

    [Fact]
    public void The_example_of_annex_H_is_decoded_byte_for_byte()
    {
        byte[] name = Convert.FromHexString(
            "59616D6164615E5461726F753D1B24423B3345441B28425E1B244242404F3A1B28423D1B24422464245E24401B28425E1B2442243F246D24261B2842");
        DataSet set = new DataSet().SetString(Tags.SpecificCharacterSet, Vr.CS, "", "ISO 2022 IR 87").SetBytes(Tags.PatientName, Vr.PN, name);

        Assert.Equal("Yamada^Tarou=山田^太郎=やまだ^たろう", set.GetString(Tags.PatientName));
        Assert.Equal(name, new DataSet().SetString(Tags.SpecificCharacterSet, Vr.CS, "", "ISO 2022 IR 87")
            .SetString(Tags.PatientName, Vr.PN, "Yamada^Tarou=山田^太郎=やまだ^たろう").GetBytes(Tags.PatientName).ToArray());
    }

    [Fact]
    public void Items_have_the_character_set_of_the_data_set_around_them()
    {
        DataSet set = new DataSet()
            .SetString(Tags.SpecificCharacterSet, Vr.CS, "ISO_IR 144")
            .SetItems(Tags.OtherPatientIDsSequence, new DataSet().SetItems(Tags.IssuerOfPatientIDQualifiersSequence, new DataSet()));
        DataSet inner = set.GetItem(Tags.OtherPatientIDsSequence)!.GetItem(Tags.IssuerOfPatientIDQualifiersSequence)!;
        inner.SetString(Tags.UniversalEntityID, Vr.UT, "Иван");

        DataSet read = DataSetReader.Read(DataSetWriter.Write(set, TransferSyntax.ExplicitLittleEndian), TransferSyntax.ExplicitLittleEndian).Value!;
        DataSet again = read.GetItem(Tags.OtherPatientIDsSequence)!.GetItem(Tags.IssuerOfPatientIDQualifiersSequence)!;

        Assert.False(inner.Contains(Tags.SpecificCharacterSet));
        Assert.Equal(4, inner.GetBytes(Tags.UniversalEntityID).Length);
        Assert.Equal("Иван", again.GetString(Tags.UniversalEntityID));
    }

    [Fact]
    public void A_character_that_the_set_lacks_changes_the_data_set_to_UTF8_and_nothing_is_lost()
    {
        DataSet set = new DataSet()
            .SetString(Tags.SpecificCharacterSet, Vr.CS, "ISO_IR 100")
            .SetString(Tags.PatientName, Vr.PN, "Buc^Jérôme")
            .SetItems(Tags.OtherPatientIDsSequence, new DataSet().SetString(Tags.PatientID, Vr.LO, "É1"))
            .SetString(Tags.PatientComments, Vr.LT, "山田");

        Assert.Equal("ISO_IR 192", set.GetString(Tags.SpecificCharacterSet));
        Assert.Equal("Buc^Jérôme", set.GetString(Tags.PatientName));
        Assert.Equal("É1", set.GetItem(Tags.OtherPatientIDsSequence)!.GetString(Tags.PatientID));
        Assert.Equal("山田", set.GetString(Tags.PatientComments));
    }

    [Fact]
    public void What_is_copied_from_another_data_set_keeps_its_text()
    {
        DataSet source = new DataSet()
            .SetString(Tags.SpecificCharacterSet, Vr.CS, "ISO_IR 100")
            .SetString(Tags.PatientName, Vr.PN, "Buc^Jérôme")
            .SetItems(Tags.OtherPatientIDsSequence, new DataSet());
        DataSet item = source.GetItem(Tags.OtherPatientIDsSequence)!;
        item.SetString(Tags.PatientID, Vr.LO, "É1");
        DataSet target = new DataSet().UseUtf8().CopyFrom(source, Tags.PatientName).CopyFrom(source, Tags.OtherPatientIDsSequence);

        Assert.Equal("Buc^Jérôme", target.GetString(Tags.PatientName));
        Assert.Equal("É1", target.GetItem(Tags.OtherPatientIDsSequence)!.GetString(Tags.PatientID));
        Assert.Equal([0xC9, 0x31], item.GetBytes(Tags.PatientID).ToArray());
        Assert.Equal("É1", item.GetString(Tags.PatientID));
    }

    [Fact]
    public void Items_built_before_their_data_set_take_its_UTF8_without_one_of_their_own()
    {
        DataSet item = new DataSet().SetString(Tags.CodeMeaning, Vr.LO, "Leber, größer");
        Assert.Equal("ISO_IR 192", item.GetString(Tags.SpecificCharacterSet));

        DataSet set = new DataSet().UseUtf8().SetItems(Tags.ConceptNameCodeSequence, item);

        Assert.False(set.GetItem(Tags.ConceptNameCodeSequence)!.Contains(Tags.SpecificCharacterSet));
        Assert.Equal("Leber, größer", set.GetItem(Tags.ConceptNameCodeSequence)!.GetString(Tags.CodeMeaning));
    }

    [Theory]
    [InlineData("ISO-IR 100")]
    [InlineData("ISO IR 100")]
    [InlineData("iso_ir 100 ")]
    public void Bent_spellings_are_understood(string term)
    {
        DataSet set = new DataSet().SetString(Tags.SpecificCharacterSet, Vr.CS, term);
        set.SetBytes(Tags.PatientID, Vr.LO, new byte[] { 0xE9, 0x20 });

        Assert.True(set.CharacterSet.IsKnown);
        Assert.Equal("é", set.GetString(Tags.PatientID));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_decoded_to_something_and_never_throw()
    {
        Random random = new(7);
        foreach ((string terms, _) in Samples)
        {
            SpecificCharacterSet characters = SpecificCharacterSet.Of(System.Text.Encoding.ASCII.GetBytes(terms));
            for (int i = 0; i < 300; i++)
            {
                byte[] bytes = new byte[random.Next(40)];
                random.NextBytes(bytes);
                bytes.AsSpan(0, bytes.Length / 3).Replace((byte)0x20, (byte)0x1B);
                string text = characters.Decode(bytes, Vr.PN);
                characters.TryEncode(text, Vr.PN, out _);
            }
        }
    }

    private static void InFolder(Action<string> test)
    {
        string folder = Directory.CreateTempSubdirectory("appliance-text-").FullName;
        try
        {
            test(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
