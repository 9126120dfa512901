namespace Appliance.Imaging;

/// <summary>A grid of the network's spacing along the patient's axes that covers an oblique stack.</summary>
/// <param name="Origin">Centre of its first voxel, mm.</param>
public sealed record ObliqueGrid(Point3 Origin, int Z, int Y, int X)
{
    /// <summary>The smallest such grid over all voxel centres, and half a step around them.</summary>
    public static ObliqueGrid Over(Stack stack)
    {
        double[] low = [double.MaxValue, double.MaxValue, double.MaxValue];
        double[] high = [double.MinValue, double.MinValue, double.MinValue];
        for (int corner = 0; corner < 8; corner++)
        {
            Point3 at = stack.Origin;
            for (int axis = 0; axis < 3; axis++)
            {
                int index = (corner >> axis & 1) * (stack.Count(axis) - 1);
                at += stack.Direction(axis) * (index * stack.Spacing(axis));
            }

            for (int axis = 0; axis < 3; axis++)
            {
                low[axis] = Math.Min(low[axis], at[axis]);
                high[axis] = Math.Max(high[axis], at[axis]);
            }
        }

        int[] counts = [.. low.Zip(high, (from, to) => (int)Math.Ceiling((to - from) / Prepare.GridSpacingMm) + 1)];
        double Start(int axis) => ((low[axis] + high[axis]) / 2) - ((counts[axis] - 1) * Prepare.GridSpacingMm / 2);
        return new ObliqueGrid(new(Start(0), Start(1), Start(2)), counts[2], counts[1], counts[0]);
    }

    /// <summary>Grid index, not rounded, of a position.</summary>
    public Point3 IndexOf(Point3 position) => (position - Origin) * (1 / Prepare.GridSpacingMm);

    /// <summary>Trilinear values of an intermediate volume [slice][row][column] in native axes; padding outside the stack.</summary>
    /// <param name="volume">Its samples lie on the native axes by the rule of step 3.</param>
    public GridVolume Sample(double[][] volume, int rows, int columns, Stack stack, float padding)
    {
        GridVolume grid = new(new float[Z * Y * X], Z, Y, X);
        int[] counts = [volume.Length, rows, columns];
        Parallel.For(0, Z, z =>
        {
            Span<Cell> cells = stackalloc Cell[3];
            for (int i = 0; i < Y * X; i++)
            {
                Point3 at = Origin + (new Point3(i % X, i / X, z) * Prepare.GridSpacingMm);
                grid.Hu[(z * Y * X) + i] = Locate(at, stack, counts, cells) ? Trilinear(volume, columns, cells) : padding;
            }
        });
        return grid;
    }

    private static bool Locate(Point3 at, Stack stack, int[] counts, Span<Cell> cells)
    {
        for (int axis = 0; axis < 3; axis++)
        {
            int n = stack.Count(axis);
            double index = (at - stack.Origin).Dot(stack.Direction(axis)) / stack.Spacing(axis);
            if (index < -0.5 || index > n - 0.5)
            {
                return false;
            }

            cells[axis] = Cell.At(((index + 0.5) * counts[axis] / n) - 0.5, counts[axis], 0);
        }

        return true;
    }

    private static float Trilinear(double[][] volume, int columns, ReadOnlySpan<Cell> cells)
    {
        double below = Bilinear(volume[cells[0].Below], columns, cells[1], cells[2]);
        double above = Bilinear(volume[cells[0].Above], columns, cells[1], cells[2]);
        return (float)(below + ((above - below) * cells[0].Fraction));
    }

    private static double Bilinear(double[] plane, int columns, in Cell row, in Cell column)
    {
        double front = Linear(plane.AsSpan(row.Below * columns, columns), column);
        double back = Linear(plane.AsSpan(row.Above * columns, columns), column);
        return front + ((back - front) * row.Fraction);
    }

    private static double Linear(ReadOnlySpan<double> line, in Cell at) =>
        line[at.Below] + ((line[at.Above] - line[at.Below]) * at.Fraction);
}
