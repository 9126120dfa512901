namespace Appliance.Imaging;

/// <summary>Two neighbours along one axis of the window and the share of the upper one; both may lie outside the window.</summary>
internal readonly record struct Cell(int Below, float Fraction)
{
    /// <summary>The rule of step 3 from grid to native: where native sample i of n lies among m grid samples.</summary>
    public static CellTable Axis(int n, int m, int windowStart)
    {
        CellTable table = new(new int[n], new float[n]);
        for (int i = 0; i < n; i++)
        {
            Cell cell = At(((i + 0.5) * m / n) - 0.5, m, windowStart);
            (table.Below[i], table.Fractions[i]) = (cell.Below, cell.Fraction);
        }

        return table;
    }

    public static Cell At(double position, int m, int windowStart)
    {
        position = Math.Clamp(position, 0, m - 1);
        int below = (int)position;
        return new Cell(below - windowStart, (float)(position - below));
    }
}

/// <summary>The cells of all samples of an axis, as the kernels take them.</summary>
internal sealed record CellTable(int[] Below, float[] Fractions)
{
    public int Count => Below.Length;
}
