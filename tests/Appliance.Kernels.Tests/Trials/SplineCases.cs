using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

/// <summary>Float against a reference in double: 1e-5 of the values' range, for coefficients reach six times the samples.</summary>
public static class SplineCases
{
    private static readonly Rescale.Line Line = new() { Scale = 0.75f, Offset = -12, Low = -600, High = 700 };

    private const double Tolerance = 2000 * 6 * 2e-6;

    [Case("Spline_Prefilter")]
    public static Trial AlongZ(Random random, Shape shape)
    {
        Trial trial = new(random);
        float[] samples = random.Floats(shape.Count, -1000, 1000);
        View<float> data = trial.Buffer<float>(samples);
        trial.Lanes(
            new Spline.Prefilter { Data = data, Count = shape.Z, Step = shape.Plane, StepY = shape.X },
            shape.X, shape.Y, 1);
        trial.Expect(data, Lines(samples, shape.Z, shape.Plane, Enumerable.Range(0, shape.Plane)), Tolerance);
        return trial;
    }

    [Case("Spline_Prefilter")]
    public static Trial AlongY(Random random, Shape shape)
    {
        Trial trial = new(random);
        float[] samples = random.Floats(shape.Count, -1000, 1000);
        View<float> data = trial.Buffer<float>(samples);
        trial.Lanes(
            new Spline.Prefilter { Data = data, Count = shape.Y, Step = shape.X, StepZ = shape.Plane },
            shape.X, 1, shape.Z);
        IEnumerable<int> starts = Enumerable.Range(0, shape.Count).Where(i => i / shape.X % shape.Y == 0);
        trial.Expect(data, Lines(samples, shape.Y, shape.X, starts), Tolerance);
        return trial;
    }

    [Case("Spline_PrefilterRows")]
    public static Trial AlongX(Random random, Shape shape)
    {
        Trial trial = new(random);
        float[] samples = random.Floats(shape.Count, -1000, 1000);
        View<float> data = trial.Buffer<float>(samples);
        trial.Points(new Spline.PrefilterRows { Data = data, Width = shape.X, Height = shape.Y }, 1, shape.Y, shape.Z);
        IEnumerable<int> starts = Enumerable.Range(0, shape.Y * shape.Z).Select(row => row * shape.X);
        trial.Expect(data, Lines(samples, shape.X, 1, starts), Tolerance);
        return trial;
    }

    [Case("Spline_Aligned")]
    public static Trial Aligned(Random random, Shape shape)
    {
        Trial trial = new(random);
        Shape result = new(random.Next(1, 21), random.Next(1, 5), random.Next(1, 4));
        float[] coefficients = random.Floats(shape.Count, -1000, 1000);
        (int[] columns, float[] columnShares) = Axis(random, result.X, shape.X);
        (int[] rows, float[] rowShares) = Axis(random, result.Y, shape.Y);
        (int[] planes, float[] planeShares) = Axis(random, result.Z, shape.Z);
        float[] expected = new float[result.Count];
        for (int i = 0; i < expected.Length; i++)
        {
            int x = i % result.X, y = i / result.X % result.Y, z = i / result.X / result.Y;
            double value = At(
                coefficients, shape, (columns[x], columnShares[x]), (rows[y], rowShares[y]), (planes[z], planeShares[z]));
            expected[i] = (float)Math.Clamp((value * Line.Scale) + Line.Offset, Line.Low, Line.High);
        }

        View<float> target = trial.Result<float>(result.Count);
        trial.Lanes(
            new Spline.Aligned
            {
                Source = trial.Buffer<float>(coefficients),
                Target = target,
                Extent = new Extent { Width = shape.X, Height = shape.Y, Depth = shape.Z },
                Width = result.X,
                Height = result.Y,
                Columns = trial.Buffer<int>(columns),
                ColumnShares = trial.Buffer<float>(columnShares),
                Rows = trial.Buffer<int>(rows),
                RowShares = trial.Buffer<float>(rowShares),
                Planes = trial.Buffer<int>(planes),
                PlaneShares = trial.Buffer<float>(planeShares),
                Line = Line,
            },
            result.X, result.Y, result.Z);
        trial.Expect(target, expected, Tolerance);
        return trial;
    }

