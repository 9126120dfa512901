using System.Globalization;
using System.Text;
using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>What can be wrong with the geometry of a series.</summary>
public enum GeometryFinding
{
    Localizer,
    OtherPlane,
    Duplicate,
    Tilt,
    MultiFrame,
    OtherPatient,
    TwoAtOnePlace,
    Gap,
    Mixed,
    Curved,
    SidewaysTable,
    SingleSlice,
    NoPlace,
}

/// <summary>What is done about a finding.</summary>
public enum GateAction
{
    /// <summary>The series is analysed as it is; the finding costs nothing.</summary>
    Taken,

    /// <summary>Images are left out of the analysis; they are forwarded as all originals are.</summary>
    SetAside,

    /// <summary>The series is not analysed, for this reason.</summary>
    Refused,
}

/// <summary>One row of the gate.</summary>
/// <param name="Does">What is done, and why it is exact or why it is not.</param>
public sealed record GateRow(GeometryFinding Finding, string Name, string Seen, GateAction Action, string Does);

/// <summary>One slice before the gate.</summary>
/// <param name="Patient">Anything that names the patient; compared, never shown.</param>
public sealed record GatedSlice(SliceGeometry Geometry, string Patient = "");

/// <summary>What passed.</summary>
/// <param name="Kept">Indices of the slices that make up the stack, in the order in which they were given.</param>
/// <param name="Findings">What was repaired or set aside, in sentences for report and log.</param>
public sealed record GatedStack(Stack Stack, IReadOnlyList<int> Kept, IReadOnlyList<string> Findings);

/// <summary>The geometry gate: from the slices that arrived to one regular stack, or to the name of what is wrong.</summary>
/// <remarks>
/// What can be repaired without inventing a voxel is repaired and stated; everything else is refused by name. In between there is nothing:
/// a volume that is half a guess looks like a whole one.
/// </remarks>
public static class GeometryGate
{
    public static IReadOnlyList<GateRow> Rows { get; } =
    [
        new(GeometryFinding.Localizer, "localizer", "Image Type or Frame Type LOCALIZER", GateAction.SetAside,
            "Left out, the rest is analysed. A series of nothing else is refused by the app."),
        new(GeometryFinding.OtherPlane, "other plane",
            "up to 3 images of another orientation, matrix or spacing beside ten times as many slices", GateAction.SetAside,
            "Left out as localizers without the mark; the stack of the others is what it is without them."),
        new(GeometryFinding.Duplicate, "duplicate", "two slices at one position, with the same pixels", GateAction.SetAside,
            "The later one is left out: the same value stands there already."),
        new(GeometryFinding.Tilt, "gantry tilt", "slices of one oblique orientation, on a line that is not their normal", GateAction.Taken,
            "A sheared grid is as exact as a straight one: voxels are sampled where they lie. The angle is stated. Up to 30 degrees."),
        new(GeometryFinding.MultiFrame, "multi-frame", "Enhanced CT or MR: an image of several frames with functional groups",
            GateAction.Taken, "Each frame is a slice; results refer to frames."),
        new(GeometryFinding.OtherPatient, "other patient", "Patient ID or name changes inside the series", GateAction.Refused,
            "Whose the volume is cannot be known."),
        new(GeometryFinding.TwoAtOnePlace, "two at one place", "two slices at one position, with other pixels", GateAction.Refused,
            "Two phases or two reconstructions in one series: which one is meant is not for us to say."),
        new(GeometryFinding.Gap, "gap", "a step that differs from the others", GateAction.Refused,
            "Missing slices cannot be made up, and a part of the stack has other volumes. A late slice opens the series again."),
        new(GeometryFinding.Mixed, "mixed", "slices of several orientations, spacings, matrices or frames of reference", GateAction.Refused,
            "No one grid holds them."),
        new(GeometryFinding.Curved, "curved", "slices that fan out, or lie beside a line", GateAction.Refused,
            "Radial and curved reformations have no grid."),
        new(GeometryFinding.SidewaysTable, "slanted", "axial slices on a slanted line, or a tilt of more than 30 degrees",
            GateAction.Refused, "No gantry does that: positions are wrong, or it is a reformation."),
        new(GeometryFinding.SingleSlice, "single slice", "one slice", GateAction.Refused, "A volume needs at least two."),
        new(GeometryFinding.NoPlace, "no place", "no position, orientation, spacing or frame of reference: ultrasound, cine, screen shots",
            GateAction.Refused, "It cannot be placed in the patient. Its originals leave as they came, region calibration included."),
    ];

    /// <summary>Whether an image is marked as one that only shows where others lie (PS3.3 C.8.2.1.1.1, C.8.15.3.1).</summary>
    public static bool IsLocalizer(DataSet header) => header.GetStrings(Tags.ImageType).Contains("LOCALIZER");

