using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class RescaleCases
{
    private static readonly Rescale.Line Line = new() { Scale = 1 / 300f, Offset = -1.2f, Low = -3, High = 3 };

    [Case("Rescale_Int16")]
    public static Trial Int16(Random random, Shape shape)
    {
        Trial trial = new(random);
        short[] source = random.Shorts(shape.Count);
        float[] expected = new float[shape.Count];
        Rescale.Reference<short>(source, expected, Line.Scale, Line.Offset, Line.Low, Line.High);
        View<float> target = trial.Result<float>(shape.Count);
        trial.Lanes(
            new Rescale.Int16 { Source = trial.Buffer<short>(source), Target = target, Width = shape.X, Height = shape.Y, Line = Line },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("Rescale_UInt16")]
    public static Trial UInt16(Random random, Shape shape)
    {
        Trial trial = new(random);
        ushort[] source = random.UShorts(shape.Count);
        float[] expected = new float[shape.Count];
        Rescale.Reference<ushort>(source, expected, Line.Scale, Line.Offset, Line.Low, Line.High);
        View<float> target = trial.Result<float>(shape.Count);
        trial.Lanes(
            new Rescale.UInt16 { Source = trial.Buffer<ushort>(source), Target = target, Width = shape.X, Height = shape.Y, Line = Line },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("Rescale_UInt8")]
    public static Trial UInt8(Random random, Shape shape)
    {
        Trial trial = new(random);
        byte[] source = random.Bytes(shape.Count);
        float[] expected = new float[shape.Count];
        Rescale.Reference<byte>(source, expected, Line.Scale, Line.Offset, Line.Low, Line.High);
        View<float> target = trial.Result<float>(shape.Count);
        trial.Lanes(
            new Rescale.UInt8 { Source = trial.Buffer<byte>(source), Target = target, Width = shape.X, Height = shape.Y, Line = Line },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }
}
