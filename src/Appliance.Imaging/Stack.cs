using Appliance.Core;

namespace Appliance.Imaging;

/// <summary>Parallel slices in order along their normal, one step apart: a regular voxel grid in the patient.</summary>
/// <remarks>Native axes are numbered 0 slice, 1 row, 2 column, as in the index [slice][row][column] of every native array.</remarks>
public sealed class Stack
{
    private readonly SliceGeometry first;
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

    /// <summary>Distance of voxels along a native axis, mm.</summary>
    public double Spacing(int axis) => axis switch { 0 => step.Length, 1 => first.RowSpacing, _ => first.ColumnSpacing };

    /// <summary>Unit vector of rising index along a native axis.</summary>
    public Point3 Direction(int axis) => axis switch { 0 => first.Normal, 1 => first.AlongRows, _ => first.AlongColumns };

    /// <summary>Orders slices and checks that they form one regular grid; else <see cref="RefusalReason.IrregularGeometry"/>.</summary>
    public static Outcome<Stack> Of(IReadOnlyList<SliceGeometry> slices)
    {
        if (slices.Count < 2)
        {
            return new Refusal(RefusalReason.TooFewSlices, $"The series has {slices.Count} slice: a volume needs at least two.");
        }

        // 1. All slices are of one kind.
        foreach (SliceGeometry slice in slices)
        {
            if (slice.DifferenceFrom(slices[0]) is string difference)
            {
                return Irregular($"slices of one series differ: {difference}");
            }
        }

        // 2. Order along the normal.
        Point3 normal = slices[0].Normal;
        int[] order = [.. Enumerable.Range(0, slices.Count).OrderBy(i => slices[i].Position.Dot(normal))];
        double[] along = [.. order.Select(i => slices[i].Position.Dot(normal))];

        // 3. One step, no gap, no double, no drift.
        if (StepFault(along) is string fault)
        {
            return Irregular(fault);
        }

        SliceGeometry first = slices[order[0]];
        double step = (along[^1] - along[0]) / (along.Length - 1);
        return DriftFault(slices, order, normal, step) is string drift
            ? Irregular(drift)
            : new Stack(first, order, normal * step);
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

    /// <summary>Positions must lie on a line along the normal; on a slanted line the gantry was tilted.</summary>
    private static string? DriftFault(IReadOnlyList<SliceGeometry> slices, int[] order, Point3 normal, double step)
    {
        Point3 origin = slices[order[0]].Position;
        Point3 whole = slices[order[^1]].Position - origin;
        double sideways = (whole - (normal * whole.Dot(normal))).Length;
        if (sideways > Limits.SidewaysDriftMm)
        {
            double degrees = Math.Atan2(sideways, whole.Dot(normal)) * 180 / Math.PI;
            return $"the stack is slanted by {degrees:0.#} degrees (gantry tilt): "
                + $"{SliceGeometry.Mm(sideways)} mm sideways from the first to the last slice";
        }

        for (int k = 0; k < order.Length; k++)
        {
            Point3 off = slices[order[k]].Position - origin;
            Point3 aside = off - (normal * off.Dot(normal));
            if (aside.Length > Limits.SidewaysDriftMm)
            {
                return $"slice {k + 1} of {order.Length} lies {SliceGeometry.Mm(aside.Length)} mm beside the stack";
            }

            // Single steps may be rounded; a sum of roundings that all go one way is another spacing.
            if (Math.Abs(off.Dot(normal) - (k * step)) > Math.Max(Limits.StepErrorMm, step / 2))
            {
                return $"slice {k + 1} of {order.Length} lies {SliceGeometry.Mm(off.Dot(normal) - (k * step))} mm off its place";
            }
        }

        return null;
    }

    private static Refusal Irregular(string what) =>
        new(RefusalReason.IrregularGeometry, $"Not one regular stack: {what}. Send one complete reconstruction as its own series.");
}
