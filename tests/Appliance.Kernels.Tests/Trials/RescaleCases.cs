using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class RescaleCases
{
    private static readonly Rescale.Line Line = new() { Scale = 1 / 300f, Offset = -1.2f, Low = -3, High = 3 };

    [Case("Rescale_Int16")]
    public static Trial Int16(Random random, Shape shape) => Of(random, shape, random.Shorts(shape.Count), (source, target) =>
        new Rescale.Int16 { Source = source, Target = target, Width = shape.X, Height = shape.Y, Line = Line, Soon = random.Next(2) });

    [Case("Rescale_UInt16")]
    public static Trial UInt16(Random random, Shape shape) => Of(random, shape, random.UShorts(shape.Count), (source, target) =>
        new Rescale.UInt16 { Source = source, Target = target, Width = shape.X, Height = shape.Y, Line = Line, Soon = random.Next(2) });

    [Case("Rescale_UInt8")]
    public static Trial UInt8(Random random, Shape shape) => Of(random, shape, random.Bytes(shape.Count), (source, target) =>
        new Rescale.UInt8 { Source = source, Target = target, Width = shape.X, Height = shape.Y, Line = Line, Soon = random.Next(2) });

    private static Trial Of<T, TKernel>(Random random, Shape shape, T[] source, Func<View<T>, View<float>, TKernel> kernel)
        where T : unmanaged, IConvertible
        where TKernel : unmanaged, ILaneKernel
    {
        Trial trial = new(random);
        float[] expected = new float[shape.Count];
        Rescale.Reference<T>(source, expected, Line.Scale, Line.Offset, Line.Low, Line.High);
        View<float> target = trial.Result<float>(shape.Count);
        trial.Lanes(kernel(trial.Buffer<T>(source), target), shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }
}
