using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class FilterCases
{
    [Case("Gaussian_AlongX")]
    public static Trial AlongX(Random random, Shape shape)
    {
        Trial trial = Smoothing(random, shape, 1, shape.X, out View<float> source, out View<float> target, out View<float> weights);
        trial.Lanes(
            new Gaussian.AlongX
            {
                Source = source, Target = target, Weights = weights, Radius = (int)weights.Length / 2, Width = shape.X, Height = shape.Y,
            },
            shape.X, shape.Y, shape.Z);
        return trial;
    }

    [Case("Gaussian_AlongY")]
    public static Trial AlongY(Random random, Shape shape)
    {
        Trial trial = Smoothing(random, shape, shape.X, shape.Y, out View<float> source, out View<float> target, out View<float> weights);
        trial.Lanes(
            new Gaussian.AlongY
            {
                Source = source, Target = target, Weights = weights, Radius = (int)weights.Length / 2, Width = shape.X, Height = shape.Y,
            },
            shape.X, shape.Y, shape.Z);
        return trial;
    }

    [Case("Gaussian_AlongZ")]
    public static Trial AlongZ(Random random, Shape shape)
    {
        int stride = shape.Plane;
        Trial trial = Smoothing(random, shape, stride, shape.Z, out View<float> source, out View<float> target, out View<float> weights);
        int radius = (int)weights.Length / 2;
        trial.Lanes(
            new Gaussian.AlongZ
            {
                Source = source,
                Target = target,
                Weights = weights,
                Radius = radius,
                Width = shape.X,
                Height = shape.Y,
                Slab = new Slab { Depth = shape.Z },
            },
            shape.X, shape.Y, shape.Z).Slabs = new SlabRule(radius, shape.Plane, shape.Plane);
        return trial;
    }

    [Case("Median_Cube")]
    public static Trial MedianCube(Random random, Shape shape)
    {
        Trial trial = new(random);
        short[] samples = random.Shorts(shape.Count);
        short[] expected = new short[shape.Count];
        Median.Reference(samples, shape.X, shape.Y, shape.Z, expected);
        View<short> target = trial.Result<short>(shape.Count);
        trial.Lanes(
            new Median.Cube
            {
                Source = trial.Buffer<short>(samples),
                Target = target,
                Width = shape.X,
                Height = shape.Y,
                Slab = new Slab { Depth = shape.Z },
            },
            shape.X, shape.Y, shape.Z).Slabs = new SlabRule(1, shape.Plane, shape.Plane);
        trial.Expect(target, expected);
        return trial;
    }

    /// <summary>Float weights against double ones: 1e-5 of the values' range.</summary>
    [Case("Bilateral_Cube")]
    public static Trial BilateralCube(Random random, Shape shape)
    {
        Trial trial = new(random);
        float[] samples = random.Floats(shape.Count, -100, 100);
        float[] expected = new float[shape.Count];
        int radius = random.Next(1, 3);
        Bilateral.Reference(samples, shape.X, shape.Y, shape.Z, radius, 0.3f, 0.002f, expected);
        View<float> target = trial.Result<float>(shape.Count);
        trial.Lanes(
            new Bilateral.Cube
            {
                Source = trial.Buffer<float>(samples),
                Target = target,
                Width = shape.X,
                Height = shape.Y,
                Slab = new Slab { Depth = shape.Z },
                Radius = radius,
                Near = 0.3f,
                Like = 0.002f,
            },
            shape.X, shape.Y, shape.Z).Slabs = new SlabRule(radius, shape.Plane, shape.Plane);
        trial.Expect(target, expected, 2e-3);
        return trial;
    }

    private static Trial Smoothing(
        Random random, Shape shape, int stride, int count, out View<float> source, out View<float> target, out View<float> weights)
    {
        Trial trial = new(random);
        float[] samples = random.Floats(shape.Count, -1000, 3000);
        float[] kernel = Gaussian.Weights(random.NextDouble() + 0.5, random.Next(1, 5));
        float[] expected = new float[shape.Count];
        Gaussian.Reference(samples, stride, count, kernel, expected);
        (source, target, weights) = (trial.Buffer<float>(samples), trial.Result<float>(shape.Count), trial.Buffer<float>(kernel));
        trial.Expect(target, expected);
        return trial;
    }
}
