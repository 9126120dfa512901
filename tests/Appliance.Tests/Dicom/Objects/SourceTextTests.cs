using System.Text;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Xunit;

namespace Appliance.Tests.Dicom.Objects;

/// <summary>Texts of the source arrive in our objects with the same characters. The bytes are those of PS3.5 annexes H to J.</summary>
public sealed class SourceTextTests
{
    private const string Kanji = "1B2442 3B33 45 44 1B2842 5E 1B2442 42404F3A 1B2842";
    private const string Hiragana = "1B2442 2464 245E 2440 1B2842 5E 1B2442 243F 246D 2426 1B2842";

    public static TheoryData<string, string, string> Names => new()
    {
        { "\\ISO 2022 IR 87", "59616D6164615E5461726F75 3D" + Kanji + "3D" + Hiragana, "Yamada^Tarou=山田^太郎=やまだ^たろう" },
        { "ISO_IR 126", "C4E9EFEDF5F3E9EFF2", "Διονυσιος" },
        { "ISO_IR 144", "BBEEDA63 65DCD179 70D3", "Люкceмбypг" },
        { "ISO_IR 100", "4275 63 5E 4AE972F46D65", "Buc^Jérôme" },
        { "ISO_IR 192", "57616E675E5869616F446F6E673DE78E8B5EE5B08FE4B89C", "Wang^XiaoDong=王^小东" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Pydicom_reads_the_same_name_in_every_object(string characterSet, string hex, string name)
    {
        Judge.AreHere();
        DataSet source = Source(characterSet, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        IReadOnlyList<SourceSlice> sources = [new SourceSlice(source)];
        byte[] labels = new byte[64];
        labels[9] = 1;
        SegmentDescription liver = new([1], "Leber, größte", Codes.AnatomicalStructure, Codes.Liver, (1, 2, 3));
        DataSet segmentation = Segmentation.Create(
            new(sources, [liver], Sources.Algorithm, Sources.Series(9001, "Organe")), Sources.Packed(labels, sources)).DataSet!;
        DataSet picture = SecondaryCapture.Create(
            new(sources[0], 1, new byte[192], "Überlagert.", Sources.Series(9002, "Bilder"))).DataSet!;
        DataSet report = MeasurementReport.Create(
            new(sources, segmentation, [new(liver.TrackingUid, 1500)], [], Sources.Series(9003, "Maße"))).DataSet!;

        using Judge judge = new();
        DataSet[] objects = [segmentation, picture, report];
        foreach (DataSet made in objects)
        {
            string file = judge.Write("object.dcm", made);
            string last = name.Split('=')[^1];
            Assert.Equal([name, last, last, last], Judge.Pydicom("text.py", file).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Judge.DciodvfyFindsNoError(file);
        }

        string content = Judge.Pydicom("sr.py", judge.PathOf("object.dcm"));
        Assert.Contains("126000/126010/125007/112039: Leber, größte", content, StringComparison.Ordinal);
    }

    private static DataSet Source(string characterSet, byte[] name)
    {
        // The last group of the name stands for free text in the same character set.
        byte[] text = name[(Array.LastIndexOf(name, (byte)'=') + 1)..];
        DataSet header = Sources.Ct("axial", 1, 8, 8)[0];
        DataSet source = new DataSet().SetBytes(Tags.SpecificCharacterSet, Vr.CS, Encoding.ASCII.GetBytes(characterSet));
        foreach (Element element in header)
        {
            source.Put(element);
        }

        DataSet procedure = new DataSet()
            .SetBytes(Tags.CodeValue, Vr.SH, "P1"u8.ToArray())
            .SetBytes(Tags.CodingSchemeDesignator, Vr.SH, "99LOCAL"u8.ToArray())
            .SetBytes(Tags.CodeMeaning, Vr.LO, text);
        DataSet otherId = new DataSet().SetBytes(Tags.PatientID, Vr.LO, text).SetBytes(Tags.TypeOfPatientID, Vr.CS, "TEXT"u8.ToArray());
        DataSet made = source.SetBytes(Tags.PatientName, Vr.PN, name)
            .SetBytes(Tags.StudyDescription, Vr.LO, text)
            .SetItems(Tags.ProcedureCodeSequence, procedure)
            .SetItems(Tags.OtherPatientIDsSequence, otherId);

        // Through bytes, as a source comes: items then have the character set of their data set.
        return DicomFileReader.Read(DicomFileWriter.Write(new DicomFile(
            FileMeta.Create(Uids.CTImageStorage, made.GetString(Tags.SOPInstanceUID)!, TransferSyntax.ExplicitLittleEndian),
            TransferSyntax.ExplicitLittleEndian,
            made))).Value!.DataSet;
    }
}
