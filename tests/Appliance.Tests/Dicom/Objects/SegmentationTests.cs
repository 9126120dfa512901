using System.Text.Json;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Dicom.Objects;

public sealed class SegmentationTests
{
    [Theory]
    [InlineData("axial", 64, 64, false)]
    [InlineData("axial", 23, 38, true)]
    [InlineData("oblique", 23, 38, false)]
    [InlineData("feet first", 37, 41, false)]
    [InlineData("sagittal", 23, 38, false)]
    [InlineData("sagittal", 1, 7, true)]
    public void Pydicom_finds_every_voxel_of_the_mask_at_its_place(string orientation, int rows, int columns, bool keepEmptyFrames)
    {
        Judge.AreHere();
        IReadOnlyList<SourceSlice> sources = SourceSlice.Of(Sources.Ct(orientation, 9, rows, columns));
        IsJudgedRight(sources, Sources.Labels(9, rows, columns), keepEmptyFrames);
    }

    [Fact]
    public void Pydicom_finds_every_voxel_of_a_mask_on_real_CT_slices()
    {
        Judge.AreHere();
        IReadOnlyList<SourceSlice> sources = SourceSlice.Of(Sources.RealCt());
        IsJudgedRight(sources, Sources.Labels(sources.Count, 512, 512), keepEmptyFrames: false);
    }

    [Theory]
    [InlineData(9, 64, 64)]
    [InlineData(3, 4, 6)]
    [InlineData(1, 8, 3)]
    [InlineData(5, 7, 13)]
    public void Frames_packed_by_the_kernel_make_the_segmentation_of_frames_packed_voxel_by_voxel(int count, int rows, int columns)
    {
        byte[] labels = Sources.Labels(count, rows, columns);
        SegmentationRequest request = new(
            SourceSlice.Of(Sources.Ct("axial", count, rows, columns)), Sources.Segments(), Sources.Algorithm, Sources.Series(9001, "all"));
        PackedFrames packed = BitPlanes.Of(labels, rows * columns, [1, 3, 4, 7, 11, 200]);
        byte[] expected = Written(Segmentation.Create(request, Sources.Packed(labels, rows * columns)).DataSet!);
        Assert.Equal(expected, Written(Segmentation.Create(request, packed).DataSet!));
    }

    /// <summary>The dimensions' UID is new each time.</summary>
    private static byte[] Written(DataSet segmentation)
    {
        foreach (DataSet item in (ReadOnlySpan<DataSet>)
            [.. segmentation.GetItems(Tags.DimensionOrganizationSequence), .. segmentation.GetItems(Tags.DimensionIndexSequence)])
        {
            item.SetString(Tags.DimensionOrganizationUID, Vr.UI, "1.2.3");
        }

        using MemoryStream stream = new();
        DataSetWriter.Write(segmentation, TransferSyntax.ExplicitLittleEndian, stream);
        return stream.ToArray();
    }

    [Fact]
    public void A_single_slice_with_a_single_voxel_is_a_segmentation()
    {
        Judge.AreHere();
        byte[] labels = new byte[23 * 38];
        labels[^1] = 200;
        IsJudgedRight(SourceSlice.Of(Sources.Ct("axial", 1, 23, 38)), labels, keepEmptyFrames: false);
    }

    [Fact]
    public void Frames_of_a_multi_frame_source_are_referred_to_by_number()
    {
        Judge.AreHere();
        List<DataSet> singles = Sources.Ct("oblique", 7, 23, 38);
        DataSet enhanced = singles[0].Copy()
            .SetString(Tags.SOPClassUID, Vr.UI, Uids.EnhancedCTImageStorage)
            .SetItems(Tags.SharedFunctionalGroupsSequence, new DataSet()
                .SetItems(Tags.PlaneOrientationSequence, new DataSet().CopyFrom(singles[0], Tags.ImageOrientationPatient))
                .SetItems(Tags.PixelMeasuresSequence, new DataSet().CopyFrom(singles[0], Tags.PixelSpacing)
                    .CopyFrom(singles[0], Tags.SliceThickness)))
            .SetItems(Tags.PerFrameFunctionalGroupsSequence, [.. singles.Select(single => new DataSet()
                .SetItems(Tags.PlanePositionSequence, new DataSet().CopyFrom(single, Tags.ImagePositionPatient)))]);
        Tag[] moved = [Tags.ImagePositionPatient, Tags.ImageOrientationPatient, Tags.PixelSpacing, Tags.SliceThickness];
        foreach (Tag tag in moved)
        {
            enhanced.Remove(tag);
        }

        IReadOnlyList<SourceSlice> sources = [.. Enumerable.Range(1, 7).Select(frame => new SourceSlice(enhanced, frame))];
        IsJudgedRight(sources, Sources.Labels(7, 23, 38), keepEmptyFrames: false);
    }

