namespace Appliance.Imaging;

/// <summary>What the positions of a series' slices show so far.</summary>
public enum GridState
{
    /// <summary>Too few positions to see a step.</summary>
    Unknown,

    /// <summary>A slice is missing between two that are there, or the steps are of several lengths.</summary>
    Gap,

    /// <summary>Every slice lies one step from the next. It proves that there is no gap, not that the end has come.</summary>
    Regular,
}

/// <summary>The positions of one series along its normal, in order. Slices of another plane (a localizer) are counted apart.</summary>
public sealed class GridSeen
{
    private readonly List<Plane> planes = [];

    /// <summary>That of the plane with the most slices.</summary>
    public GridState State => planes.MaxBy(plane => plane.Positions.Count)?.State ?? GridState.Unknown;

    /// <summary>How many different positions the plane with the most slices has.</summary>
    public int Positions => planes.Count == 0 ? 0 : planes.Max(plane => plane.Positions.Count);

    public void Add(SliceGeometry slice)
    {
        Plane? plane = planes.Find(each => slice.DifferenceFrom(each.First) is null);
        if (plane is null)
        {
            // A series of hundreds of planes is none that a grid could be seen in (a radial or a curved one).
            if (planes.Count == Limits.GridPlanes)
            {
                return;
            }

            planes.Add(plane = new Plane(slice));
        }

        plane.Add(slice.Position.Dot(plane.First.Normal));
    }

    private sealed class Plane(SliceGeometry first)
    {
        public SliceGeometry First { get; } = first;

        public List<double> Positions { get; } = [];

        public GridState State { get; private set; }

        public void Add(double position)
        {
            int at = Positions.BinarySearch(position);
            at = at < 0 ? ~at : at;
            if ((at < Positions.Count && Positions[at] - position < Limits.SamePositionMm)
                || (at > 0 && position - Positions[at - 1] < Limits.SamePositionMm))
            {
                return;
            }

            Positions.Insert(at, position);
            State = Look();
        }

        private GridState Look()
        {
            if (Positions.Count < Limits.GridLeastPositions)
            {
                return GridState.Unknown;
            }

            double smallest = double.MaxValue, largest = 0;
            for (int i = 1; i < Positions.Count; i++)
            {
                double gap = Positions[i] - Positions[i - 1];
                smallest = Math.Min(smallest, gap);
                largest = Math.Max(largest, gap);
            }

            return largest - smallest <= 2 * Math.Max(Limits.StepErrorMm, smallest * Limits.StepShare)
                ? GridState.Regular
                : GridState.Gap;
        }
    }
}
