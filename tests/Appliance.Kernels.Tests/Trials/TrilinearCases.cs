using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class TrilinearCases
{
    private static readonly Rescale.Line Line = new() { Scale = 1 / 250f, Offset = -0.2f, Low = -30, High = 30 };

    [Case("Trilinear_Oblique")]
    public static Trial Oblique(Random random, Shape shape)
    {
        Trial trial = new(random);
        Shape result = new(random.Next(1, 21), random.Next(1, 9), random.Next(1, 5));
        Affine affine = AnyAffine(random, shape);
        short[] source = random.Shorts(shape.Count);
        float[] expected = new float[result.Count];
        Trilinear.Reference<short>(source, shape.X, shape.Y, shape.Z, affine, Line, -7, expected, result.X, result.Y);
        View<float> target = trial.Result<float>(result.Count);
        trial.Lanes(
            new Trilinear.Oblique
            {
                Source = trial.Buffer<short>(source),
                Target = target,
                Extent = new Extent { Width = shape.X, Height = shape.Y, Depth = shape.Z },
                Width = result.X,
                Height = result.Y,
                ToSource = affine,
                Line = Line,
                Outside = -7,
            },
            result.X, result.Y, result.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("Trilinear_ObliqueFloats")]
    public static Trial ObliqueFloats(Random random, Shape shape)
    {
        Trial trial = new(random);
        Shape result = new(random.Next(1, 21), random.Next(1, 9), random.Next(1, 5));
        Affine affine = AnyAffine(random, shape);
        Rescale.Line none = new() { Scale = 1, Low = float.MinValue, High = float.MaxValue };
        float[] source = random.Floats(shape.Count, -1024, 3071), expected = new float[result.Count];
        Trilinear.Reference<float>(source, shape.X, shape.Y, shape.Z, affine, none, -1000, expected, result.X, result.Y);
        View<float> target = trial.Result<float>(result.Count);
        trial.Lanes(
            new Trilinear.ObliqueFloats
            {
                Source = trial.Buffer<float>(source),
                Target = target,
                Extent = new Extent { Width = shape.X, Height = shape.Y, Depth = shape.Z },
                Width = result.X,
                Height = result.Y,
                ToSource = affine,
                Outside = -1000,
            },
            result.X, result.Y, result.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("Trilinear_Aligned")]
    public static Trial Aligned(Random random, Shape shape)
    {
        Trial trial = new(random);
        int halved = shape.X / 2;
        Shape result = new(halved > 7 ? halved : random.Next(1, 21), random.Next(1, 9), random.Next(1, 5));
        short[] source = random.Shorts(shape.Count);
        (int[] columns, float[] columnShares) = Axis(result.X, shape.X);
        (int[] rows, float[] rowShares) = Axis(result.Y, shape.Y);
        (int[] planes, float[] planeShares) = Axis(result.Z, shape.Z);
        float[] expected = new float[result.Count];
        for (int i = 0; i < expected.Length; i++)
        {
            int x = i % result.X, y = i / result.X % result.Y, z = i / result.X / result.Y;
            float value = Trilinear.At<short>(
                source, shape.X, shape.Y, shape.Z, columns[x] + columnShares[x], rows[y] + rowShares[y], planes[z] + planeShares[z]);
            expected[i] = MathF.Min(MathF.Max((value * Line.Scale) + Line.Offset, Line.Low), Line.High);
        }

        View<float> target = trial.Result<float>(result.Count);
        trial.Lanes(
            new Trilinear.Aligned
            {
                Source = trial.Buffer<short>(source),
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
        trial.Expect(target, expected);
        return trial;
    }

    /// <summary>A turned and scaled grid that mostly lies in the volume and leaves it at some sides.</summary>
    public static Affine AnyAffine(Random random, Shape shape)
    {
        float Near(float value) => value + (0.4f * (random.NextSingle() - 0.5f));
        return new Affine
        {
            Xx = Near(0.8f), Xy = Near(0), Xz = Near(0), X0 = (random.NextSingle() * shape.X) - 1,
            Yx = Near(0), Yy = Near(0.8f), Yz = Near(0), Y0 = (random.NextSingle() * shape.Y) - 1,
            Zx = Near(0), Zy = Near(0), Zz = Near(0.8f), Z0 = (random.NextSingle() * shape.Z) - 1,
        };
    }

    /// <summary>Cells in eighths, so that index + share is exact in the reference.</summary>
    private static (int[] Indices, float[] Shares) Axis(int results, int sources)
    {
        int[] indices = new int[results];
        float[] shares = new float[results];
        for (int i = 0; i < results; i++)
        {
            double position = Math.Clamp(Math.Round(((((i + 0.5) * sources) / results) - 0.5) * 8) / 8, 0, sources - 1);
            indices[i] = Math.Clamp((int)position, 0, Math.Max(0, sources - 2));
            shares[i] = (float)(position - indices[i]);
        }

        return (indices, shares);
    }
}
