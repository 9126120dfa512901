using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class ProjectionCases
{
    [Case("Projection_Rays")]
    public static Trial Rays(Random random, Shape shape)
    {
        Trial trial = new(random);
        Affine affine = TrilinearCases.AnyAffine(random, shape);
        Extent extent = new() { Width = shape.X, Height = shape.Y, Depth = shape.Z };
        int width = random.Next(1, 19), height = random.Next(1, 7), steps = random.Next(1, 9), highest = random.Next(2);
        short[] source = random.Shorts(shape.Count);
        float[] expected = new float[width * height];
        Projection.Reference(source, extent, affine, steps, highest != 0, -2000, width, expected);
        View<float> target = trial.Result<float>(expected.Length);
        trial.Lanes(
            new Projection.Rays
            {
                Source = trial.Buffer<short>(source),
                Target = target,
                Extent = extent,
                Width = width,
                ToSource = affine,
                Steps = steps,
                Highest = highest,
                Outside = -2000,
            },
            width, height, 1);
        trial.Expect(target, expected);
        return trial;
    }
}
