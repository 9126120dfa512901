using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class DecodeCases
{
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
