using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class LabelCases
{
    [Case("Argmax_Labels")]
    public static Trial ArgmaxLabels(Random random, Shape shape)
    {
        Trial trial = new(random);
        int classes = random.Next(1, 15);
        int stride = shape.Count + random.Next(3);
        float[] scores = [.. random.Floats(classes * stride, -9, 9).Select(score => MathF.Round(score))];
        byte[] expected = new byte[shape.Count];
        Argmax.Reference(scores, classes, stride, expected);
        View<byte> target = trial.Result<byte>(shape.Count);
        trial.Lanes(
            new Argmax.Labels
            {
                Source = trial.Buffer<float>(scores),
                Target = target,
                ClassStride = stride,
                Classes = classes,
                Width = shape.X,
                Height = shape.Y,
            },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    /// <summary>Growing and shrinking: the tables are any that do not fall.</summary>
    [Case("LabelUpsample_Nearest")]
    public static Trial Upsample(Random random, Shape shape)
    {
        Trial trial = new(random);
        byte[] source = random.Bytes(shape.Count);
        int[] columns = Table(random, shape.X, random.Next(1, 90));
        int[] rows = Table(random, shape.Y, random.Next(1, 12));
        int[] planes = Table(random, shape.Z, random.Next(1, 6));
        byte[] expected = new byte[columns.Length * rows.Length * planes.Length];
        LabelUpsample.Reference(source, shape.X, shape.Y, columns, rows, planes, expected);
        View<byte> target = trial.Result<byte>(expected.Length);
        trial.Lanes(
            new LabelUpsample.Nearest
            {
                Source = trial.Buffer<byte>(source),
                Target = target,
                Columns = trial.Buffer<int>(columns),
                Rows = trial.Buffer<int>(rows),
                Planes = trial.Buffer<int>(planes),
                SourceWidth = shape.X,
                SourceHeight = shape.Y,
                Width = columns.Length,
                Height = rows.Length,
            },
            columns.Length, rows.Length, planes.Length);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("SegPack_Bits")]
    public static Trial Pack(Random random, Shape shape)
    {
        Trial trial = new(random);
        byte[] source = random.Labels(shape, 3);
        int bytes = (shape.Plane + 7) / 8;
        byte[] expected = new byte[bytes * shape.Z];
        for (int z = 0; z < shape.Z; z++)
        {
            SegPack.Reference(source.AsSpan(z * shape.Plane, shape.Plane), 2, expected.AsSpan(z * bytes, bytes));
        }

        View<byte> target = trial.Result<byte>(expected.Length);
        trial.Lanes(
            new SegPack.Bits { Source = trial.Buffer<byte>(source), Target = target, Label = 2, Voxels = shape.Plane, Bytes = bytes },
            bytes, 1, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("Relabel_Table")]
    public static Trial Relabelled(Random random, Shape shape)
    {
        Trial trial = new(random);
        byte[] labels = random.Labels(shape, 5), table = random.Bytes(256), expected = new byte[shape.Count];
        Relabel.Reference(labels, table, expected);
        View<byte> target = trial.Buffer<byte>(labels);
        View<int> becomes = trial.Buffer<int>([.. table.Select(label => (int)label)]);
        trial.Lanes(
            new Relabel.Table { Labels = target, Becomes = becomes, Width = shape.X, Height = shape.Y }, shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("Contour_Outline")]
    public static Trial Outline(Random random, Shape shape)
    {
        Trial trial = new(random);
        byte[] source = random.Labels(shape, 4);
        byte[] expected = new byte[shape.Count];
        for (int z = 0; z < shape.Z; z++)
        {
            Contour.Reference(source.AsSpan(z * shape.Plane, shape.Plane), shape.X, shape.Y, expected.AsSpan(z * shape.Plane, shape.Plane));
        }

        View<byte> target = trial.Result<byte>(shape.Count);
        trial.Lanes(
            new Contour.Outline { Source = trial.Buffer<byte>(source), Target = target, Width = shape.X, Height = shape.Y },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("Overlay_Rgb")]
    public static Trial Rgb(Random random, Shape shape)
    {
        Trial trial = new(random);
        short[] source = random.Shorts(shape.Count);
        byte[] labels = random.Labels(shape, 9);
        int[] palette = random.Ints(256, 0, 0xffffff);
        palette[0] = 0;
        byte[] expected = new byte[shape.Count * 3];
        Overlay.Reference(source, labels, palette, 255 / 400f, 102, 102, expected);
        View<byte> target = trial.Result<byte>(expected.Length);
        trial.Lanes(
            new Overlay.Rgb
            {
                Source = trial.Buffer<short>(source),
                Labels = trial.Buffer<byte>(labels),
                Palette = trial.Buffer<int>(palette),
                Target = target,
                Width = shape.X,
                Height = shape.Y,
                Scale = 255 / 400f,
                Offset = 102,
                Alpha = 102,
            },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    /// <summary>Which of <paramref name="from"/> source elements each of <paramref name="count"/> results takes.</summary>
    private static int[] Table(Random random, int from, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Min(from - 1, (int)((i + random.NextDouble()) * from / count)))];
}
