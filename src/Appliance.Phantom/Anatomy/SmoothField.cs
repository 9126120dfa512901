namespace Appliance.Phantom.Anatomy;

/// <summary>Smooth random fields: normal coefficients on a coarse grid, joined by cubic B-splines.</summary>
public static class SmoothField
{
    // B-spline smoothing shrinks the spread of its coefficients by about this factor.
    private const float SpreadLost = 1.9f;

    /// <summary>One value for each voxel, with about the given standard deviation.</summary>
    /// <param name="mm">Distance of the coefficients: details are not smaller than this.</param>
    public static float[] Make(RandomStream random, Lattice lattice, float mm, float deviation = 1)
    {
        float[] field = new float[lattice.Voxels];
        Add(random, lattice, mm, deviation, field);
        return field;
    }

    /// <summary>Adds such a field to <paramref name="target"/>.</summary>
    public static void Add(RandomStream random, Lattice lattice, float mm, float deviation, float[] target)
    {
        Spline z = new(lattice.Slices, mm / lattice.PitchZ, random.Between(0, 1));
        Spline y = new(lattice.Rows, mm / lattice.Pitch, random.Between(0, 1));
        Spline x = new(lattice.Columns, mm / lattice.Pitch, random.Between(0, 1));
        float[] coefficients = new float[z.Knots * y.Knots * x.Knots];
        for (int i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] = random.Normal(0, 1);
        }

        float scale = deviation * SpreadLost;
        Parallel.For(0, lattice.Slices, slice => AddSlice(slice, coefficients, (z, y, x), scale, target));
    }

    private static void AddSlice(int slice, float[] coefficients, (Spline Z, Spline Y, Spline X) splines, float scale, float[] target)
    {
        (Spline z, Spline y, Spline x) = splines;
        int plane = y.Knots * x.Knots;
        float[] ofSlice = new float[plane];
        for (int k = 0; k < Spline.Taps; k++)
        {
            AddScaled(coefficients.AsSpan(z.Knot[(slice * Spline.Taps) + k] * plane, plane), z.Weight[(slice * Spline.Taps) + k], ofSlice);
        }

        float[] ofRow = new float[x.Knots];
        int rows = y.Samples, columns = x.Samples;
        for (int row = 0; row < rows; row++)
        {
            Array.Clear(ofRow);
            for (int k = 0; k < Spline.Taps; k++)
            {
                int at = (row * Spline.Taps) + k;
                AddScaled(ofSlice.AsSpan(y.Knot[at] * x.Knots, x.Knots), y.Weight[at], ofRow);
            }

            Span<float> into = target.AsSpan(((slice * rows) + row) * columns, columns);
            for (int column = 0; column < columns; column++)
            {
                int at = column * Spline.Taps;
                into[column] += scale * ((x.Weight[at] * ofRow[x.Knot[at]]) + (x.Weight[at + 1] * ofRow[x.Knot[at + 1]])
                    + (x.Weight[at + 2] * ofRow[x.Knot[at + 2]]) + (x.Weight[at + 3] * ofRow[x.Knot[at + 3]]));
            }
        }
    }

    private static void AddScaled(ReadOnlySpan<float> from, float weight, Span<float> into)
    {
        for (int i = 0; i < into.Length; i++)
        {
            into[i] += weight * from[i];
        }
    }

    /// <summary>For each sample along one axis the four knots that reach it, with their weights.</summary>
    private sealed class Spline
    {
        public const int Taps = 4;

        public Spline(int samples, float step, float offset)
        {
            Samples = samples;
            Knots = (int)Math.Ceiling(samples / (double)step) + Taps;
            Knot = new int[samples * Taps];
            Weight = new float[samples * Taps];
            for (int i = 0; i < samples; i++)
            {
                double at = (i / (double)step) + 1 + offset;
                int whole = (int)Math.Floor(at);
                double f = at - whole;
                double g = 1 - f;
                ReadOnlySpan<double> weights =
                [
                    g * g * g / 6,
                    ((3 * f * f * f) - (6 * f * f) + 4) / 6,
                    ((-3 * f * f * f) + (3 * f * f) + (3 * f) + 1) / 6,
                    f * f * f / 6,
                ];
                for (int k = 0; k < Taps; k++)
                {
                    Knot[(i * Taps) + k] = Math.Clamp(whole - 1 + k, 0, Knots - 1);
                    Weight[(i * Taps) + k] = (float)weights[k];
                }
            }
        }

        public int Samples { get; }

        public int Knots { get; }

        public int[] Knot { get; }

        public float[] Weight { get; }
    }
}
