using Appliance.Kernels;

namespace Appliance.Imaging.Launch.Known;

/// <summary>Kernels that read an element's neighbours: filters, masks and components.</summary>
internal static class NeighbourAnswers
{
    public static IEnumerable<KnownAnswer> All => [.. Filters, .. Masks, .. Pieces];

    private static IEnumerable<KnownAnswer> Filters =>
    [
        KnownAnswer.Of<Gaussian.AlongX>(r => r.Lanes(
            new Gaussian.AlongX
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(r.Count), Weights = Weights(r), Radius = 3, Width = r.X, Height = r.Y,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Gaussian.AlongY>(r => r.Lanes(
            new Gaussian.AlongY
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(r.Count), Weights = Weights(r), Radius = 3, Width = r.X, Height = r.Y,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Gaussian.AlongZ>(r => r.Lanes(
            new Gaussian.AlongZ
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(r.Count), Weights = Weights(r), Radius = 3, Width = r.X, Height = r.Y,
                Slab = Whole(r),
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Gradient.Magnitude>(r => r.Lanes(
            new Gradient.Magnitude
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(r.Count), Width = r.X, Height = r.Y, Slab = Whole(r),
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Bilateral.Cube>(r => r.Lanes(
            new Bilateral.Cube
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(r.Count), Width = r.X, Height = r.Y, Slab = Whole(r), Radius = 1,
                Near = 0.5f, Like = 1e-5f,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Median.Cube>(r => r.Lanes(
            new Median.Cube { Source = r.Shorts(r.Count), Target = r.Result<short>(r.Count), Width = r.X, Height = r.Y, Slab = Whole(r) },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Speckle.Share>(r => r.Lanes(
            new Speckle.Share
            {
                Source = r.Floats(r.Count, 10, 200), Target = r.Result<float>(r.Count), Width = r.X, Height = r.Y, Noise = 0.2f,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Speckle.Diffuse>(r => r.Lanes(
            new Speckle.Diffuse
            {
                Source = r.Floats(r.Count, 10, 200), Shares = r.Floats(r.Count, 0, 1), Target = r.Result<float>(r.Count), Width = r.X,
                Height = r.Y, Rate = 0.2f,
            },
            r.X, r.Y, r.Z)),
    ];

    private static IEnumerable<KnownAnswer> Masks =>
    [
        KnownAnswer.Of<Relabel.Table>(r => r.Lanes(
            new Relabel.Table
            {
                Labels = r.Labels(4, changed: true), Becomes = r.Table(256, i => 255 - i), Width = r.X, Height = r.Y,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Contour.Outline>(r => r.Lanes(
            new Contour.Outline { Source = r.Labels(4), Target = r.Result<byte>(r.Count), Width = r.X, Height = r.Y }, r.X, r.Y, r.Z)),
        KnownAnswer.Of<Morphology.Step>(r => r.Lanes(
            new Morphology.Step
            {
                Source = r.Labels(2), Target = r.Result<byte>(r.Count), Width = r.X, Height = r.Y, Slab = Whole(r), Label = 1,
                Neighbours = 26, Dilate = 1,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Holes.Invert>(r => r.Points(
            new Holes.Invert { Source = r.Labels(2), Target = r.Result<byte>(r.Count), Width = r.X, Height = r.Y }, r.X, r.Y, r.Z)),
        KnownAnswer.Of<BodyMask.Columns>(r => r.Lanes(
            new BodyMask.Columns
            {
                Source = r.Floats(r.Count), Target = r.Changed(r.Plane, i => (byte)(i % 7 == 0 ? 1 : 0)), Width = r.X, Height = r.Y,
                Planes = r.Z, Above = 800,
            },
            r.X, r.Y, 1)),
        KnownAnswer.Of<RayCast.Occupancy>(r => Rays(r)),
        KnownAnswer.Of<RayCast.Reach>(r => Rays(r)),
        KnownAnswer.Of<RayCast.Rays>(r => Rays(r)),
        KnownAnswer.Of<RayCast.Tinted>(r => Rays(r, tinted: true)),
    ];

    private static IEnumerable<KnownAnswer> Pieces =>
    [
        KnownAnswer.Of<Components.Start>(r => Found(r, Stage.Start)),
        KnownAnswer.Of<Components.Join>(r => Found(r, Stage.Flatten)),
        KnownAnswer.Of<Components.Flatten>(r => Found(r, Stage.Flatten)),
        KnownAnswer.Of<Components.Largest>(r => Found(r, Stage.Largest)),
        KnownAnswer.Of<Components.First>(r => Found(r, Stage.First)),
        KnownAnswer.Of<Components.Keep>(r => Found(r, Stage.Keep)),
        KnownAnswer.Of<Holes.Touch>(r => Found(r, Stage.Touch)),
        KnownAnswer.Of<Holes.Fill>(r => Found(r, Stage.Fill)),
    ];

    /// <summary>How far the components are taken.</summary>
    private enum Stage
    {
        Start,
        Flatten,
        Largest,
        First,
        Keep,
        Touch,
        Fill,
    }

    private static Slab Whole(Rehearsal r) => new() { Depth = r.Z };

    private static View<float> Weights(Rehearsal r) => r.Table(7, i => 0.25f / (1 + Math.Abs(i - 3)));

    /// <summary>The stages follow each other; what threads leave open in between, the parent of a voxel, is never compared.</summary>
    private static void Found(Rehearsal r, Stage last)
    {
        View<byte> labels = r.Labels(2, changed: last is Stage.Keep or Stage.Fill);
        View<int> parents = r.Result<int>(r.Count), sizes = r.Result<int>(r.Count);
        View<int> largest = r.Changed(256, _ => 0), roots = r.Changed(256, _ => int.MaxValue);
        (int w, int h) = (r.X, r.Y);
        r.Points(new Components.Start { Labels = labels, Parents = parents, Sizes = sizes, Width = w, Height = h }, w, h, r.Z);
        if (last == Stage.Start)
        {
            return;
        }

        r.Points(new Components.Join { Labels = labels, Parents = parents, Width = w, Height = h, Neighbours = 26 }, w, h, r.Z);
        r.Points(new Components.Flatten { Parents = parents, Sizes = sizes, Width = w, Height = h }, w, h, r.Z);
        if (last >= Stage.Largest && last <= Stage.Keep)
        {
            r.Points(new Components.Largest { Labels = labels, Sizes = sizes, LargestSizes = largest, Width = w, Height = h }, w, h, r.Z);
        }

        if (last is Stage.First or Stage.Keep)
        {
            r.Points(
                new Components.First
                {
                    Labels = labels, Sizes = sizes, LargestSizes = largest, LargestRoots = roots, Width = w, Height = h,
                },
                w, h, r.Z);
        }

        if (last == Stage.Keep)
        {
            r.Points(
                new Components.Keep
                {
                    Labels = labels, Parents = parents, Sizes = sizes, LargestRoots = roots, Minimum = 3, LargestOnly = 1, Width = w,
                    Height = h,
                },
                w, h, r.Z);
        }

        if (last >= Stage.Touch)
        {
            r.Points(new Holes.Touch { Parents = parents, Sizes = sizes, Width = w, Height = h, Depth = r.Z }, w, h, r.Z);
        }

        if (last == Stage.Fill)
        {
            r.Points(new Holes.Fill { Labels = labels, Parents = parents, Sizes = sizes, Width = w, Height = h, Label = 9 }, w, h, r.Z);
        }
    }

    /// <summary>Blocks that are not all transparent, the distance to them, and the rays that leap over the others.</summary>
    private static void Rays(Rehearsal r, bool tinted = false)
    {
        (int bx, int by, int bz) = (RayCast.BlocksOf(r.X), RayCast.BlocksOf(r.Y), RayCast.BlocksOf(r.Z));
        Extent extent = new() { Width = r.X, Height = r.Y, Depth = r.Z };
        View<short> source = r.Shorts(r.Count, 0, 1400);
        View<byte> one = r.Result<byte>(bx * by * bz), other = r.Result<byte>(bx * by * bz);
        r.Tuned(
            new RayCast.Occupancy { Source = source, Extent = extent, Target = one, BlocksX = bx, BlocksY = by, From = 1395 }, bx, by, bz);
        for (int axis = 0; axis < 3; axis++)
        {
            (View<byte> from, View<byte> to) = axis == 1 ? (other, one) : (one, other);
            r.Points(
                new RayCast.Reach { Source = from, Target = to, BlocksX = bx, BlocksY = by, BlocksZ = bz, Axis = axis }, bx, by, bz);
        }

        RayCast.Look look = new()
        {
            Extent = extent, OriginX = -1.3f, OriginY = -2.1f, OriginZ = -0.4f, RightX = 1, RightY = 0.05f, RightZ = 0.01f,
            DownX = 0.03f, DownY = 0.3f, DownZ = r.Z / (float)r.Y, StepX = 0.1f, StepY = 0.7f, StepZ = 0.02f, Steps = 2 * r.Y,
            From = 1150, Slope = 0.0005f, Gain = 1 / 2000f, Shade = 0.5f,
        };
        if (tinted)
        {
            r.Lanes(
                new RayCast.Tinted
                {
                    Source = source, Labels = r.Labels(3), Blocks = other, BlocksX = bx, BlocksY = by,
                    Target = r.Result<byte>(3 * r.Plane), Width = r.X, Look = look, Dark = 0.02f,
                    Palette = new RayCast.Palette
                    {
                        Alphas = r.Table(41, i => i / 400f), Colours = r.Table(41, i => i * 0x060504), First = 1150, PerValue = 1 / 20f,
                        Tints = r.Table(256, i => i * 0x3010A0), Visibility = r.Table(256, i => i == 2 ? 0 : 1f),
                    },
                },
                r.X, r.Y, 1);
            return;
        }

        r.Lanes(
            new RayCast.Rays
            {
                Source = source, Blocks = other, BlocksX = bx, BlocksY = by, Target = r.Result<float>(r.Plane), Width = r.X, Look = look,
                Dark = 0.02f,
            },
            r.X, r.Y, 1);
    }
}
