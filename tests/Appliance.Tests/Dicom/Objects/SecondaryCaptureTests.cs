using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Xunit;

namespace Appliance.Tests.Dicom.Objects;

public sealed class SecondaryCaptureTests
{
    [Theory]
    [InlineData("axial", 24, 32)]
    [InlineData("oblique", 23, 37)]
    [InlineData("sagittal", 5, 3)]
    public void Pydicom_finds_the_colours_at_the_place_of_the_source(string orientation, int rows, int columns)
    {
        Judge.AreHere();
        IsJudgedRight(Sources.Ct(orientation, 3, rows, columns)[1]);
    }

    [Fact]
    public void Pydicom_finds_the_colours_at_the_place_of_a_real_CT_slice()
    {
        Judge.AreHere();
        IsJudgedRight(Sources.RealCt()[10]);
    }

    [Fact]
    public void Slices_of_one_series_have_their_own_instances_in_spatial_order()
    {
        ResultSeries series = Sources.Series(9002, "AI organs, annotated");
        DataSet[] slices = [.. Sources.Ct("axial", 3, 4, 4).Select((header, i) =>
            SecondaryCapture.Create(new(new SourceSlice(header), i + 1, new byte[48], "Overlay.", series)).DataSet!)];

        Assert.Single(slices.Select(slice => slice.GetString(Tags.SeriesInstanceUID)).Distinct());
        Assert.Equal(3, slices.Select(slice => slice.GetString(Tags.SOPInstanceUID)).Distinct().Count());
        Assert.Equal([1L, 2L, 3L], slices.Select(slice => slice.GetInteger(Tags.InstanceNumber)));
    }

    [Fact]
    public void A_slice_made_again_for_the_same_series_is_the_same_instance()
    {
        SecondaryCaptureRequest request = Request(48);

        Assert.Equal(
            SecondaryCapture.Create(request).DataSet!.GetString(Tags.SOPInstanceUID),
            SecondaryCapture.Create(request).DataSet!.GetString(Tags.SOPInstanceUID));
    }

    [Fact]
    public void It_says_in_text_that_it_is_not_for_diagnostic_use_and_that_no_identity_is_burned_in()
    {
        DataSet slice = SecondaryCapture.Create(Request(48)).DataSet!;

        Assert.Contains("Not for diagnostic use", slice.GetString(Tags.ImageComments), StringComparison.Ordinal);
        Assert.Contains("Not for diagnostic use", slice.GetString(Tags.DerivationDescription), StringComparison.Ordinal);
        Assert.Equal("NO", slice.GetString(Tags.BurnedInAnnotation));
    }

    [Fact]
    public void A_picture_of_another_size_is_refused()
    {
        Assert.Equal(UnsuitableReason.WrongLength, SecondaryCapture.Create(Request(47)).Unsuitable?.Reason);
    }

    private static SecondaryCaptureRequest Request(int bytes) =>
        new(new SourceSlice(Sources.Ct("axial", 1, 4, 4)[0]), 1, new byte[bytes], "Overlay of organs.", Sources.Series(9002, "x"));

    private static void IsJudgedRight(DataSet source)
    {
        byte[] rgb = new byte[3 * source.GetInteger(Tags.Rows)!.Value * source.GetInteger(Tags.Columns)!.Value];
        Random.Shared.NextBytes(rgb);
        ResultSeries series = Sources.Series(9002, "AI organs, annotated");
        DataSet slice = SecondaryCapture.Create(
            new(new SourceSlice(source), 7, rgb, "Contours and colours of the segmented organs.", series)).DataSet!;

        using Judge judge = new();
        string file = judge.Write("sc.dcm", slice);
        Assert.Equal("ok", Judge.Pydicom("sc.py", file, judge.Write("rgb", rgb), judge.Write("source.dcm", source)).Trim());
        Judge.DciodvfyFindsNoError(file);
    }
}
