using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class RayCastCases
{
    private const float Dark = 0.02f;

    /// <summary>
    /// The leap leaves nothing out, so what remains is rounding: 1e-4 of the brightest grey. A ray may end a step earlier or later where
    /// its transparency comes to within rounding of the end, which weighs Dark at most; that is the tolerance.
    /// </summary>
    [Case("RayCast_Occupancy")]
    [Case("RayCast_Reach")]
    [Case("RayCast_Rays")]
    public static Trial Rays(Random random, Shape given)
    {
        Trial trial = new(random);
        Shape shape = given with { X = given.X * 2, Y = given.Y * 4 };
        short[] volume = [.. random.Shorts(shape.Count, 0, 2000).Select((value, i) => i / 64 % 7 == 0 ? value : (short)0)];
        int width = 11, height = 5;
        (int bx, int by, int bz) = (Blocks(shape.X), Blocks(shape.Y), Blocks(shape.Z));
        RayCast.Look look = new()
        {
            Extent = new Extent { Width = shape.X, Height = shape.Y, Depth = shape.Z },
            OriginX = -1.3f, OriginY = -2.1f, OriginZ = -0.4f,
            RightX = shape.X / 9f, RightY = 0.05f, RightZ = 0.01f,
            DownX = 0.03f, DownY = 0.3f, DownZ = shape.Z / 6f,
            StepX = 0.1f, StepY = 0.7f, StepZ = 0.2f,
            Steps = 30,
            From = 1150, Slope = 0.0005f, Gain = 1 / 2000f, Shade = random.Next(2) * 0.5f,
        };
        float[] expected = new float[width * height];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = RayCast.Reference(volume, look, Dark, i % width, i / width);
        }

        View<short> source = trial.Buffer<short>(volume);
        View<byte> blocks = trial.Result<byte>(bx * by * bz);
        View<float> target = trial.Result<float>(expected.Length);
        trial.Points(
            new RayCast.Occupancy { Source = source, Extent = look.Extent, Target = blocks, BlocksX = bx, BlocksY = by, From = look.From },
            bx, by, bz);
        View<byte> other = trial.Result<byte>(bx * by * bz);
        for (int axis = 0; axis < 3; axis++)
        {
            (View<byte> from, View<byte> to) = axis == 1 ? (other, blocks) : (blocks, other);
            trial.Points(
                new RayCast.Reach { Source = from, Target = to, BlocksX = bx, BlocksY = by, BlocksZ = bz, Axis = axis }, bx, by, bz);
        }

        trial.Lanes(
            new RayCast.Rays
            {
                Source = source, Blocks = other, BlocksX = bx, BlocksY = by, Target = target, Width = width, Look = look, Dark = Dark,
            },
            width, height, 1);
        trial.Expect(target, expected, Dark);
        return trial;
    }

    private static int Blocks(int count) => (count + (1 << RayCast.BlockShift) - 1) >> RayCast.BlockShift;
}
