using System.Globalization;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Xunit;

namespace Appliance.Tests.Dicom.Objects;

public sealed class MeasurementReportTests
{
    [Fact]
    public void Every_judge_reads_the_report_and_finds_each_volume_at_its_segment()
    {
        Judge.AreHere();
        List<DataSet> headers = Sources.Ct("oblique", 6, 23, 38);
        (DataSet report, DataSet segmentation, IReadOnlyList<SegmentVolume> volumes) = Report(headers);

        string found = IsJudgedRight(report);

        string group = "126000/126010/125007";
        foreach ((DataSet segment, SegmentVolume volume) in segmentation.GetItems(Tags.SegmentSequence).Zip(volumes))
        {
            string reference = $"{segmentation.GetString(Tags.SOPInstanceUID)}#{segment.GetInteger(Tags.SegmentNumber)}";
            Assert.Contains($"{group}/121191: {reference}", found, StringComparison.Ordinal);
            Assert.Contains($"{group}/112040: {volume.TrackingUid}", found, StringComparison.Ordinal);
            string millilitres = Math.Round(volume.Millilitres, 3).ToString(CultureInfo.InvariantCulture);
            Assert.Contains($"{group}/118565006: {millilitres} ml", found, StringComparison.Ordinal);
        }

        Assert.Contains($"{group}/121232: {headers[0].GetString(Tags.SeriesInstanceUID)}", found, StringComparison.Ordinal);
        Assert.Contains($"{group}/118565006/370129005: 126030", found, StringComparison.Ordinal);
        Assert.Contains($"{group}/111001: ct-organs", found, StringComparison.Ordinal);
        Assert.Contains("126000/121058: 25045-6", found, StringComparison.Ordinal);
        Assert.Contains("126000/121106: Not for diagnostic use.", found, StringComparison.Ordinal);
        Assert.Contains("evidence: 7", found, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sides_of_a_paired_organ_are_told_apart_by_laterality()
    {
        Judge.AreHere();
        string found = IsJudgedRight(Report(Sources.Ct("axial", 2, 23, 38)).Report);

        Assert.Contains("125007/363698007/272741003: 24028007", found, StringComparison.Ordinal);
        Assert.Contains("125007/363698007/272741003: 7771000", found, StringComparison.Ordinal);
        Assert.Equal(2, found.Split("/272741003: ").Length - 1);
    }

    [Fact]
    public void The_report_of_a_real_CT_names_the_procedure_of_the_source()
    {
        Judge.AreHere();
        Assert.Contains("126000/121058: NPONKINF", IsJudgedRight(Report(Sources.RealCt()).Report), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_was_found_the_report_says_so()
    {
        Judge.AreHere();
        IReadOnlyList<SourceSlice> sources = SourceSlice.Of(Sources.Ct("axial", 3, 8, 8));
        ResultSeries series = Sources.Series(9003, "AI measurements");

        string none = IsJudgedRight(MeasurementReport.Create(new(sources, null, [], [], series)).DataSet!);
        string all = IsJudgedRight(MeasurementReport.Create(new(sources, null, [], Sources.Segments(), series)).DataSet!);

        Assert.Contains("C0034375/121071: Nothing was segmented in this series.", none, StringComparison.Ordinal);
        Assert.Contains("C0034375/121071: spleen: not found in this series.", all, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_is_unverified_and_names_its_algorithm_as_contributing_equipment()
    {
        DataSet report = Report(Sources.Ct("axial", 2, 23, 38)).Report;

        Assert.Equal("UNVERIFIED", report.GetString(Tags.VerificationFlag));
        DataSet equipment = Assert.Single(report.GetItems(Tags.ContributingEquipmentSequence));
        Assert.True(Codes.ProcessingEquipment.Means(equipment.GetCode(Tags.PurposeOfReferenceCodeSequence)));
        Assert.Equal("ct-organs", equipment.GetString(Tags.ManufacturerModelName));
        Assert.Equal("0.1.0", equipment.GetString(Tags.SoftwareVersions));
    }

    private static (DataSet Report, DataSet Segmentation, IReadOnlyList<SegmentVolume> Volumes) Report(List<DataSet> headers)
    {
        IReadOnlyList<SourceSlice> sources = SourceSlice.Of(headers);
        byte[] labels = new byte[sources.Count * sources[0].Rows * sources[0].Columns];
        byte[] values = [1, 3, 4, 7, 200];
        for (int i = 0; i < values.Length; i++)
        {
            labels[(i * 31) + 1] = values[i];
        }

        DataSet segmentation = Segmentation.Create(
            new(sources, Sources.Segments(), Sources.Algorithm, Sources.Series(9001, "AI organs")),
            Sources.Packed(labels, sources)).DataSet!;
        SegmentVolume[] volumes = [.. segmentation.GetItems(Tags.SegmentSequence)
            .Select(segment => new SegmentVolume(segment.GetString(Tags.TrackingUID)!, (Random.Shared.NextDouble() * 2000) + 1))];
        DataSet report = MeasurementReport.Create(
            new(sources, segmentation, volumes, [], Sources.Series(9003, "AI measurements"))).DataSet!;
        return (report, segmentation, volumes);
    }

    private static string IsJudgedRight(DataSet report)
    {
        using Judge judge = new();
        string file = judge.Write("sr.dcm", report);
        Judge.DciodvfyFindsNoError(file);
        (int status, string dump) = Judge.Run("dsrdump", "+Pc", file);
        TestContext.Current.TestOutputHelper?.WriteLine(dump);
        Assert.Equal(0, status);
        Assert.Contains("Comprehensive 3D SR Document", dump, StringComparison.Ordinal);
        Assert.DoesNotContain("E: ", dump, StringComparison.Ordinal);

        // Its checker of text knows no UTF-8 and says so; any other warning is ours.
        string unexpected = dump.Replace("W: The VR checker does not support", "", StringComparison.Ordinal);
        Assert.DoesNotContain("W: ", unexpected, StringComparison.Ordinal);
        return Judge.Pydicom("sr.py", file);
    }
}
