using Appliance.Imaging;

namespace Appliance.Daemon.Screen;

/// <summary>One of the three planes of a volume, and how it lies on the screen.</summary>
/// <remarks>
/// The scanner's own plane is shown as it was acquired. The other two follow the radiologist's habit: the patient's left, or back, is on
/// the right, the head is up (PS3.3 C.7.6.2.1.1 names the axes). Volume axes are numbered 0 column, 1 row, 2 slice.
/// </remarks>
/// <param name="Name">axial, coronal, sagittal; "" where it is not known how the patient lies.</param>
/// <param name="Across">The volume axis that goes to the right.</param>
/// <param name="Down">The volume axis that goes down.</param>
/// <param name="Through">The volume axis that one scrolls along.</param>
/// <param name="TurnsAcross">Right is where the index falls.</param>
/// <param name="Letters">Left, right, top, bottom: R, L, A, P, F, H; "" where unknown.</param>
public sealed record Plane(
    string Name, int Across, int Down, int Through, bool TurnsAcross, bool TurnsDown, IReadOnlyList<string> Letters)
{
    private static readonly string[] Names = ["sagittal", "coronal", "axial"];
    private static readonly string[] Low = ["R", "A", "F"];
    private static readonly string[] High = ["L", "P", "H"];

    /// <summary>The scanner's plane first; alone where it is not known where slices lie.</summary>
    public static IReadOnlyList<Plane> Of(SliceGeometry? geometry)
    {
        if (geometry is null)
        {
            return [new Plane("", 0, 1, 2, false, false, ["", "", "", ""])];
        }

        Point3[] axes = [geometry.AlongColumns, geometry.AlongRows, geometry.Normal];
        return [Native(axes), Reformatted(axes, 0, 2, 1), Reformatted(axes, 1, 2, 0)];
    }

    private static Plane Native(Point3[] axes) => new(
        Names[Along(axes[2])], 0, 1, 2, false, false,
        [Letter(axes[0], false), Letter(axes[0], true), Letter(axes[1], false), Letter(axes[1], true)]);

    private static Plane Reformatted(Point3[] axes, int one, int other, int through)
    {
        // Left-right before front-back before foot-head goes across; the second of them goes down.
        (int across, int down) = Along(axes[one]) <= Along(axes[other]) ? (one, other) : (other, one);
        bool turnsAcross = axes[across][Along(axes[across])] < 0;
        bool isUp = Along(axes[down]) == 2;
        bool turnsDown = axes[down][Along(axes[down])] > 0 == isUp;
        return new Plane(
            Names[Along(axes[through])], across, down, through, turnsAcross, turnsDown,
            [
                Letter(axes[across], turnsAcross), Letter(axes[across], !turnsAcross),
                Letter(axes[down], turnsDown), Letter(axes[down], !turnsDown),
            ]);
    }

    /// <summary>The patient's axis that a direction goes along most.</summary>
    private static int Along(Point3 direction)
    {
        int main = 0;
        for (int axis = 1; axis < 3; axis++)
        {
            main = Math.Abs(direction[axis]) > Math.Abs(direction[main]) ? axis : main;
        }

        return main;
    }

    /// <summary>Where one comes to at the end, or the beginning, of an axis.</summary>
    private static string Letter(Point3 direction, bool atEnd)
    {
        int main = Along(direction);
        return direction[main] > 0 == atEnd ? High[main] : Low[main];
    }
}
