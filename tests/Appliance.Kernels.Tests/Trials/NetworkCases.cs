using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

/// <summary>What stands before and behind the network.</summary>
public static class NetworkCases
{
    /// <summary>Float exponentials against double ones: 1e-6 of a probability.</summary>
    [Case("Softmax_Probabilities")]
    public static Trial Probabilities(Random random, Shape shape)
    {
        Trial trial = new(random);
        int classes = random.Next(1, 12);
        float[] scores = random.Floats(classes * shape.Count, -60, 60);
        float[] expected = new float[scores.Length];
        Softmax.Reference(scores, classes, shape.Count, shape.Count, expected);
        View<float> target = trial.Result<float>(scores.Length);
        trial.Lanes(
            new Softmax.Probabilities
            {
                Source = trial.Buffer<float>(scores),
                Target = target,
                ClassStride = shape.Count,
                Classes = classes,
                Width = shape.X,
                Height = shape.Y,
            },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected, 1e-6);
        return trial;
    }

    [Case("Quantise_ToBytes")]
    public static Trial ToBytes(Random random, Shape shape)
    {
        Trial trial = new(random);

        // Halves are frequent, so that their rounding shows.
        float[] values = [.. random.Floats(shape.Count, -2, 2).Select(value => MathF.Round(value * 128) / 128)];
        byte[] expected = new byte[shape.Count];
        Quantise.Reference(values, 1 / 64f, 120, expected);
        View<byte> target = trial.Result<byte>(shape.Count);
        trial.Lanes(
            new Quantise.ToBytes
            {
                Source = trial.Buffer<float>(values), Target = target, Width = shape.X, Height = shape.Y, Scale = 1 / 64f, Zero = 120,
            },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("Quantise_ToFloats")]
    public static Trial ToFloats(Random random, Shape shape)
    {
        Trial trial = new(random);
        byte[] values = random.Bytes(shape.Count);
        float[] expected = new float[shape.Count];
        Quantise.ReferenceBack(values, 0.0173f, 120, expected);
        View<float> target = trial.Result<float>(shape.Count);
        trial.Lanes(
            new Quantise.ToFloats
            {
                Source = trial.Buffer<byte>(values), Target = target, Width = shape.X, Height = shape.Y, Scale = 0.0173f, Zero = 120,
            },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }
}
