using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class RayCastCases
{
    private const float Dark = 0.02f;
    private const int Width = 11, Height = 5;

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
        (short[] volume, RayCast.Look look) = Scene(random, given);
        float[] expected = new float[Width * Height];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = RayCast.Reference(volume, look, Dark, i % Width, i / Width);
        }

        View<short> source = trial.Buffer<short>(volume);
        View<byte> reach = Reached(trial, source, look);
        View<float> target = trial.Result<float>(expected.Length);
        trial.Lanes(
            new RayCast.Rays
            {
                Source = source, Blocks = reach, Target = target,
                BlocksX = RayCast.BlocksOf(look.Extent.Width), BlocksY = RayCast.BlocksOf(look.Extent.Height),
                Width = Width, Look = look, Dark = Dark,
            },
            Width, Height, 1);
        trial.Expect(target, expected, Dark);
        return trial;
    }

    /// <summary>The same, in 256 steps of brightness.</summary>
    [Case("RayCast_Tinted")]
    public static Trial Tinted(Random random, Shape given)
    {
        Trial trial = new(random);
        (short[] volume, RayCast.Look look) = Scene(random, given);
        byte[] labels = random.Bytes(volume.Length, 3);
        RayCast.Palette palette = new()
        {
            Alphas = trial.Buffer<float>(random.Floats(41, 0, 1)), Colours = trial.Buffer<int>(random.Ints(41, 0, 0xffffff)),
            First = 1150, PerValue = 1 / 20f, Least = (float)random.NextDouble() * 0.1f,
            Tints = trial.Buffer<int>(random.Ints(256, int.MinValue, int.MaxValue - 1)),
            Visibility = trial.Buffer<float>([.. random.Floats(256, 0, 1).Select((factor, i) => i == 2 ? 0 : factor)]),
        };
        byte[] expected = new byte[3 * Width * Height];
        for (int i = 0; i < Width * Height; i++)
        {
            RayCast.ReferenceTinted(volume, labels, look, palette, Dark, i % Width, i / Width, expected.AsSpan(3 * i, 3));
        }

        View<short> source = trial.Buffer<short>(volume);
        View<byte> reach = Reached(trial, source, look), target = trial.Result<byte>(expected.Length);
        trial.Lanes(
            new RayCast.Tinted
            {
                Source = source, Labels = trial.Buffer<byte>(labels), Blocks = reach, BlocksX = RayCast.BlocksOf(look.Extent.Width),
                BlocksY = RayCast.BlocksOf(look.Extent.Height), Target = target, Width = Width, Look = look, Palette = palette, Dark = Dark,
            },
            Width, Height, 1);
        trial.Expect(target, expected, 1 + (Dark * 255));
        return trial;
    }

    private static (short[] Volume, RayCast.Look Look) Scene(Random random, Shape given)
    {
        Shape shape = given with { X = given.X * 2, Y = given.Y * 4 };
        short[] volume = [.. random.Shorts(shape.Count, 0, 2000).Select((value, i) => i / 64 % 7 == 0 ? value : (short)0)];
        return (volume, new RayCast.Look
        {
            Extent = new Extent { Width = shape.X, Height = shape.Y, Depth = shape.Z },
            OriginX = -1.3f, OriginY = -2.1f, OriginZ = -0.4f,
            RightX = shape.X / 9f, RightY = 0.05f, RightZ = 0.01f,
            DownX = 0.03f, DownY = 0.3f, DownZ = shape.Z / 6f,
            StepX = 0.1f, StepY = 0.7f, StepZ = 0.2f,
            Steps = 30,
            From = 1150, Slope = 0.0005f, Gain = 1 / 2000f, Shade = random.Next(2) * 0.5f,
        });
    }

    private static View<byte> Reached(Trial trial, View<short> source, in RayCast.Look look)
    {
        (int bx, int by) = (RayCast.BlocksOf(look.Extent.Width), RayCast.BlocksOf(look.Extent.Height));
        int bz = RayCast.BlocksOf(look.Extent.Depth);
        View<byte> blocks = trial.Result<byte>(bx * by * bz);
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

        return other;
    }
}
