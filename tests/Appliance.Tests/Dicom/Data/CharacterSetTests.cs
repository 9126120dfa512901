using Appliance.Dicom.Data;
using Appliance.Tests.Dicom.Data.Judges;
using Appliance.Tests.House;
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
        // Debian's dcmtk converts by the iconv of the C library, which has none of the ISO 2022 sets.
        (string Terms, string Text)[] samples = [.. Samples.Where(sample => judge != "dcmtk" || !sample.Terms.Contains('\\'))];
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
            Assert.Equal(
                samples.Select(sample => "one%000D%000A" + sample.Text),
                read.Select(lines => lines.GetValueOrDefault("00104000")?.Value));
        });
    }

    [Fact]
    public void Text_that_pydicom_encodes_is_decoded_by_us() => InFolder(folder =>
    {
        string list = Path.Combine(folder, "list");
        File.WriteAllLines(list, Samples.Select((sample, i) => $"{Path.Combine(folder, $"{i}.dcm")}\t{sample.Terms}\t{sample.Text}"));
        string script = Path.Combine(Checkout.Root, "tests", "Appliance.Tests", "Dicom", "Data", "Judges", "write_text.py");
        (int status, _, string error) = Corpus.Run(Judge.Python(), script, list);
        Assert.True(status == 0, error);

        byte[][] files = [.. Samples.Select((_, i) => File.ReadAllBytes(Path.Combine(folder, $"{i}.dcm")))];
        DataSet[] sets = [.. files.Select(file => DicomFileReader.Read(file).Value!.DataSet)];
        Assert.Equal(Samples.Select(sample => sample.Text), sets.Select(set => set.GetString(Tags.PatientName)));
        Assert.Equal(
            Samples.Where(sample => !sample.Terms.Contains("IR 13")).Select(sample => "one\r\n" + sample.Text),
            sets.Select(set => set.GetString(Tags.PatientComments)).OfType<string>());
    });

    /// <summary>
    /// Bytes as PS3.5 annexes H and K have them, and of the two sets that neither judge has (ISO 8859-15; GB 2312, which pydicom
    /// encodes without escape sequences).
    /// </summary>
    [Theory]
    [InlineData(
        "\\ISO 2022 IR 87",
        "Yamada^Tarou=山田^太郎=やまだ^たろう",
        "59616D6164615E5461726F753D1B24423B3345441B28425E1B244242404F3A1B28423D1B24422464245E24401B28425E1B2442243F246D24261B2842")]
    [InlineData("\\ISO 2022 IR 58", "Zhang^XiaoDong=张^小东", "5A68616E675E5869616F446F6E673D1B242941D5C55E1B242941D0A1B6AB")]
    [InlineData("ISO_IR 203", "Œuvre^€", "BC757672655EA420")]
    public void Examples_of_the_standard_are_decoded_and_encoded_byte_for_byte(string terms, string text, string hex)
    {
        DataSet set = new DataSet().SetString(Tags.SpecificCharacterSet, Vr.CS, terms).SetString(Tags.PatientName, Vr.PN, text);
        Assert.Equal(hex, Convert.ToHexString(set.GetBytes(Tags.PatientName).Span));

        Assert.Equal(text, set.SetBytes(Tags.PatientName, Vr.PN, Convert.FromHexString(hex)).GetString(Tags.PatientName));
    }

    [Fact]
    public void Items_have_the_character_set_of_the_data_set_around_them()
    {
        DataSet set = new DataSet()
            .SetString(Tags.SpecificCharacterSet, Vr.CS, "ISO_IR 144")
            .SetItems(Tags.OtherPatientIDsSequence, new DataSet().SetItems(Tags.IssuerOfPatientIDQualifiersSequence, new DataSet()));
        DataSet inner = set.GetItem(Tags.OtherPatientIDsSequence)!.GetItem(Tags.IssuerOfPatientIDQualifiersSequence)!;
        inner.SetString(Tags.UniversalEntityID, Vr.UT, "Иван");

        TransferSyntax syntax = TransferSyntax.ExplicitLittleEndian;
        DataSet read = DataSetReader.Read(DataSetWriter.Write(set, syntax), syntax).Value!;
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
