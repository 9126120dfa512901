using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

/// <summary>Integers and single rounded operations: the same bytes.</summary>
public static class OrganPaintCases
{
    [Case("OrganPaint_Smooth")]
    public static Trial Smooth(Random random, Shape shape)
    {
        Trial trial = new(random);
        byte[] labels = random.Labels(shape with { Z = 1 }, 4);
        int[] organs = [.. Enumerable.Range(0, shape.Z)];
        short[] expected = Masks(labels, shape, organs);
        View<short> target = trial.Result<short>(expected.Length);
        trial.Lanes(
            new OrganPaint.Smooth
            {
                Labels = trial.Buffer<byte>(labels), Organs = trial.Buffer<int>(organs), Target = target, Width = shape.X,
                Height = shape.Y,
            },
            shape.X + 2, shape.Y + 2, organs.Length);
        trial.Expect(target, expected);
        return trial;
    }

    /// <summary>Organs large enough to have an inside.</summary>
    [Case("OrganPaint_Smooth")]
    [Case("OrganPaint_Blend")]
    public static Trial Blend(Random random, Shape given)
    {
        Trial trial = new(random);
        Shape shape = new(given.X + 3, given.Y + 3, 1);
        int edge = random.Next(shape.X);
        byte[] labels = [.. random.Labels(shape, 3).Select((label, i) => i % shape.X < edge ? (byte)2 : label)];
        int[] organs = [1, 2, 3], colours = random.Ints(3, 0, 0xffffff);
        float[] hu = random.Floats(shape.Count, -1024, 1000);
        int stride = (3 * shape.X) + random.Next(9);
        byte[] before = random.Bytes(stride * shape.Y), expected = [.. before];
        for (int i = 0; i < shape.Count; i++)
        {
            (int y, int x) = Math.DivRem(i, shape.X);
            OrganPaint.Reference(
                hu, labels, shape.X, shape.Y, organs, colours, 39.5f, 399, x, y, expected.AsSpan((y * stride) + (3 * x), 3));
        }

        View<byte> source = trial.Buffer<byte>(labels), target = trial.Buffer<byte>(before);
        View<int> values = trial.Buffer<int>(organs);
        View<short> masks = trial.Result<short>((shape.X + 2) * (shape.Y + 2) * organs.Length);
        trial.Lanes(
            new OrganPaint.Smooth { Labels = source, Organs = values, Target = masks, Width = shape.X, Height = shape.Y },
            shape.X + 2, shape.Y + 2, organs.Length);
        trial.Lanes(
            new OrganPaint.Blend
            {
                Hu = trial.Buffer<float>(hu), Labels = source, Masks = masks, Organs = values, Colours = trial.Buffer<int>(colours),
                Target = target, Stride = stride, Width = shape.X, Height = shape.Y, Count = organs.Length, Centre = 39.5f,
                WindowWidth = 399,
            },
            shape.X, shape.Y, 1);
        trial.Expect(target, expected);
        return trial;
    }

    private static short[] Masks(byte[] labels, Shape shape, int[] organs)
    {
        int width = shape.X + 2, height = shape.Y + 2;
        short[] masks = new short[width * height * organs.Length];
        for (int i = 0; i < masks.Length; i++)
        {
            int x = (i % width) - 1, y = (i / width % height) - 1;
            masks[i] = (short)OrganPaint.ReferenceSmooth(labels, shape.X, shape.Y, (byte)organs[i / width / height], x, y);
        }

        return masks;
    }
}