    [Fact]
    public void A_segment_without_a_voxel_is_left_out_and_the_numbers_stay_consecutive()
    {
        byte[] labels = new byte[2 * 8 * 8];
        labels[5] = 3;
        labels[70] = 200;

        DataSet segmentation = Create(SourceSlice.Of(Sources.Ct("axial", 2, 8, 8)), labels).DataSet!;

        IReadOnlyList<DataSet> segments = segmentation.GetItems(Tags.SegmentSequence);
        Assert.Equal(["kidney right", "spleen"], segments.Select(item => item.GetString(Tags.SegmentLabel)));
        Assert.Equal([1L, 2L], segments.Select(item => item.GetInteger(Tags.SegmentNumber)));
    }

    [Fact]
    public void A_class_in_two_segments_makes_them_overlap()
    {
        byte[] labels = new byte[8 * 8];
        labels[5] = 11;
        IReadOnlyList<SourceSlice> sources = SourceSlice.Of(Sources.Ct("axial", 1, 8, 8));
        SegmentDescription lesion = new([11], "lesion", Codes.MorphologicallyAbnormalStructure, Codes.Neoplasm, (1, 2, 3));
        SegmentationRequest request = Request(sources);
        PackedFrames packed = Sources.Packed(labels, sources);

        SegmentationRequest overlapping = request with { Segments = [.. request.Segments, lesion] };

        Assert.Equal("NO", Segmentation.Create(request, packed).DataSet!.GetString(Tags.SegmentsOverlap));
        Assert.Equal("YES", Segmentation.Create(overlapping, packed).DataSet!.GetString(Tags.SegmentsOverlap));
    }

    [Fact]
    public void A_lossy_source_makes_a_lossy_segmentation()
    {
        Judge.AreHere();
        List<DataSet> headers = Sources.Ct("axial", 2, 8, 8);
        headers[1].SetString(Tags.LossyImageCompression, Vr.CS, "01")
            .SetString(Tags.LossyImageCompressionRatio, Vr.DS, "12.5")
            .SetString(Tags.LossyImageCompressionMethod, Vr.CS, "ISO_15444_1");
        byte[] labels = new byte[128];
        labels[70] = 1;

        DataSet segmentation = Create(SourceSlice.Of(headers), labels).DataSet!;

        Assert.Equal("01", segmentation.GetString(Tags.LossyImageCompression));
        Assert.Equal("12.5", segmentation.GetString(Tags.LossyImageCompressionRatio));
        Assert.Equal("ISO_15444_1", segmentation.GetString(Tags.LossyImageCompressionMethod));
        using Judge judge = new();
        Judge.DciodvfyFindsNoError(judge.Write("seg.dcm", segmentation));
    }

    [Fact]
    public void A_source_that_came_lossy_makes_a_lossy_segmentation_even_if_its_header_is_silent()
    {
        SourceSlice source = new(Sources.Ct("axial", 1, 8, 8)[0]) { Syntax = TransferSyntax.JpegLsNearLossless };
        byte[] labels = new byte[64];
        labels[9] = 1;

        DataSet segmentation = Create([source], labels).DataSet!;

        Assert.Equal("01", segmentation.GetString(Tags.LossyImageCompression));
        Assert.Equal("ISO_14495_1", segmentation.GetString(Tags.LossyImageCompressionMethod));
    }

    [Fact]
    public void What_cannot_be_a_segmentation_is_refused_with_its_reason()
    {
        List<DataSet> headers = Sources.Ct("axial", 3, 8, 8);
        byte[] labels = new byte[3 * 64];
        labels[0] = 1;

        Assert.Equal(UnsuitableReason.NoSources, Create([], []).Unsuitable?.Reason);
        Assert.Equal(UnsuitableReason.WrongLength, Create(SourceSlice.Of(headers), labels[1..]).Unsuitable?.Reason);
        Assert.Equal(UnsuitableReason.NothingSegmented, Create(SourceSlice.Of(headers), new byte[labels.Length]).Unsuitable?.Reason);

        DataSet turned = headers[2].Copy().SetString(Tags.ImageOrientationPatient, Vr.DS, "0", "1", "0", "0", "0", "-1");
        Assert.Equal(UnsuitableReason.MixedSources, Create(SourceSlice.Of([headers[0], headers[1], turned]), labels).Unsuitable?.Reason);

        Tag[] needed =
        [
            Tags.StudyInstanceUID, Tags.SOPInstanceUID, Tags.ImagePositionPatient, Tags.PixelSpacing, Tags.Rows, Tags.FrameOfReferenceUID,
        ];
        foreach (Tag tag in needed)
        {
            DataSet incomplete = headers[2].Copy();
            incomplete.Remove(tag);
            Created created = Create(SourceSlice.Of([headers[0], headers[1], incomplete]), labels);
            Assert.Equal(UnsuitableReason.IncompleteSource, created.Unsuitable?.Reason);
        }
    }