    [Case("Spline_Oblique")]
    public static Trial Oblique(Random random, Shape shape)
    {
        Trial trial = new(random);
        Shape result = new(random.Next(1, 21), random.Next(1, 9), random.Next(1, 5));
        Affine a = TrilinearCases.AnyAffine(random, shape);
        Extent extent = new() { Width = shape.X, Height = shape.Y, Depth = shape.Z };
        float[] coefficients = random.Floats(shape.Count, -1000, 1000), expected = new float[result.Count];
        for (int i = 0; i < expected.Length; i++)
        {
            int x = i % result.X, y = i / result.X % result.Y, z = i / result.X / result.Y;
            float sx = (a.Xx * x) + ((a.Xy * y) + (a.Xz * z) + a.X0), sy = (a.Yx * x) + ((a.Yy * y) + (a.Yz * z) + a.Y0);
            float sz = (a.Zx * x) + ((a.Zy * y) + (a.Zz * z) + a.Z0);
            bool inside = sx >= -0.5f && sy >= -0.5f && sz >= -0.5f
                && sx <= shape.X - 0.5f && sy <= shape.Y - 0.5f && sz <= shape.Z - 0.5f;
            double value = inside ? Spline.ReferenceAt(coefficients, extent, sx, sy, sz) : 0;
            expected[i] = inside ? (float)Math.Clamp((value * Line.Scale) + Line.Offset, Line.Low, Line.High) : -7;
        }

        View<float> target = trial.Result<float>(result.Count);
        trial.Lanes(
            new Spline.Oblique
            {
                Source = trial.Buffer<float>(coefficients), Target = target, Extent = extent, Width = result.X, Height = result.Y,
                ToSource = a, Line = Line, Outside = -7,
            },
            result.X, result.Y, result.Z);
        trial.Expect(target, expected, Tolerance);
        return trial;
    }

    private static float[] Lines(float[] samples, int count, int step, IEnumerable<int> starts)
    {
        float[] result = [.. samples];
        foreach (int start in starts)
        {
            double[] line = [.. Enumerable.Range(0, count).Select(i => (double)samples[start + (i * step)])];
            Spline.ReferenceLine(line);
            for (int i = 0; i < count; i++)
            {
                result[start + (i * step)] = (float)line[i];
            }
        }

        return result;
    }

    private static (int[] Indices, float[] Shares) Axis(Random random, int results, int sources)
    {
        float[] positions = random.Floats(results, -0.5f, sources - 0.5f);
        int[] indices = [.. positions.Select(position => (int)MathF.Floor(position))];
        return (indices, [.. positions.Select((position, i) => position - indices[i])]);
    }

    private static double At(float[] coefficients, Shape shape, (int I, float T) x, (int I, float T) y, (int I, float T) z)
    {
        double[] wx = new double[4], wy = new double[4], wz = new double[4];
        Spline.ReferenceWeights(x.T, wx);
        Spline.ReferenceWeights(y.T, wy);
        Spline.ReferenceWeights(z.T, wz);
        double sum = 0;
        for (int k = 0; k < 64; k++)
        {
            int ix = Mirrored(x.I - 1 + (k % 4), shape.X), iy = Mirrored(y.I - 1 + (k / 4 % 4), shape.Y);
            int iz = Mirrored(z.I - 1 + (k / 16), shape.Z);
            sum += wx[k % 4] * wy[k / 4 % 4] * wz[k / 16] * coefficients[(((iz * shape.Y) + iy) * shape.X) + ix];
        }

        return sum;
    }

    /// <summary>By walking: to and fro between the ends, which are not repeated; in a line of one or two it ends at the last.</summary>
    private static int Mirrored(int index, int count)
    {
        int at = Math.Abs(index);
        at = at > count - 1 ? Math.Abs((2 * (count - 1)) - at) : at;
        return Math.Min(at, count - 1);
    }
}