    /// <summary>The decision. Pure: the same slices give the same answer.</summary>
    /// <param name="localizers">Images that were set aside by their mark before.</param>
    /// <param name="samePixels">Whether the slices of two indices show the same.</param>
    public static Outcome<GatedStack> Decide(IReadOnlyList<GatedSlice> slices, int localizers, Func<int, int, bool> samePixels)
    {
        List<string> findings = [];
        if (localizers > 0)
        {
            findings.Add(Say(GeometryFinding.Localizer, $"{Images(localizers)} set aside"));
        }

        // 1. One patient.
        if (slices.Select(slice => slice.Patient).Distinct().Count() > 1)
        {
            return Refuse(GeometryFinding.OtherPatient, "images of one series name several patients");
        }

        // 2. One plane: the others are few, or nobody knows which is meant.
        Outcome<List<int>> main = MainPlane(slices, findings);
        if (main.Refused)
        {
            return main.Refusal;
        }

        // 3. One slice at each place.
        Outcome<List<int>> kept = WithoutDuplicates(slices, main.Value, samePixels, findings);
        if (kept.Refused)
        {
            return kept.Refusal;
        }

        // 4. One step from each to the next.
        Outcome<Stack> stack = Stack.Of([.. kept.Value.Select(i => slices[i].Geometry)]);
        if (stack.Refused)
        {
            return stack.Refusal;
        }

        if (stack.Value.TiltDegrees > 0)
        {
            findings.Add(Say(GeometryFinding.Tilt, string.Create(
                CultureInfo.InvariantCulture, $"{stack.Value.TiltDegrees:0.#} degrees, sampled where the voxels lie")));
        }

        return new GatedStack(stack.Value, kept.Value, findings);
    }

    /// <summary>The table for docs/geometry.md.</summary>
    public static string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append("| finding | seen by | done | why |\n|---|---|---|---|\n");
        foreach (GateRow row in Rows)
        {
            string done = row.Action switch { GateAction.Taken => "analysed", GateAction.SetAside => "set aside, stated", _ => "refused" };
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.Seen} | {done} | {row.Does} |\n");
        }

        return text.ToString();
    }

    internal static Refusal Refuse(GeometryFinding finding, string what) => new(
        finding == GeometryFinding.SingleSlice ? RefusalReason.TooFewSlices : RefusalReason.IrregularGeometry,
        $"Not one regular stack ({NameOf(finding)}): {what}. Send one complete reconstruction as its own series.");

    private static Outcome<List<int>> MainPlane(IReadOnlyList<GatedSlice> slices, List<string> findings)
    {
        List<List<int>> planes = [];
        for (int i = 0; i < slices.Count; i++)
        {
            List<int>? plane = planes.Find(each => slices[i].Geometry.DifferenceFrom(slices[each[0]].Geometry) is null);
            if (plane is null)
            {
                if (planes.Count == Limits.GridPlanes)
                {
                    return Refuse(GeometryFinding.Curved, $"its slices lie in more than {planes.Count} planes");
                }

                planes.Add(plane = []);
            }

            plane.Add(i);
        }

        List<int> main = planes.MaxBy(plane => plane.Count) ?? [];
        foreach (List<int> other in planes.Where(plane => plane != main))
        {
            string difference = slices[other[0]].Geometry.DifferenceFrom(slices[main[0]].Geometry)!;
            if (other.Count > Limits.SetAsideImages || other.Count * Limits.SetAsideRatio > main.Count)
            {
                return Refuse(GeometryFinding.Mixed, $"slices of one series differ: {difference}");
            }

            findings.Add(Say(GeometryFinding.OtherPlane, $"{Images(other.Count)} set aside: {difference}"));
        }

        return main;
    }

    private static Outcome<List<int>> WithoutDuplicates(
        IReadOnlyList<GatedSlice> slices, List<int> plane, Func<int, int, bool> samePixels, List<string> findings)
    {
        if (plane.Count == 0)
        {
            return plane;
        }

        Point3 normal = slices[plane[0]].Geometry.Normal;
        HashSet<int> dropped = [];
        int[] along = [.. plane.OrderBy(i => slices[i].Geometry.Position.Dot(normal)).ThenBy(i => i)];
        int last = along[0];
        foreach (int i in along.Skip(1))
        {
            Point3 apart = slices[i].Geometry.Position - slices[last].Geometry.Position;
            if (apart.Length >= Limits.SamePositionMm)
            {
                last = i;
            }
            else if (samePixels(last, i))
            {
                // The one that came first stays: it may have been segmented already.
                dropped.Add(Math.Max(last, i));
                last = Math.Min(last, i);
            }
            else
            {
                return Refuse(GeometryFinding.TwoAtOnePlace,
                    $"two slices with other pixels lie at one place, {SliceGeometry.Mm(slices[i].Geometry.Position.Dot(normal))} mm "
                    + "along the normal");
            }
        }

        if (dropped.Count > 0)
        {
            findings.Add(Say(GeometryFinding.Duplicate, $"{Images(dropped.Count)} set aside, the same pixels at the same place"));
        }

        return plane.Where(i => !dropped.Contains(i)).ToList();
    }

    private static string Say(GeometryFinding finding, string what) => $"Geometry, {NameOf(finding)}: {what}.";

    private static string NameOf(GeometryFinding finding) => Rows.First(row => row.Finding == finding).Name;

    private static string Images(int count) => count == 1 ? "1 image" : $"{count} images";
}
