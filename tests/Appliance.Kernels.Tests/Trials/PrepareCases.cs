using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

/// <summary>The order of sums is the reference's, so the bits are.</summary>
public static class PrepareCases
{
    [Case("WeightedSum_AlongY")]
    public static Trial AlongY(Random random, Shape shape)
    {
        Trial trial = new(random);
        (int[] starts, float[] weights) = Table(random, shape.Y, out int outputs);
        float[] samples = random.Floats(shape.Count, -1024, 3071), expected = new float[shape.X * outputs * shape.Z];
        WeightedSum.Reference(samples, shape.X, shape.Y, starts, weights, expected);
        View<float> target = trial.Result<float>(expected.Length);
        trial.Lanes(
            new WeightedSum.AlongY
            {
                Source = trial.Buffer<float>(samples), Target = target, Starts = trial.Buffer<int>(starts),
                Weights = trial.Buffer<float>(weights), Reach = weights.Length / outputs, Width = shape.X, SourceHeight = shape.Y,
                Height = outputs,
            },
            shape.X, outputs, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("WeightedSum_AlongX")]
    public static Trial AlongX(Random random, Shape shape)
    {
        Trial trial = new(random);
        (int[] starts, float[] weights) = Table(random, shape.X, out int outputs);
        int reach = weights.Length / outputs;
        float[] samples = random.Floats(shape.Count, -1024, 3071), expected = new float[outputs * shape.Y * shape.Z];
        WeightedSum.Reference(samples, 1, shape.X, starts, weights, expected);
        float[] turned = [.. Enumerable.Range(0, weights.Length).Select(i => weights[(i % outputs * reach) + (i / outputs)])];
        View<float> target = trial.Result<float>(expected.Length);
        trial.Lanes(
            new WeightedSum.AlongX
            {
                Source = trial.Buffer<float>(samples), Target = target, Starts = trial.Buffer<int>(starts),
                Weights = trial.Buffer<float>(turned), Reach = reach, SourceWidth = shape.X, Width = outputs, Height = shape.Y,
            },
            outputs, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("WeightedSum_Plane")]
    public static Trial Plane(Random random, Shape shape)
    {
        Trial trial = new(random);
        float[] weights = random.Floats(shape.Z, -0.25f, 1), samples = random.Floats(shape.Count, -1024, 3071);
        float[] expected = new float[shape.Plane];
        WeightedSum.Reference(samples, shape.Plane, shape.Z, [0], weights, expected);
        View<float> target = trial.Result<float>(shape.Plane);
        for (int z = 0; z < shape.Z; z++)
        {
            trial.Lanes(
                new WeightedSum.Plane
                {
                    Source = trial.Buffer<float>(samples.AsSpan(z * shape.Plane, shape.Plane)), Target = target, Width = shape.X,
                    Weight = weights[z], First = z == 0 ? 1 : 0,
                },
                shape.X, shape.Y, 1);
        }

        trial.Expect(target, expected);
        return trial;
    }

    [Case("NetworkInput_Normalised")]
    public static Trial Normalised(Random random, Shape shape)
    {
        Trial trial = new(random);
        float[] samples = random.Floats(shape.Count, -1024, 3071), expected = new float[shape.Count];
        NetworkInput.Reference(samples, 50, 250, expected);
        View<float> target = trial.Result<float>(shape.Count);
        trial.Lanes(
            new NetworkInput.Normalised
            {
                Source = trial.Buffer<float>(samples), Target = target, Width = shape.X, Height = shape.Y, Offset = 50, HuWidth = 250,
            },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("NetworkInput_Cut")]
    public static Trial Cut(Random random, Shape shape)
    {
        Trial trial = new(random);
        const int Width = 19, Height = 5;
        int left = random.Next(-Width, shape.X + 1), top = random.Next(-Height, shape.Y + 1);
        float[] samples = random.Floats(shape.Count, -1024, 3071), expected = new float[Width * Height * shape.Z];
        for (int z = 0; z < shape.Z; z++)
        {
            NetworkInput.ReferenceCut(
                samples.AsSpan(z * shape.Plane, shape.Plane), shape.X, left, top, -1000,
                expected.AsSpan(z * Width * Height, Width * Height), Width);
        }

        View<float> target = trial.Result<float>(expected.Length);
        trial.Lanes(
            new NetworkInput.Cut
            {
                Source = trial.Buffer<float>(samples), Target = target, SourceWidth = shape.X, SourceHeight = shape.Y, Width = Width,
                Height = Height, Left = left, Top = top, Padding = -1000,
            },
            Width, Height, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("BodyMask_Columns")]
    public static Trial Body(Random random, Shape shape)
    {
        Trial trial = new(random);
        float[] samples = random.Floats(shape.Count, -1024, -200);
        byte[] before = random.Bytes(shape.Plane, 1);
        byte[] expected = [.. before];
        BodyMask.Reference(samples, -300, expected);
        View<byte> target = trial.Buffer<byte>(before);
        trial.Lanes(
            new BodyMask.Columns
            {
                Source = trial.Buffer<float>(samples), Target = target, Width = shape.X, Height = shape.Y, Planes = shape.Z, Above = -300,
            },
            shape.X, shape.Y, 1);
        trial.Expect(target, expected);
        return trial;
    }

    /// <summary>Up to five neighbours for each result, as many results as samples and a few.</summary>
    private static (int[] Starts, float[] Weights) Table(Random random, int inputs, out int outputs)
    {
        outputs = random.Next(1, inputs + 3);
        int reach = Math.Min(inputs, random.Next(1, 6));
        return (random.Ints(outputs, 0, inputs - reach), random.Floats(outputs * reach, -0.25f, 1));
    }
}
