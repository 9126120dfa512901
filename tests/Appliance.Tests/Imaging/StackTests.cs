using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

public sealed class StackTests
{
    [Theory]
    [InlineData(0x00200032u, "image position")]
    [InlineData(0x00200037u, "image orientation")]
    [InlineData(0x00280030u, "pixel spacing")]
    [InlineData(0x00280010u, "matrix size")]
    [InlineData(0x00200052u, "frame of reference")]
    public void A_header_without_geometry_is_refused_by_what_is_missing(uint tag, string named)
    {
        DataSet header = Slice(0);
        header.Remove(new Tag(tag));
        Refusal? refusal = SliceGeometry.FromHeader(header).Refusal;
        Assert.Equal(RefusalReason.MissingGeometry, refusal?.Reason);
        Assert.Contains(named, refusal!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_orientation_that_is_no_rotation_is_refused()
    {
        DataSet header = Slice(0).SetDecimal(Tags.ImageOrientationPatient, 1, 0, 0, 0.5, 0.8, 0);
        Assert.Equal(RefusalReason.MissingGeometry, SliceGeometry.FromHeader(header).Refusal?.Reason);
    }

    [Fact]
    public void Slices_are_ordered_by_position_and_not_by_instance_number()
    {
        double[] z = [30, 0, 20, 10];
        DataSet[] headers = [.. z.Select((at, i) => Slice(at).SetIntegerString(Tags.InstanceNumber, i))];
        Stack stack = Package.Value(StackOf(headers));
        Assert.Equal([1, 3, 2, 0], stack.Order);
        Assert.Equal(10, stack.Spacing(0), 9);
        Assert.Equal(new Point3(-100, -100, 0), stack.Origin);
    }

    [Fact]
    public void Positions_rounded_to_a_tenth_of_a_millimetre_are_one_stack()
    {
        DataSet[] headers = [.. Enumerable.Range(0, 200).Select(i => Slice(Math.Round(i * 0.625, 1)))];
        Assert.Equal(0.625, Package.Value(StackOf(headers)).Spacing(0), 3);
    }

    [Fact]
    public void A_gap_is_refused_with_its_place()
    {
        Irregular([Slice(0), Slice(2), Slice(4), Slice(8), Slice(10)], "slices 3 and 4 of 5", "4 mm apart", "2 mm");
    }

    [Fact]
    public void Two_slices_at_one_place_are_refused()
    {
        Irregular([Slice(0), Slice(2), Slice(2), Slice(4)], "at one place", "2 mm along the normal");
    }

    [Fact]
    public void A_changed_spacing_is_refused()
    {
        Irregular([Slice(0), Slice(2), Slice(4), Slice(6).SetDecimal(Tags.PixelSpacing, 0.7, 0.7)], "pixel spacing");
    }

    [Fact]
    public void A_changed_orientation_is_refused()
    {
        Irregular([Slice(0), Slice(2).SetDecimal(Tags.ImageOrientationPatient, 1, 0, 0, 0, 0, -1), Slice(4)], "orientations differ");
    }

    [Fact]
    public void A_changed_matrix_is_refused()
    {
        Irregular([Slice(0), Slice(2), Slice(4).SetUInt16(Tags.Rows, 100)], "matrix");
    }

    [Fact]
    public void A_changed_frame_of_reference_is_refused()
    {
        Irregular([Slice(0), Slice(2), Slice(4).SetString(Tags.FrameOfReferenceUID, Vr.UI, "2.25.2")], "frames of reference");
    }

    [Fact]
    public void A_gantry_tilt_is_a_sheared_stack_with_its_angle()
    {
        // Slices tilted by 15 degrees about the left-right axis, while the table moves along z.
        double tilt = 15 * Math.PI / 180;
        DataSet[] headers = [.. Enumerable.Range(0, 20).Select(i => Slice(i * 5.0)
            .SetDecimal(Tags.ImageOrientationPatient, 1, 0, 0, 0, Math.Cos(tilt), Math.Sin(tilt)))];

        Stack stack = Package.Value(StackOf(headers));

        Assert.Equal(15, stack.TiltDegrees, 6);
        Assert.Equal(5 * Math.Cos(tilt), stack.Spacing(0), 6);
        Assert.Equal(new Point3(0, 0, 5), new Point3(0, 0, Math.Round(stack.Step(0).Z, 9)));

        // Index and position are each other's inverse, along every axis.
        Point3 at = (stack.Step(0) * 7) + (stack.Step(1) * 11) + (stack.Step(2) * 13);
        Assert.Equal([7, 11, 13], Enumerable.Range(0, 3).Select(axis => Math.Round(at.Dot(stack.Across(axis)) / stack.Spacing(axis), 6)));
    }

    [Fact]
    public void A_slant_that_no_gantry_makes_is_refused()
    {
        Irregular([.. Enumerable.Range(0, 20).Select(i => Slice(i * 5.0)
            .SetDecimal(Tags.ImagePositionPatient, -100, -100 + i, i * 5.0))], "slanted by 11.3 degrees");
        double tilt = 40 * Math.PI / 180;
        Irregular([.. Enumerable.Range(0, 20).Select(i => Slice(i * 5.0)
            .SetDecimal(Tags.ImageOrientationPatient, 1, 0, 0, 0, Math.Cos(tilt), Math.Sin(tilt)))], "40 degrees");
    }

    [Fact]
    public void A_slice_beside_the_stack_is_refused()
    {
        DataSet aside = Slice(4).SetDecimal(Tags.ImagePositionPatient, -90, -100, 4);
        Irregular([Slice(0), Slice(2), aside, Slice(6)], "slice 3 of 4", "10 mm beside");
    }

    [Fact]
    public void Stretched_steps_that_add_up_are_refused()
    {
        // Each step is within rounding of the common one; together they put the last slices into the wrong place.
        double z = 0;
        DataSet[] headers = [.. Enumerable.Range(0, 100).Select(i => Slice(z += i < 50 ? 0.6 : 0.69))];
        Irregular(headers, "off its place");
    }

    private static void Irregular(DataSet[] headers, params string[] named)
    {
        Refusal? refusal = StackOf(headers).Refusal;
        Assert.Equal(RefusalReason.IrregularGeometry, refusal?.Reason);
        Assert.All(named, text => Assert.Contains(text, refusal!.Text, StringComparison.Ordinal));
    }

    private static Outcome<Stack> StackOf(DataSet[] headers) =>
        Stack.Of([.. headers.Select(header => Package.Value(SliceGeometry.FromHeader(header)))]);

    private static DataSet Slice(double z) => PatientVolume.Header(new(-100, -100, z), new(1, 0, 0), new(0, 1, 0), 0.8, 0.8, 256, 256);
}
