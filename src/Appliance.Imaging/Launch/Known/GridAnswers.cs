using Appliance.Kernels;

namespace Appliance.Imaging.Launch.Known;

/// <summary>Kernels that go from one grid to another.</summary>
internal static class GridAnswers
{
    private static Rescale.Line Line => new() { Scale = 1 / 300f, Offset = -0.7f, Low = -1, High = 3 };

    public static IEnumerable<KnownAnswer> All => [.. Moved, .. Sampled, .. Summed];

    /// <summary>Permuted: rows of the result run along the source's y.</summary>
    private static IEnumerable<KnownAnswer> Moved =>
    [
        KnownAnswer.Of<Reorient.Int16>(r => r.Tuned(
            new Reorient.Int16
            {
                Source = r.Shorts(r.Count), Target = r.Result<short>(r.Count), Width = r.Y, Height = r.X, Axes = Turned(r),
            },
            r.Y, r.X, r.Z)),
        KnownAnswer.Of<Reorient.UInt8>(r => r.Lanes(
            new Reorient.UInt8
            {
                Source = r.Bytes(r.Count), Target = r.Result<byte>(r.Count), Width = r.Y, Height = r.X, Axes = Turned(r),
            },
            r.Y, r.X, r.Z)),
        KnownAnswer.Of<Reorient.Float>(r => r.Lanes(
            new Reorient.Float
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(r.Count), Width = r.Y, Height = r.X, Axes = Turned(r),
            },
            r.Y, r.X, r.Z)),
        KnownAnswer.Of<LabelUpsample.Nearest>(r => r.Tuned(
            new LabelUpsample.Nearest
            {
                Source = r.Bytes(Half(r.X) * Half(r.Y) * Half(r.Z), 12), Target = r.Result<byte>(r.Count),
                Columns = r.Table(r.X, i => i / 2), Rows = r.Table(r.Y, i => i / 2),
                Planes = r.Table(r.Z, i => i / 2), SourceWidth = Half(r.X), SourceHeight = Half(r.Y),
                Width = r.X, Height = r.Y,
            },
            r.X, r.Y, r.Z)),
    ];

    private static IEnumerable<KnownAnswer> Sampled =>
    [
        KnownAnswer.Of<Trilinear.Oblique>(r => r.Lanes(
            new Trilinear.Oblique
            {
                Source = r.Shorts(r.Count), Target = r.Result<float>(r.Count), Extent = Extent(r), Width = r.X, Height = r.Y,
                ToSource = Tilted, Line = Line, Outside = -1024,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Trilinear.ObliqueFloats>(r => r.Lanes(
            new Trilinear.ObliqueFloats
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(r.Count), Extent = Extent(r), Width = r.X, Height = r.Y,
                ToSource = Tilted, Outside = -1024,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Trilinear.Aligned>(r => r.Tuned(
            new Trilinear.Aligned
            {
                Source = r.Shorts(r.Count), Target = r.Result<float>(Halves(r)), Extent = Extent(r), Width = Half(r.X), Height = Half(r.Y),
                Columns = Cells(r, r.X), ColumnShares = Shares(r, r.X), Rows = Cells(r, r.Y), RowShares = Shares(r, r.Y),
                Planes = Cells(r, r.Z), PlaneShares = Shares(r, r.Z), Line = Line,
            },
            Half(r.X), Half(r.Y), Half(r.Z))),
        KnownAnswer.Of<Spline.Aligned>(r => r.Tuned(
            new Spline.Aligned
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(Halves(r)), Extent = Extent(r), Width = Half(r.X), Height = Half(r.Y),
                Columns = Cells(r, r.X), ColumnShares = Shares(r, r.X), Rows = Cells(r, r.Y), RowShares = Shares(r, r.Y),
                Planes = Cells(r, r.Z), PlaneShares = Shares(r, r.Z), Line = Line,
            },
            Half(r.X), Half(r.Y), Half(r.Z))),
        KnownAnswer.Of<Spline.Oblique>(r => r.Lanes(
            new Spline.Oblique
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(r.Count), Extent = Extent(r), Width = r.X, Height = r.Y,
                ToSource = Tilted, Line = Line, Outside = -1024,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Spline.Prefilter>(r => r.Tuned(
            new Spline.Prefilter { Data = r.ChangedFloats(r.Count), Count = r.Z, Step = r.Plane, StepY = r.X }, r.X, r.Y, 1)),
        KnownAnswer.Of<Spline.PrefilterRows>(r => r.Tuned(
            new Spline.PrefilterRows { Data = r.ChangedFloats(r.Count), Width = r.X, Height = r.Y }, 1, r.Y, r.Z)),
        KnownAnswer.Of<Projection.Rays>(r => r.Lanes(
            new Projection.Rays
            {
                Source = r.Shorts(r.Count), Target = r.Result<float>(r.Plane), Extent = Extent(r), Width = r.X, ToSource = Tilted,
                Steps = r.Z, Highest = 1, Outside = -1024,
            },
            r.X, r.Y, 1)),
    ];

    private static IEnumerable<KnownAnswer> Summed =>
    [
        KnownAnswer.Of<WeightedSum.AlongY>(r => r.Lanes(
            new WeightedSum.AlongY
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(r.X * Half(r.Y) * r.Z), Starts = Starts(r, r.Y),
                Weights = Weights(r, r.Y), Reach = 5, Width = r.X, SourceHeight = r.Y, Height = Half(r.Y),
            },
            r.X, Half(r.Y), r.Z)),
        KnownAnswer.Of<WeightedSum.AlongX>(r => r.Lanes(
            new WeightedSum.AlongX
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(Half(r.X) * r.Y * r.Z), Starts = Starts(r, r.X),
                Weights = Weights(r, r.X), Reach = 5, SourceWidth = r.X, Width = Half(r.X), Height = r.Y,
            },
            Half(r.X), r.Y, r.Z)),
        KnownAnswer.Of<WeightedSum.Plane>(r => r.Lanes(
            new WeightedSum.Plane { Source = r.Floats(r.Count), Target = r.ChangedFloats(r.Count), Width = r.X, Weight = 0.37f },
            r.X, r.Y * r.Z, 1)),
    ];

    private static Affine Tilted => new()
    {
        Xx = 0.9f, Xy = 0.1f, Xz = 0.05f, X0 = -0.7f, Yx = -0.1f, Yy = 0.95f, Yz = 0.02f, Y0 = 1.3f, Zx = 0.01f, Zy = 0.03f, Zz = 1.02f,
        Z0 = -0.4f,
    };

    private static Reorient.Axes Turned(Rehearsal r) => new() { Start = r.X - 1, StrideX = r.X, StrideY = -1, StrideZ = r.Plane };

    private static Extent Extent(Rehearsal r) => new() { Width = r.X, Height = r.Y, Depth = r.Z };

    private static int Half(int count) => (count + 1) / 2;

    private static int Halves(Rehearsal r) => Half(r.X) * Half(r.Y) * Half(r.Z);

    /// <summary>Every other sample of an axis, the last with a neighbour above it.</summary>
    private static View<int> Cells(Rehearsal r, int count) => r.Table(Half(count), i => Math.Min(2 * i, count - 2));

    private static View<float> Shares(Rehearsal r, int count) => r.Table(Half(count), i => i % 8 / 8f);

    private static View<int> Starts(Rehearsal r, int count) => r.Table(Half(count), i => Math.Clamp((2 * i) - 2, 0, count - 5));

    private static View<float> Weights(Rehearsal r, int count) => r.Table(5 * Half(count), i => 1 / (2f + (i % 7)));
}
