using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

/// <summary>The definition in the same order of operations: the same labels.</summary>
public static class RestoreCases
{
    private const int Classes = 5;

    [Case("LabelRestore_Plane")]
    public static Trial Plane(Random random, Shape shape)
    {
        Trial trial = new(random);
        Shape window = shape with { Z = 2 };
        (float[] scores, byte[] labels) = Scores(random, window);
        int width = random.Next(1, 40), height = random.Next(1, 12), plane = window.Plane * Classes;
        (int[] columns, float[] columnShares) = Cells(random, width, shape.X);
        (int[] rows, float[] rowShares) = Cells(random, height, shape.Y);
        float share = random.Next(3) == 0 ? 0 : random.NextSingle();
        byte[] offered = random.Bytes(256), expected = new byte[width * height];
        for (int i = 0; i < expected.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, width);
            expected[i] = offered[LabelRestore.Reference(
                scores.AsSpan(0, plane), scores.AsSpan(plane), Classes, shape.X, shape.Y, share, rows[y], rowShares[y], columns[x],
                columnShares[x])];
        }

        View<byte> target = trial.Result<byte>(expected.Length);
        trial.Lanes(
            new LabelRestore.Plane
            {
                Lower = trial.Buffer<float>(scores.AsSpan(0, plane)), Upper = trial.Buffer<float>(scores.AsSpan(plane)),
                LowerLabels = trial.Buffer<byte>(labels.AsSpan(0, window.Plane)),
                UpperLabels = trial.Buffer<byte>(labels.AsSpan(window.Plane)),
                Share = share, Classes = Classes, WindowWidth = shape.X, WindowHeight = shape.Y,
                Columns = trial.Buffer<int>(columns), ColumnShares = trial.Buffer<float>(columnShares),
                Rows = trial.Buffer<int>(rows), RowShares = trial.Buffer<float>(rowShares),
                Offered = trial.Buffer<byte>(offered), Target = target, Width = width,
            },
            width, height, 1);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("LabelRestore_Oblique")]
    public static Trial Oblique(Random random, Shape shape)
    {
        Trial trial = new(random);
        (float[] scores, byte[] labels) = Scores(random, shape);
        (int left, int top) = (random.Next(-2, 3), random.Next(-2, 3));
        Extent grid = new() { Width = Math.Max(1, shape.X + left + 1), Height = Math.Max(1, shape.Y + top + 1), Depth = shape.Z };
        Affine toGrid = TrilinearCases.AnyAffine(random, shape);
        Shape stack = new(random.Next(1, 21), random.Next(1, 9), random.Next(1, 5));
        byte[] offered = random.Bytes(256), expected = new byte[stack.Count];
        int plane = shape.Plane * Classes;
        for (int i = 0; i < expected.Length; i++)
        {
            int x = i % stack.X, y = i / stack.X % stack.Y, z = i / stack.Plane;
            (int ix, float fx) = Cell((toGrid.Xx * x) + ((toGrid.Xy * y) + (toGrid.Xz * z) + toGrid.X0), grid.Width);
            (int iy, float fy) = Cell((toGrid.Yx * x) + ((toGrid.Yy * y) + (toGrid.Yz * z) + toGrid.Y0), grid.Height);
            (int iz, float fz) = Cell((toGrid.Zx * x) + ((toGrid.Zy * y) + (toGrid.Zz * z) + toGrid.Z0), grid.Depth);
            ReadOnlySpan<float> lower = scores.AsSpan(iz * plane, plane);
            ReadOnlySpan<float> upper = scores.AsSpan(Math.Min(iz + 1, shape.Z - 1) * plane, plane);
            expected[i] = offered[LabelRestore.Reference(lower, upper, Classes, shape.X, shape.Y, fz, iy - top, fy, ix - left, fx)];
        }

        View<byte> target = trial.Result<byte>(expected.Length);
        trial.Lanes(
            new LabelRestore.Oblique
            {
                Source = trial.Buffer<float>(scores), Labels = trial.Buffer<byte>(labels), Classes = Classes,
                WindowWidth = shape.X, WindowHeight = shape.Y, Grid = grid, Left = left, Top = top, ToGrid = toGrid,
                Offered = trial.Buffer<byte>(offered), Target = target, Width = stack.X, Height = stack.Y,
            },
            stack.X, stack.Y, stack.Z);
        trial.Expect(target, expected);
        return trial;
    }

    /// <summary>Probabilities [z][class][y][x] of blobs, blurred by chance, and their winners.</summary>
    private static (float[] Scores, byte[] Labels) Scores(Random random, Shape shape)
    {
        byte[] blobs = random.Labels(shape, Classes - 1), labels = new byte[shape.Count];
        float[] scores = new float[shape.Count * Classes];
        for (int i = 0; i < shape.Count; i++)
        {
            (int z, int at) = Math.DivRem(i, shape.Plane);
            float best = float.MinValue;
            for (int k = 0; k < Classes; k++)
            {
                float score = (k == blobs[i] ? 0.5f : 0) + (random.Next(2) == 0 ? 0.25f : 0.6f * random.NextSingle());
                scores[(((z * Classes) + k) * shape.Plane) + at] = score;
                (labels[i], best) = score > best ? ((byte)k, score) : (labels[i], best);
            }
        }

        return (scores, labels);
    }

    /// <summary>Rising, as an axis is, and beyond the window at both ends.</summary>
    private static (int[] Below, float[] Fractions) Cells(Random random, int results, int sources)
    {
        double[] positions = [.. Enumerable.Range(0, results).Select(_ => (random.NextDouble() * (sources + 8)) - 4).Order()];
        return ([.. positions.Select(p => (int)Math.Floor(p))],
            [.. positions.Select(p => random.Next(8) == 0 ? 0 : (float)(p - Math.Floor(p)))]);
    }

    private static (int Index, float Share) Cell(float position, int count)
    {
        float kept = MathF.Min(MathF.Max(position, 0), count - 1);
        int index = Math.Max(Math.Min((int)kept, count - 2), 0);
        return (index, kept - index);
    }
}
