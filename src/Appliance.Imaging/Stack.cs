using Appliance.Core;

namespace Appliance.Imaging;

/// <summary>Parallel slices in order along their normal, one step apart: a regular voxel grid in the patient.</summary>
/// <remarks>Native axes are numbered 0 slice, 1 row, 2 column, as in the index [slice][row][column] of every native array.</remarks>
public sealed class Stack
{
    private readonly SliceGeometry first;

    /// <summary>From a voxel to the same one of the next slice, mm: along the normal, or slanted where the gantry was tilted.</summary>
    private readonly Point3 step;

    private Stack(SliceGeometry first, int[] order, Point3 step)
    {
        this.first = first;
        this.step = step;
        Order = order;
    }

    /// <summary>Order[k] is the index, in the list given, of the k-th slice along the normal.</summary>
    public IReadOnlyList<int> Order { get; }

    public int Slices => Order.Count;

    public int Rows => first.Rows;

    public int Columns => first.Columns;

    /// <summary>Centre of the first voxel, mm.</summary>
    public Point3 Origin => first.Position;

    /// <summary>Voxel volume, mm3.</summary>
    public double VoxelVolume => Spacing(0) * Spacing(1) * Spacing(2);

    /// <summary>Number of voxels along a native axis.</summary>
    public int Count(int axis) => axis switch { 0 => Slices, 1 => Rows, _ => Columns };

    /// <summary>Angle between the normal and the line on which the slices lie; 0 for a straight stack.</summary>
    public double TiltDegrees { get; private init; }

    /// <summary>Distance of voxels along a native axis, mm; of slices the distance of their planes.</summary>
    public double Spacing(int axis) => axis switch { 0 => step.Dot(first.Normal), 1 => first.RowSpacing, _ => first.ColumnSpacing };

    /// <summary>Unit vector of rising index along a native axis.</summary>
    public Point3 Direction(int axis) => axis switch { 0 => first.Normal, 1 => first.AlongRows, _ => first.AlongColumns };

    /// <summary>From one voxel to the next of rising index along a native axis, mm.</summary>
    public Point3 Step(int axis) => axis switch
    {
        0 => step, 1 => first.AlongRows * first.RowSpacing, _ => first.AlongColumns * first.ColumnSpacing,
    };

    /// <summary>
    /// The vector whose product with a distance from the origin is <see cref="Spacing"/> times the index along a native axis. In a
    /// straight stack it is the axis itself.
    /// </summary>
    public Point3 Across(int axis) => axis == 0
        ? first.Normal
        : Direction(axis) - (first.Normal * (step.Dot(Direction(axis)) / step.Dot(first.Normal)));

    /// <summary>Orders slices and checks that they form one regular grid; else <see cref="RefusalReason.IrregularGeometry"/>.</summary>
    public static Outcome<Stack> Of(IReadOnlyList<SliceGeometry> slices)
    {
        if (slices.Count < 2)
        {
            return GeometryGate.Refuse(GeometryFinding.SingleSlice, $"it has {slices.Count} slice, and a volume needs at least two");
        }

        // 1. All slices are of one kind.
        foreach (SliceGeometry slice in slices)
        {
            if (slice.DifferenceFrom(slices[0]) is string difference)
            {
                return GeometryGate.Refuse(GeometryFinding.Mixed, $"slices of one series differ: {difference}");
            }
        }

        // 2. Order along the normal.
        Point3 normal = slices[0].Normal;
        int[] order = [.. Enumerable.Range(0, slices.Count).OrderBy(i => slices[i].Position.Dot(normal))];
        double[] along = [.. order.Select(i => slices[i].Position.Dot(normal))];

        // 3. One step, no gap, no double, no drift.
        if (StepFault(along) is string fault)
        {
            return GeometryGate.Refuse(GeometryFinding.Gap, fault);
        }

        // 4. All on one line: along the normal, or slanted as a tilted gantry leaves it.
        SliceGeometry first = slices[order[0]];
        Point3 whole = slices[order[^1]].Position - first.Position;
        double sideways = (whole - (normal * whole.Dot(normal))).Length;
        double degrees = sideways > Limits.SidewaysDriftMm ? Math.Atan2(sideways, whole.Dot(normal)) * 180 / Math.PI : 0;
        if (degrees > 0 && (LpsAxes.Of(first) is not null || degrees > Limits.TiltDegrees))
        {
            return GeometryGate.Refuse(GeometryFinding.SidewaysTable,
                $"the stack is slanted by {degrees:0.#} degrees: "
                + $"{SliceGeometry.Mm(sideways)} mm sideways from the first to the last slice");
        }

        Point3 step = degrees > 0 ? whole * (1.0 / (order.Length - 1)) : normal * (whole.Dot(normal) / (order.Length - 1));
        return DriftFault(slices, order, step) is string drift
            ? GeometryGate.Refuse(GeometryFinding.Curved, drift)
            : new Stack(first, order, step) { TiltDegrees = degrees };
    }

    private static string? StepFault(double[] along)
    {
        double[] steps = [.. along.Skip(1).Zip(along, (next, here) => next - here)];
        double common = steps.Order().ElementAt(steps.Length / 2);
        double allowed = Math.Max(Limits.StepErrorMm, common * Limits.StepShare);
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] < Limits.SamePositionMm)
            {
                return $"two slices lie at one place, {SliceGeometry.Mm(along[i])} mm along the normal (slice {i + 1} of {along.Length})";
            }

            if (Math.Abs(steps[i] - common) > allowed)
            {
                return $"slices {i + 1} and {i + 2} of {along.Length}, "
                    + $"at {SliceGeometry.Mm(along[i])} and {SliceGeometry.Mm(along[i + 1])} mm, "
                    + $"are {SliceGeometry.Mm(steps[i])} mm apart where the others are {SliceGeometry.Mm(common)} mm apart";
            }
        }

        return null;
    }

    /// <summary>Every slice lies where its number of steps leads.</summary>
    private static string? DriftFault(IReadOnlyList<SliceGeometry> slices, int[] order, Point3 step)
    {
        Point3 origin = slices[order[0]].Position, normal = slices[order[0]].Normal;
        for (int k = 0; k < order.Length; k++)
        {
            Point3 off = slices[order[k]].Position - origin - (step * k);
            double along = off.Dot(normal);
            double aside = (off - (normal * along)).Length;
            if (aside > Limits.SidewaysDriftMm)
            {
                return $"slice {k + 1} of {order.Length} lies {SliceGeometry.Mm(aside)} mm beside the stack";
            }

            // Single steps may be rounded; a sum of roundings that all go one way is another spacing.
            if (Math.Abs(along) > Math.Max(Limits.StepErrorMm, step.Dot(normal) / 2))
            {
                return $"slice {k + 1} of {order.Length} lies {SliceGeometry.Mm(along)} mm off its place";
            }
        }

        return null;
    }
}
