using Appliance.Kernels;
using Samples = Appliance.Kernels.Decode;

namespace Appliance.Imaging.Launch.Known;

/// <summary>Kernels of a study's two ends: stored cells in, labels and pictures out.</summary>
internal static class ResultAnswers
{
    private const int Classes = 5;

    private static Samples.Bits Twelve => new() { Stored = 12, High = 11, Signed = 1 };

    public static IEnumerable<KnownAnswer> All =>
    [
        KnownAnswer.Of<Samples.Cells8>(r => r.Lanes(
            new Samples.Cells8
            {
                Source = r.Bytes(r.Count), Target = r.Result<float>(r.Count), Width = r.X, Height = r.Y,
                Bits = new Samples.Bits { Stored = 7, High = 6 }, Scale = 1.5f, Offset = -3,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Samples.Cells16>(r => r.Lanes(
            new Samples.Cells16
            {
                Source = r.UShorts(r.Count), Target = r.Result<float>(r.Count), Width = r.X, Height = r.Y, Bits = Twelve, Scale = 1,
                Offset = -1024,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Samples.Cells32>(r => r.Lanes(
            new Samples.Cells32
            {
                Source = r.Table(r.Count, i => i * 7919), Target = r.Result<float>(r.Count), Width = r.X, Height = r.Y, Bits = Twelve,
                Scale = 1, Offset = -1024,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Statistics.Places>(r => r.Tuned(
            new Statistics.Places
            {
                Labels = r.Labels(4), Counts = r.Changed(256, _ => 0L), Columns = r.Changed(256, _ => 0L),
                Extents = r.Changed(256 * Statistics.ExtentNumbers, Statistics.Empty), Width = r.X, Height = r.Y,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<LabelRestore.Plane>(Plane),
        KnownAnswer.Of<LabelRestore.Oblique>(Oblique),
        KnownAnswer.Of<OrganPaint.Smooth>(Painted),
        KnownAnswer.Of<OrganPaint.Blend>(Painted),
    ];

    private static View<byte> Offered(Rehearsal r) => r.Table(256, i => (byte)(i * 3));

    /// <summary>The winners of scores, which the kernels take for true.</summary>
    private static View<byte> Winners(Rehearsal r, View<float> scores, int planes)
    {
        View<byte> labels = r.Result<byte>(r.Plane * planes);
        for (int z = 0; z < planes; z++)
        {
            Argmax.Labels kernel = new()
            {
                Source = Part(scores, (long)z * Classes * r.Plane, (long)Classes * r.Plane),
                Target = Part(labels, (long)z * r.Plane, r.Plane), ClassStride = r.Plane, Classes = Classes, Width = r.X, Height = r.Y,
            };
            r.Tuned(kernel, r.X, r.Y, 1);
        }

        return labels;
    }

    private static unsafe View<T> Part<T>(View<T> view, long first, long count)
        where T : unmanaged => new(view.Pointer + first, count);

    private static void Plane(Rehearsal r)
    {
        int window = r.Plane;
        View<float> scores = r.Floats(2 * Classes * window, -2, 2);
        View<byte> labels = Winners(r, scores, 2);
        r.Tuned(
            new LabelRestore.Plane
            {
                Lower = Part(scores, 0, Classes * window), Upper = Part(scores, Classes * window, Classes * window),
                LowerLabels = Part(labels, 0, window), UpperLabels = Part(labels, window, window), Share = 0.3f, Classes = Classes,
                WindowWidth = r.X, WindowHeight = r.Y, Columns = r.Table(r.X, i => i - 2), ColumnShares = r.Table(r.X, i => i % 5 / 5f),
                Rows = r.Table(r.Y, i => i - 1), RowShares = r.Table(r.Y, i => i % 3 / 3f), Offered = Offered(r),
                Target = r.Result<byte>(window), Width = r.X,
            },
            r.X, r.Y, 1);
    }

    private static void Oblique(Rehearsal r)
    {
        View<float> scores = r.Floats(Classes * r.Count, -2, 2);
        View<byte> labels = Winners(r, scores, r.Z);
        r.Lanes(
            new LabelRestore.Oblique
            {
                Source = scores, Labels = labels, Classes = Classes, WindowWidth = r.X, WindowHeight = r.Y,
                Grid = new Extent { Width = r.X + 3, Height = r.Y + 1, Depth = r.Z }, Left = 2, Top = -1,
                ToGrid = new Affine { Xx = 0.9f, Xy = 0.1f, X0 = 0.7f, Yx = -0.1f, Yy = 0.95f, Y0 = 1.3f, Zy = 0.03f, Zz = 1.02f },
                Offered = Offered(r), Target = r.Result<byte>(r.Count), Width = r.X, Height = r.Y,
            },
            r.X, r.Y, r.Z);
    }

    /// <summary>Three organs over one plane.</summary>
    private static void Painted(Rehearsal r)
    {
        const int Organs = 3;
        View<byte> labels = r.Labels(4);
        View<int> organs = r.Table(Organs, i => i + 1);
        View<short> masks = r.Result<short>((r.X + 2) * (r.Y + 2) * Organs);
        r.Tuned(
            new OrganPaint.Smooth { Labels = labels, Organs = organs, Target = masks, Width = r.X, Height = r.Y },
            r.X + 2, r.Y + 2, Organs);
        r.Lanes(
            new OrganPaint.Blend
            {
                Hu = r.Floats(r.Plane), Labels = labels, Masks = masks, Organs = organs, Colours = r.Table(Organs, i => 0x3060A0 << i),
                Target = r.Result<byte>(r.Plane * 3), Stride = r.X * 3, Width = r.X, Height = r.Y, Count = Organs, Centre = 40,
                WindowWidth = 400,
            },
            r.X, r.Y, 1);
    }
}
