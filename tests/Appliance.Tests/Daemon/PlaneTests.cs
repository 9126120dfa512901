using Appliance.Daemon.Screen;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>How planes lie on the screen, for the ways in which stacks are acquired.</summary>
public sealed class PlaneTests
{
    [Fact]
    public void An_axial_stack_is_shown_as_a_radiologist_expects_it() => Assert.Equal(
        ["axial RLAP", "coronal RLHF", "sagittal APHF"], Shown(new(1, 0, 0), new(0, 1, 0)));

    [Fact]
    public void A_coronal_stack_keeps_its_own_plane_and_the_others_follow_the_habit() => Assert.Equal(
        ["coronal RLHF", "axial RLAP", "sagittal APHF"], Shown(new(1, 0, 0), new(0, 0, -1)));

    [Fact]
    public void A_sagittal_stack_too() => Assert.Equal(["sagittal APHF", "axial RLAP", "coronal RLHF"], Shown(new(0, 1, 0), new(0, 0, -1)));

    [Fact]
    public void A_patient_who_lay_prone_is_shown_as_acquired_and_reformatted_the_right_way_up() => Assert.Equal(
        ["axial LRPA", "coronal RLHF", "sagittal APHF"], Shown(new(-1, 0, 0), new(0, -1, 0)));

    [Fact]
    public void A_tilted_stack_has_the_letters_of_what_it_is_nearest_to() => Assert.Equal(
        ["axial RLAP", "coronal RLHF", "sagittal APHF"], Shown(new(1, 0, 0), new(0, 0.94, -0.34)));

    [Fact]
    public void Where_nobody_knows_how_the_patient_lies_there_is_one_plane_without_letters()
    {
        Plane plane = Assert.Single(Plane.Of(null));

        Assert.Equal(("", ""), (plane.Name, string.Concat(plane.Letters)));
    }

    /// <summary>Name and letters of the left, right, top and bottom, as the turns and axes of the plane have them.</summary>
    private static string[] Shown(Point3 alongColumns, Point3 alongRows)
    {
        SliceGeometry geometry = new()
        {
            Position = new(0, 0, 0), AlongColumns = alongColumns, AlongRows = alongRows, RowSpacing = 1, ColumnSpacing = 1, Rows = 8,
            Columns = 8, FrameOfReferenceUid = "1.2",
        };
        IReadOnlyList<Plane> planes = Plane.Of(geometry);
        Assert.All(planes, plane => Assert.Equal([0, 1, 2], new[] { plane.Across, plane.Down, plane.Through }.Order()));
        return [.. planes.Select(plane => $"{plane.Name} {string.Concat(plane.Letters)}")];
    }
}
