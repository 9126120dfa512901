using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class GradientCases
{
    [Case("Gradient_Magnitude")]
    public static Trial Magnitude(Random random, Shape shape)
    {
        Trial trial = new(random);
        float[] samples = random.Floats(shape.Count, -1000, 3000);
        float[] expected = new float[shape.Count];
        Gradient.Reference(samples, shape.X, shape.Y, shape.Z, expected);
        View<float> target = trial.Result<float>(shape.Count);
        trial.Lanes(
            new Gradient.Magnitude
            {
                Source = trial.Buffer<float>(samples),
                Target = target,
                Width = shape.X,
                Height = shape.Y,
                Slab = new Slab { Depth = shape.Z },
            },
            shape.X, shape.Y, shape.Z).Slabs = new SlabRule(1, shape.Plane, shape.Plane);
        trial.Expect(target, expected);
        return trial;
    }
}
