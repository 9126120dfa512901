namespace Appliance.Imaging;

/// <summary>Where slices and grid slices lie along z while neither the first nor the last slice is known.</summary>
/// <remarks>
/// Source indices count steps from the slice that came first, upwards. Grid slices are exactly 3 mm apart, and half a grid step
/// inside the edge of the slice that came first, where that is the lowest or highest so far: a scanner that sends in order gets the
/// grid of the whole series but for the whole-series rule's stretch to a whole number of grid slices (docs/decisions/0020).
/// </remarks>
internal sealed record SliceAxis
{
    private readonly double origin;
    private readonly double phase;

    private SliceAxis(double origin, double step, double phase)
    {
        this.origin = origin;
        this.phase = phase;
        Step = step;
    }

    /// <summary>Distance of slices, mm.</summary>
    public double Step { get; }

    private double GridStep => Prepare.GridSpacingMm / Step;

    /// <summary>The axis through slices in the order of their arrival; null where they are not yet seen to share one step.</summary>
    /// <param name="positions">Along the patient's z, mm.</param>
    public static SliceAxis? Of(IReadOnlyList<double> positions)
    {
        double[] sorted = [.. positions.Order()];
        double[] gaps = [.. sorted.Skip(1).Zip(sorted, (next, here) => next - here)];
        double smallest = gaps.Length == 0 ? 0 : gaps.Min();
        if (smallest < Limits.SamePositionMm)
        {
            return null;
        }

        // A slice that is missing so far leaves a gap of several steps; their sum makes up for rounded positions.
        double steps = gaps.Sum(gap => Math.Round(gap / smallest));
        double step = (sorted[^1] - sorted[0]) / steps;
        double low = (sorted[0] - positions[0]) / step, high = (sorted[^1] - positions[0]) / step;
        double inside = Prepare.GridSpacingMm / step / 2;
        double phase = positions[0] == sorted[^1] ? high + 0.5 - inside : low - 0.5 + inside;
        SliceAxis axis = new(positions[0], step, phase);
        return positions.All(position => axis.IndexOf(position) is not null) ? axis : null;
    }

    /// <summary>Source index of a slice, or null where it lies between two places.</summary>
    public int? IndexOf(double position)
    {
        double index = (position - origin) / Step;
        int nearest = (int)Math.Round(index);
        return Math.Abs(index - nearest) * Step <= Math.Max(Limits.StepErrorMm, Step * Limits.AxisShare) ? nearest : null;
    }

    /// <summary>Grid slices begin half a grid step inside the lowest or the highest slice, as those of a whole series do.</summary>
    public bool BeginsAtEnd(int lowest, int highest)
    {
        (int first, int last) = GridRange(lowest, highest);
        double atLow = SourceOf(first) - (lowest - 0.5), atHigh = highest + 0.5 - SourceOf(last);
        return Math.Min(Math.Abs(atLow - (GridStep / 2)), Math.Abs(atHigh - (GridStep / 2))) * Step < Limits.StepErrorMm;
    }

    /// <summary>Source index at which a grid slice lies.</summary>
    public double SourceOf(int grid) => phase + (grid * GridStep);

    /// <summary>Grid index at which a source slice lies.</summary>
    public double GridOf(int source) => (source - phase) / GridStep;

    /// <summary>Grid slices inside the slices from lowest to highest; at least one.</summary>
    public (int Lowest, int Highest) GridRange(int lowest, int highest)
    {
        int first = (int)Math.Ceiling(((lowest - 0.5 - phase) / GridStep) - 1e-6);
        int last = (int)Math.Floor(((highest + 0.5 - phase) / GridStep) + 1e-6);
        return (first, Math.Max(first, last));
    }
}
