using System.Text;
using System.Text.Json;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Xunit;

namespace Appliance.Tests.Dicom.Objects;

/// <summary>dciodvfy of Debian 12 does not know the SOP class: the rules of PS3.3 are tested one by one, the voxels by pydicom.</summary>
public sealed class LabelMapTests
{
    private readonly List<SegmentDescription> segments = Sources.Segments();

    [Theory]
    [InlineData("axial", 64, 64)]
    [InlineData("oblique", 23, 38)]
    [InlineData("feet first", 37, 41)]
    [InlineData("sagittal", 1, 7)]
    public void Every_rule_of_a_label_map_holds_and_pydicom_finds_every_voxel(string orientation, int rows, int columns)
    {
        Judge.AreHere();
        IReadOnlyList<SourceSlice> sources = SourceSlice.Of(Sources.Ct(orientation, 9, rows, columns));
        byte[] labels = Sources.Labels(9, rows, columns);
        labels[0] = 3;
        DataSet map = LabelMapSegmentation.Create(Request(sources, segments), labels).DataSet!;

        using Judge judge = new();
        TestContext.Current.TestOutputHelper?.WriteLine(Judge.Pydicom(
            "labelmap.py", judge.Write("map.dcm", map), judge.Write("labels", labels),
            judge.Write("expect.json", Expectation(sources, labels))));
    }

    [Fact]
    public void Labels_that_are_segment_numbers_already_are_the_pixel_data_without_a_copy()
    {
        IReadOnlyList<SourceSlice> sources = SourceSlice.Of(Sources.Ct("axial", 2, 8, 8));
        byte[] labels = new byte[2 * 8 * 8];
        labels[5] = 200;
        SegmentDescription[] spleen = [Sources.Segments()[^1]];

        DataSet map = LabelMapSegmentation.Create(Request(sources, spleen), labels).DataSet!;
        labels[6] = 200;

        Assert.Equal(200, map.GetBytes(Tags.PixelData).Span[6]);
    }

    [Fact]
    public void Segments_that_share_a_voxel_are_refused()
    {
        IReadOnlyList<SourceSlice> sources = SourceSlice.Of(Sources.Ct("axial", 2, 8, 8));
        byte[] labels = new byte[2 * 8 * 8];
        labels[5] = 1;
        SegmentDescription liver = Sources.Segments()[0];

        Created map = LabelMapSegmentation.Create(Request(sources, [liver, liver with { LabelValues = [1] }]), labels);

        Assert.Equal(UnsuitableReason.SegmentsOverlap, map.Unsuitable?.Reason);
        Assert.Equal(
            UnsuitableReason.NothingSegmented,
            LabelMapSegmentation.Create(Request(sources, [liver]), new byte[labels.Length]).Unsuitable?.Reason);
    }

    [Fact]
    public void A_report_measures_a_label_map_by_the_numbers_of_its_segments()
    {
        Judge.AreHere();
        IReadOnlyList<SourceSlice> sources = SourceSlice.Of(Sources.Ct("axial", 2, 8, 8));
        byte[] labels = new byte[2 * 8 * 8];
        labels[5] = 200;
        SegmentDescription spleen = Sources.Segments()[^1];
        DataSet map = LabelMapSegmentation.Create(Request(sources, [spleen]), labels).DataSet!;

        DataSet report = MeasurementReport.Create(new MeasurementReportRequest(
            sources, map, [new SegmentVolume(spleen.TrackingUid, 1.5)], [], Sources.Series(9002, "volumes"))).DataSet!;

        using Judge judge = new();
        string file = judge.Write("sr.dcm", report);
        Assert.Contains("200", Judge.Run("dcmdump", "+P", "0062,000b", file).Output, StringComparison.Ordinal);

        // dciodvfy takes a segment number for an error beside a class that it does not know: to it the same report of the class it knows.
        byte[] known = File.ReadAllBytes(file);
        byte[] unknown = Encoding.ASCII.GetBytes(Uids.LabelMapSegmentationStorage);
        int replaced = 0;
        for (int at; (at = known.AsSpan().IndexOf(unknown)) >= 0; replaced++)
        {
            known[at + unknown.Length - 1] = (byte)'4';
        }

        Assert.Equal(2, replaced);
        Judge.DciodvfyFindsNoError(judge.Write("known.dcm", known));
    }

    private static SegmentationRequest Request(IReadOnlyList<SourceSlice> sources, IReadOnlyList<SegmentDescription> segments) =>
        new(sources, segments, Sources.Algorithm, Sources.Series(9001, "AI organs"));

    private byte[] Expectation(IReadOnlyList<SourceSlice> sources, byte[] labels) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        rows = sources[0].Rows,
        columns = sources[0].Columns,
        slices = sources.Select(source => new
        {
            instance = source.SopInstanceUid,
            position = string.Join('\\', source.Header.GetStrings(Tags.ImagePositionPatient)),
        }),
        segments = segments.Where(segment => labels.AsSpan().IndexOfAny([.. segment.LabelValues]) >= 0)
            .ToDictionary(segment => segment.TrackingUid, segment => segment.LabelValues.Select(value => (int)value)),
    });
}
