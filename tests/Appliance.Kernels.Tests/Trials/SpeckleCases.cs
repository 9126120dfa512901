using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

/// <summary>Float against a reference in double: 1e-4 of the largest intensity.</summary>
public static class SpeckleCases
{
    [Case("Speckle_Share")]
    [Case("Speckle_Diffuse")]
    public static Trial Diffuse(Random random, Shape shape)
    {
        Trial trial = new(random);
        float[] samples = random.Floats(shape.Count, 20, 200);
        float[] expected = new float[shape.Count];
        for (int z = 0; z < shape.Z; z++)
        {
            Speckle.Reference(
                samples.AsSpan(z * shape.Plane, shape.Plane), shape.X, shape.Y, 0.1f, 0.2f, expected.AsSpan(z * shape.Plane, shape.Plane));
        }

        View<float> source = trial.Buffer<float>(samples), shares = trial.Result<float>(shape.Count);
        View<float> target = trial.Result<float>(shape.Count);
        trial.Lanes(
            new Speckle.Share { Source = source, Target = shares, Width = shape.X, Height = shape.Y, Noise = 0.1f },
            shape.X, shape.Y, shape.Z);
        trial.Lanes(
            new Speckle.Diffuse { Source = source, Shares = shares, Target = target, Width = shape.X, Height = shape.Y, Rate = 0.2f },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected, 0.02);
        return trial;
    }

    [Case("Speckle_Sector")]
    public static Trial Sector(Random random, Shape shape)
    {
        Trial trial = new(random);
        float[] sector = [(shape.X / 2f) + random.NextSingle(), -1.25f, 2, 1 + (random.NextSingle() * 9), 0.8f, 0.6f];
        byte[] source = random.Bytes(shape.Count);
        byte[] expected = new byte[shape.Count];
        for (int z = 0; z < shape.Z; z++)
        {
            Speckle.ReferenceSector(
                source.AsSpan(z * shape.Plane, shape.Plane), shape.X, sector, expected.AsSpan(z * shape.Plane, shape.Plane));
        }

        View<byte> target = trial.Result<byte>(shape.Count);
        trial.Lanes(
            new Speckle.Sector
            {
                Source = trial.Buffer<byte>(source),
                Target = target,
                Width = shape.X,
                Height = shape.Y,
                ApexX = sector[0],
                ApexY = sector[1],
                Shortest = sector[2],
                Longest = sector[3],
                Cosine = sector[4],
                Sine = sector[5],
            },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }
}