    [Fact]
    public void Text_that_the_source_padded_with_NUL_is_no_error_of_ours()
    {
        Judge.AreHere();
        DataSet header = Sources.Ct("axial", 1, 8, 8)[0]
            .SetBytes(Tags.PatientID, Vr.LO, "P-123\0"u8.ToArray())
            .SetBytes(Tags.AccessionNumber, Vr.SH, "\0\0"u8.ToArray())
            .SetBytes(Tags.PixelSpacing, Vr.DS, "0.8\\0.75\0\0"u8.ToArray());
        byte[] labels = new byte[64];
        labels[9] = 1;

        DataSet segmentation = Create([new SourceSlice(header)], labels).DataSet!;

        Assert.Equal("P-123", segmentation.GetString(Tags.PatientID));
        using Judge judge = new();
        Judge.DciodvfyFindsNoError(judge.Write("seg.dcm", segmentation));
    }

    [Fact]
    public void More_frames_than_the_limit_are_refused()
    {
        DataSet shared = new DataSet();
        DataSet enhanced = Sources.Ct("axial", 1, 1, 1)[0];
        shared.SetItems(Tags.PlanePositionSequence, new DataSet().CopyFrom(enhanced, Tags.ImagePositionPatient))
            .SetItems(Tags.PlaneOrientationSequence, new DataSet().CopyFrom(enhanced, Tags.ImageOrientationPatient))
            .SetItems(Tags.PixelMeasuresSequence, new DataSet().CopyFrom(enhanced, Tags.PixelSpacing));
        enhanced.SetItems(Tags.SharedFunctionalGroupsSequence, shared);
        int slices = (Appliance.Dicom.Limits.SegmentationFrames / 5) + 1;
        SourceSlice[] sources = [.. Enumerable.Range(1, slices).Select(frame => new SourceSlice(enhanced, frame))];
        byte[] labels = new byte[sources.Length];
        ((ReadOnlySpan<byte>)[1, 3, 4, 7, 200]).CopyTo(labels);

        SegmentationRequest request = Request(sources);
        PackedFrames packed = Sources.Packed(labels, sources);
        Assert.False(Segmentation.Create(request, packed).Failed);
        Assert.Equal(UnsuitableReason.TooLarge, Segmentation.Create(request with { KeepEmptyFrames = true }, packed).Unsuitable?.Reason);
    }

    [Fact]
    public void Our_times_are_told_in_the_time_zone_that_the_source_states()
    {
        DataSet header = Sources.Ct("axial", 1, 8, 8)[0];
        byte[] labels = new byte[64];
        labels[9] = 1;

        DataSet silent = Create([new SourceSlice(header)], labels).DataSet!;
        DataSet stated = Create([new SourceSlice(header.Copy().SetString(Tags.TimezoneOffsetFromUTC, Vr.SH, "-0330"))], labels).DataSet!;

        Assert.Equal("190000.000000", silent.GetString(Tags.ContentTime));
        Assert.False(silent.Contains(Tags.TimezoneOffsetFromUTC));
        Assert.Equal("143000.000000", stated.GetString(Tags.ContentTime));
        Assert.Equal("-0330", stated.GetString(Tags.TimezoneOffsetFromUTC));
    }

    private static void IsJudgedRight(IReadOnlyList<SourceSlice> sources, byte[] labels, bool keepEmptyFrames)
    {
        SegmentationRequest request = Request(sources) with { KeepEmptyFrames = keepEmptyFrames };
        PackedFrames packed = BitPlanes.Of(labels, labels.Length / sources.Count, [1, 3, 4, 7, 11, 200]);
        DataSet segmentation = Segmentation.Create(request, packed).DataSet!;

        using Judge judge = new();
        string file = judge.Write("seg.dcm", segmentation);
        string expected = judge.Write("expect.json", Expectation(request, labels));
        string found = Judge.Pydicom("seg.py", file, judge.Write("labels", labels), expected);
        TestContext.Current.TestOutputHelper?.WriteLine(found);
        Judge.DciodvfyFindsNoError(file);
    }

    private static byte[] Expectation(SegmentationRequest request, byte[] labels) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        rows = request.Sources[0].Rows,
        columns = request.Sources[0].Columns,
        keepEmptyFrames = request.KeepEmptyFrames,
        slices = request.Sources.Select(source => new
        {
            instance = source.SopInstanceUid,
            frame = source.FrameNumber,
            position = string.Join('\\', PositionText(source)),
        }),
        segments = request.Segments
            .Where(segment => labels.AsSpan().IndexOfAny([.. segment.LabelValues]) >= 0)
            .ToDictionary(segment => segment.TrackingUid, segment => segment.LabelValues.Select(value => (int)value)),
    });

    private static string[] PositionText(SourceSlice source) => (source.FrameNumber is int frame
        ? source.Header.GetItems(Tags.PerFrameFunctionalGroupsSequence)[frame - 1].GetItem(Tags.PlanePositionSequence)!
        : source.Header).GetStrings(Tags.ImagePositionPatient);

    private static Created Create(IReadOnlyList<SourceSlice> sources, byte[] labels) =>
        Segmentation.Create(Request(sources), Sources.Packed(labels, sources));

    private static SegmentationRequest Request(IReadOnlyList<SourceSlice> sources) =>
        new(sources, Sources.Segments(), Sources.Algorithm, Sources.Series(9001, "AI organs")) { ContentLabel = "CT_ORGANS" };
}
