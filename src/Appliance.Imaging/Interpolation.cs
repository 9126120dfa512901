namespace Appliance.Imaging;

/// <summary>Class probabilities between grid voxels, and the class that wins there (model package, step 7).</summary>
/// <remarks>Everything outside the window is background with probability 1.</remarks>
internal sealed class Interpolation
{
    private static readonly float[] Background = [1, .. new float[ClassScores.Stride - 1]];

    private readonly ClassScores lower;
    private readonly ClassScores upper;

    public Interpolation(ClassScores scores)
        : this(scores, scores)
    {
    }

    /// <summary>Slices of the second follow those of the first.</summary>
    public Interpolation(ClassScores lower, ClassScores upper)
    {
        this.lower = lower;
        this.upper = upper;
    }

    /// <summary>The winning class of one voxel of the window, 0 outside.</summary>
    public byte Label(int z, int y, int x) =>
        (uint)y < (uint)lower.Rows && (uint)x < (uint)lower.Columns
            ? z < lower.Slices ? lower.Labels[At(z, y, x)] : upper.Labels[At(z - lower.Slices, y, x)]
            : (byte)0;

    /// <summary>
    /// True where all four corners in z and y at column x won with one class. If that holds at both ends of a cell, with the
    /// same class, that class wins everywhere in it: interpolation keeps "at least as probable" between two classes.
    /// </summary>
    public bool Uniform(in Cell z, in Cell y, int x, out byte label)
    {
        label = Label(z.Below, y.Below, x);
        return label == Label(z.Below, y.Above, x) && label == Label(z.Above, y.Below, x) && label == Label(z.Above, y.Above, x);
    }

    /// <summary>Probabilities at column x, linear in z, then in y.</summary>
    public void Column(in Cell z, in Cell y, int x, Span<float> result)
    {
        ReadOnlySpan<float> a = Voxel(z.Below, y.Below, x), b = Voxel(z.Above, y.Below, x);
        ReadOnlySpan<float> c = Voxel(z.Below, y.Above, x), d = Voxel(z.Above, y.Above, x);
        for (int organ = 0; organ < ClassScores.Stride; organ++)
        {
            float front = (a[organ] * (1 - z.Fraction)) + (b[organ] * z.Fraction);
            float back = (c[organ] * (1 - z.Fraction)) + (d[organ] * z.Fraction);
            result[organ] = (front * (1 - y.Fraction)) + (back * y.Fraction);
        }
    }

    /// <summary>The class that wins between two columns, the lowest index on a tie.</summary>
    public static byte Winner(ReadOnlySpan<float> left, ReadOnlySpan<float> right, float fraction)
    {
        int winner = 0;
        float best = float.MinValue;
        for (int organ = 0; organ < ClassScores.Stride; organ++)
        {
            float value = (left[organ] * (1 - fraction)) + (right[organ] * fraction);
            if (value > best)
            {
                best = value;
                winner = organ;
            }
        }

        return (byte)winner;
    }

    private int At(int z, int y, int x) => (((z * lower.Rows) + y) * lower.Columns) + x;

    private ReadOnlySpan<float> Voxel(int z, int y, int x) =>
        (uint)y >= (uint)lower.Rows || (uint)x >= (uint)lower.Columns ? Background
        : z < lower.Slices ? lower.Probabilities.AsSpan(At(z, y, x) * ClassScores.Stride, ClassScores.Stride)
        : upper.Probabilities.AsSpan(At(z - lower.Slices, y, x) * ClassScores.Stride, ClassScores.Stride);
}

/// <summary>Two neighbours along one axis of the window and the share of the upper one.</summary>
internal readonly record struct Cell(int Below, int Above, float Fraction)
{
    /// <summary>The rule of step 3 from grid to native: where native sample i of n lies among m grid samples.</summary>
    public static Cell[] Axis(int n, int m, int windowStart)
    {
        Cell[] cells = new Cell[n];
        for (int i = 0; i < n; i++)
        {
            cells[i] = At(((i + 0.5) * m / n) - 0.5, m, windowStart);
        }

        return cells;
    }

    public static Cell At(double position, int m, int windowStart)
    {
        position = Math.Clamp(position, 0, m - 1);
        int below = (int)position;
        return new Cell(below - windowStart, Math.Min(below + 1, m - 1) - windowStart, (float)(position - below));
    }
}
