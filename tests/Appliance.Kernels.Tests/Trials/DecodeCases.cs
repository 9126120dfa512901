using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class DecodeCases
{
    [Case("Decode_Cells8")]
    public static Trial Cells8(Random random, Shape shape) => Cells(random, shape, random.Bytes(shape.Count), 8, (source, target, bits) =>
        new Decode.Cells8 { Source = source, Target = target, Width = shape.X, Height = shape.Y, Bits = bits, Scale = 2, Offset = -1024 });

    [Case("Decode_Cells16")]
    public static Trial Cells16(Random random, Shape shape) =>
        Cells(random, shape, random.UShorts(shape.Count), 16, (source, target, bits) => new Decode.Cells16
        {
            Source = source, Target = target, Width = shape.X, Height = shape.Y, Bits = bits, Scale = 2, Offset = -1024,
        });

    [Case("Decode_Cells32")]
    public static Trial Cells32(Random random, Shape shape) =>
        Cells(random, shape, random.Ints(shape.Count, int.MinValue, int.MaxValue - 1), 32, (source, target, bits) => new Decode.Cells32
        {
            Source = source, Target = target, Width = shape.X, Height = shape.Y, Bits = bits, Scale = 2, Offset = -1024,
        });

    private static Trial Cells<T, TKernel>(
        Random random, Shape shape, T[] source, int allocated, Func<View<T>, View<float>, Decode.Bits, TKernel> kernel)
        where T : unmanaged, IConvertible
        where TKernel : unmanaged, ILaneKernel
    {
        Trial trial = new(random);
        int stored = random.Next(1, allocated + 1), high = random.Next(stored - 1, allocated);
        Decode.Bits bits = new() { Stored = stored, High = high, Signed = random.Next(2) };
        float[] expected = new float[shape.Count];
        Decode.ReferenceCells<T>(source, stored, high, bits.Signed != 0, 2, -1024, expected);
        View<float> target = trial.Result<float>(shape.Count);
        trial.Lanes(kernel(trial.Buffer<T>(source), target, bits), shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("Decode_Signed")]
    public static Trial Signed(Random random, Shape shape)
    {
        Trial trial = new(random);
        int bits = random.Next(1, 17);
        short[] source = random.Shorts(shape.Count);
        short[] expected = new short[shape.Count];
        Decode.Reference(source, bits, expected);
        View<short> target = trial.Result<short>(shape.Count);
        trial.Lanes(
            new Decode.Signed
            {
                Source = trial.Buffer<short>(source), Target = target, Width = shape.X, Height = shape.Y, BitsStored = bits,
            },
            shape.X, shape.Y, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("Decode_Interleaved")]
    public static Trial Interleaved(Random random, Shape shape)
    {
        Trial trial = new(random);
        int frame = shape.Plane * 3;
        byte[] source = random.Bytes(frame * shape.Z);
        byte[] expected = new byte[source.Length];
        for (int z = 0; z < shape.Z; z++)
        {
            Decode.ReferencePlanes(source.AsSpan(z * frame, frame), expected.AsSpan(z * frame, frame));
        }

        View<byte> target = trial.Result<byte>(expected.Length);
        trial.Lanes(
            new Decode.Interleaved { Source = trial.Buffer<byte>(source), Target = target, Pixels = shape.Plane },
            shape.Plane, 1, shape.Z);
        trial.Expect(target, expected);
        return trial;
    }
}
