using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>Each row of docs/geometry.md.</summary>
public sealed class GeometryGateTests
{
    private static readonly Point3 AlongX = new(1, 0, 0), AlongY = new(0, 1, 0);

    [Fact]
    public void A_regular_stack_passes_without_a_word()
    {
        GatedStack gated = Package.Value(Decide(Axial(20)));

        Assert.Equal((20, 0), (gated.Kept.Count, gated.Findings.Count));
    }

    [Fact]
    public void Marked_localizers_are_counted_and_stated() =>
        Assert.Equal("Geometry, localizer: 2 images set aside.", Assert.Single(Package.Value(Decide(Axial(20), localizers: 2)).Findings));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_few_images_of_another_plane_are_set_aside_wherever_they_come(bool first)
    {
        SliceGeometry coronal = Slice(0, AlongX, new(0, 0, -1));
        SliceGeometry[] axial = Axial(30);

        GatedStack gated = Package.Value(Decide(first ? [coronal, .. axial] : [.. axial, coronal]));

        Assert.Equal(first ? Enumerable.Range(1, 30) : Enumerable.Range(0, 30), gated.Kept);
        Assert.Equal("Geometry, other plane: 1 image set aside: image orientations differ.", Assert.Single(gated.Findings));
    }

    [Fact]
    public void Two_planes_of_which_either_may_be_meant_are_refused()
    {
        SliceGeometry[] coronal = [.. Enumerable.Range(0, 4).Select(i => Slice(i, AlongX, new(0, 0, -1)))];

        Refused("mixed", [.. Axial(40), .. coronal]);
        Refused("mixed", [.. Axial(9), coronal[0]]);
        Refused("curved", [.. Enumerable.Range(0, 20).Select(i => Fan(i * 9))]);
    }

    [Fact]
    public void The_same_pixels_twice_are_taken_once_and_other_pixels_at_one_place_are_refused()
    {
        SliceGeometry[] axial = Axial(20);

        GatedStack gated = Package.Value(Decide([.. axial, axial[3], axial[7]]));
        Assert.Equal(Enumerable.Range(0, 20), gated.Kept);
        Assert.Contains("duplicate: 2 images set aside", Assert.Single(gated.Findings), StringComparison.Ordinal);

        Refused("two at one place", [.. axial, axial[3]], samePixels: false);
    }

    [Fact]
    public void A_tilted_gantry_is_taken_and_stated()
    {
        double tilt = 20 * Math.PI / 180;
        SliceGeometry[] tilted = [.. Enumerable.Range(0, 20).Select(i => Slice(i * 5, AlongX, new(0, Math.Cos(tilt), Math.Sin(tilt))))];

        Assert.Equal(
            "Geometry, gantry tilt: 20 degrees, sampled where the voxels lie.", Assert.Single(Package.Value(Decide(tilted)).Findings));
    }

    [Fact]
    public void Gaps_single_slices_and_several_patients_are_refused_by_name()
    {
        Refused("gap", [.. Axial(20).Where((_, i) => i != 9)]);
        Assert.Equal(RefusalReason.TooFewSlices, Refused("single slice", Axial(1)).Reason);
        Refusal? mixed = GeometryGate.Decide([.. Axial(20).Select((each, i) => new GatedSlice(each, i < 12 ? "A" : "B"))], 0, Same).Refusal;
        Assert.Contains("other patient", mixed!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_finding_has_its_row() =>
        Assert.Equal(Enum.GetValues<GeometryFinding>(), GeometryGate.Rows.Select(row => row.Finding));

    [Fact]
    public void Localizers_in_a_series_do_not_change_its_labels_whether_first_or_last()
    {
        (DataSet Header, float[] Hu)[] body = PatientVolume.Phantom(128, 144, 40).Series(3, 2, 1);
        DicomFile[] slices = [.. body.Select(slice => PatientVolume.File(slice.Header, slice.Hu))];
        DataSet scout = PatientVolume.Header(new(-100, 0, 100), AlongX, new(0, 0, -1), 1, 1, 64, 64)
            .SetString(Tags.ImageType, Vr.CS, "ORIGINAL", "PRIMARY", "LOCALIZER");
        DicomFile localizer = PatientVolume.File(scout, new float[64 * 64]);

        Analysis plain = Analyse(slices);
        Analysis mixed = Analyse([slices[0], localizer, .. slices[1..], localizer, slices[5]]);

        Assert.Equal(0, Package.Different(mixed.Labels, plain.Labels));
        Assert.Equal(["Geometry, localizer: 1 image set aside."], mixed.Findings);
    }

    private static Analysis Analyse(IEnumerable<DicomFile> slices)
    {
        SeriesRun run = new(Package.App, TimeProvider.System);
        foreach (DicomFile slice in slices)
        {
            Assert.Null(run.SliceArrives(slice));
        }

        return Package.Value(run.SeriesIsComplete());
    }

    private static bool Same(int one, int other) => true;

    private static Outcome<GatedStack> Decide(SliceGeometry[] slices, int localizers = 0, bool samePixels = true) =>
        GeometryGate.Decide([.. slices.Select(slice => new GatedSlice(slice))], localizers, (_, _) => samePixels);

    private static Refusal Refused(string named, SliceGeometry[] slices, bool samePixels = true)
    {
        Refusal? refusal = Decide(slices, 0, samePixels).Refusal;
        Assert.Contains($"({named})", refusal?.Text ?? "", StringComparison.Ordinal);
        return refusal!;
    }

    private static SliceGeometry[] Axial(int count) => [.. Enumerable.Range(0, count).Select(i => Slice(i * 2, AlongX, AlongY))];

    private static SliceGeometry Slice(double z, Point3 columns, Point3 rows) =>
        Package.Value(SliceGeometry.FromHeader(PatientVolume.Header(new(-100, -100, z), columns, rows, 0.8, 0.8, 256, 256)));

    private static SliceGeometry Fan(int degrees)
    {
        double turn = degrees * Math.PI / 180;
        return Slice(0, new(Math.Cos(turn), Math.Sin(turn), 0), new(0, 0, -1));
    }
}
