using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Phantom.Anatomy;
using Appliance.Phantom.Comparison;
using Appliance.Phantom.Series;
using Xunit;

namespace Appliance.Tests.Phantom;

public sealed class DiceTests
{
    private static readonly CodedConcept Anatomy = new("123037004", "SCT", "Anatomical Structure");

    [Theory]
    [InlineData(Orientation.Axial)]
    [InlineData(Orientation.FeetFirst)]
    [InlineData(Orientation.Sagittal)]
    [InlineData(Orientation.Oblique)]
    public void The_truth_as_a_segmentation_scores_one(Orientation orientation)
    {
        using PassingFolder folder = new();
        SmallSeries series = new(folder.File("series"), orientation);
        TruthVolume truth = TruthVolume.Read(series.Folder)!;

        DiceScore score = DiceScore.Of(SegmentationVolume.Read(Segment(series, truth.Labels, folder)), truth);

        Assert.Equal(1, score.Dice["liver"]);
        Assert.Equal(1, score.Dice["kidney_left"]);
        Assert.Equal(truth.Count(Organ.Lung), score.Found["lung"]);
        Assert.Equal(1, score.Dice["lung"]);
    }

    [Fact]
    public void A_mask_moved_by_one_row_scores_what_the_counts_say()
    {
        using PassingFolder folder = new();
        SmallSeries series = new(folder.File("series"), Orientation.Axial);
        TruthVolume truth = TruthVolume.Read(series.Folder)!;
        byte[] moved = new byte[truth.Labels.Length];
        truth.Labels.AsSpan(0, moved.Length - truth.Columns).CopyTo(moved.AsSpan(truth.Columns));

        DiceScore score = DiceScore.Of(SegmentationVolume.Read(Segment(series, moved, folder)), truth);

        long both = Enumerable.Range(0, moved.Length).LongCount(i => moved[i] == 1 && truth.Labels[i] == 1);
        Assert.Equal(2.0 * both / (truth.Count(Organ.Liver) + score.Found["liver"]), score.Dice["liver"], 12);
        Assert.InRange(score.Dice["liver"], .5, .99);
    }

    /// <summary>Writes the labels as our segmentation of the series.</summary>
    private static string Segment(SmallSeries series, byte[] labels, PassingFolder folder)
    {
        // Sources along the normal: an axial series was acquired against it.
        SeriesGeometry geometry = series.Geometry;
        DataSet[] sources = [.. Enumerable.Range(0, geometry.Slices).Select(slice => series.Objects[geometry.AcquiredAs(slice)])];
        CodedConcept kidney = new("64033007", "SCT", "Kidney");
        SegmentDescription[] segments =
        [
            new([1, 11], "Liver", Anatomy, new("10200004", "SCT", "Liver"), (200, 0, 0)),
            new([3], "Right kidney", Anatomy, kidney, (0, 200, 0)) { TypeModifier = new("24028007", "SCT", "Right") },
            new([4], "Left kidney", Anatomy, kidney, (0, 0, 200)) { TypeModifier = new("7771000", "SCT", "Left") },
            new([5], "Lung", Anatomy, new("39607008", "SCT", "Lung"), (0, 200, 200)),
        ];
        AlgorithmIdentification algorithm = new("test", "1", "nobody");
        EquipmentIdentification equipment = new("a", "b", "c", "d");
        ResultSeries results = new(900, "test", DateTimeOffset.UnixEpoch, equipment, [algorithm]);
        byte[] asLiver = [.. labels.Select(label => label == (byte)Organ.LiverTumour ? (byte)Organ.Background : label)];
        DataSet set = Segmentation.Create(
            new SegmentationRequest(SourceSlice.Of(sources), segments, algorithm, results),
            Dicom.Objects.Sources.Packed(asLiver, asLiver.Length / geometry.Slices)).DataSet!;
        DataSet meta = FileMeta.Create(Uids.SegmentationStorage, set.GetString(Tags.SOPInstanceUID)!, TransferSyntax.ExplicitLittleEndian);
        string path = folder.File("seg.dcm");
        File.WriteAllBytes(path, DicomFileWriter.Write(new DicomFile(meta, TransferSyntax.ExplicitLittleEndian, set)));
        return path;
    }
}
