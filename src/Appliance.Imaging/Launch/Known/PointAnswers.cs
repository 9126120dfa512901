using Appliance.Kernels;
using Burn = Appliance.Kernels.Overlay;
using Samples = Appliance.Kernels.Decode;

namespace Appliance.Imaging.Launch.Known;

/// <summary>Kernels that make each element from the element at the same place.</summary>
internal static class PointAnswers
{
    private static Rescale.Line Line => new() { Scale = 1 / 300f, Offset = -0.7f, Low = -1, High = 3 };

    public static IEnumerable<KnownAnswer> All =>
    [
        KnownAnswer.Of<Rescale.Int16>(r => r.Lanes(
            new Rescale.Int16 { Source = r.Shorts(r.Count), Target = r.Result<float>(r.Count), Width = r.X, Height = r.Y, Line = Line },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Rescale.UInt16>(r => r.Lanes(
            new Rescale.UInt16 { Source = r.UShorts(r.Count), Target = r.Result<float>(r.Count), Width = r.X, Height = r.Y, Line = Line },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Rescale.UInt8>(r => r.Lanes(
            new Rescale.UInt8 { Source = r.Bytes(r.Count), Target = r.Result<float>(r.Count), Width = r.X, Height = r.Y, Line = Line },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Samples.Signed>(r => r.Lanes(
            new Samples.Signed
            {
                Source = r.Shorts(r.Count, short.MinValue, short.MaxValue), Target = r.Result<short>(r.Count), Width = r.X, Height = r.Y,
                BitsStored = 12,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Samples.Interleaved>(r => r.Lanes(
            new Samples.Interleaved { Source = r.Bytes(3 * r.Count), Target = r.Result<byte>(3 * r.Count), Pixels = r.Plane },
            r.Plane, 1, r.Z)),
        KnownAnswer.Of<Quantise.ToBytes>(r => r.Lanes(
            new Quantise.ToBytes
            {
                Source = r.Floats(r.Count, -3, 3), Target = r.Result<byte>(r.Count), Width = r.X, Height = r.Y, Scale = 0.02f, Zero = 117,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Quantise.ToFloats>(r => r.Lanes(
            new Quantise.ToFloats
            {
                Source = r.Bytes(r.Count), Target = r.Result<float>(r.Count), Width = r.X, Height = r.Y, Scale = 0.02f, Zero = 117,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<NetworkInput.Normalised>(r => r.Lanes(
            new NetworkInput.Normalised
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(r.Count), Width = r.X, Height = r.Y, Offset = 40, HuWidth = 400,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<NetworkInput.Cut>(r => r.Lanes(
            new NetworkInput.Cut
            {
                Source = r.Floats(r.Count), Target = r.Result<float>(r.Count), SourceWidth = r.X, SourceHeight = r.Y, Width = r.X,
                Height = r.Y, Left = -3, Top = 5, Padding = -1024,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Argmax.Labels>(r => r.Tuned(
            new Argmax.Labels
            {
                Source = r.Floats(5 * r.Count), Target = r.Result<byte>(r.Count), ClassStride = r.Count, Classes = 5, Width = r.X,
                Height = r.Y,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Softmax.Probabilities>(r => r.Lanes(
            new Softmax.Probabilities
            {
                Source = r.Floats(5 * r.Count, -8, 8), Target = r.Result<float>(5 * r.Count), ClassStride = r.Count, Classes = 5,
                Width = r.X, Height = r.Y,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Burn.Rgb>(r => r.Lanes(
            new Burn.Rgb
            {
                Source = r.Shorts(r.Count), Labels = r.Labels(4), Palette = r.Table(256, i => i % 3 == 0 ? 0 : i * 65793),
                Target = r.Result<byte>(3 * r.Count), Width = r.X, Height = r.Y, Scale = 255 / 400f, Offset = 102, Alpha = 102,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<SegPack.Bits>(r => r.Tuned(
            new SegPack.Bits
            {
                Source = r.Labels(3), Target = r.Result<byte>((r.Plane + 7) / 8 * r.Z), Label = 2, Voxels = r.Plane,
                Bytes = (r.Plane + 7) / 8,
            },
            (r.Plane + 7) / 8, 1, r.Z)),
        KnownAnswer.Of<Speckle.Sector>(r => r.Lanes(
            new Speckle.Sector
            {
                Source = r.Bytes(r.Count), Target = r.Result<byte>(r.Count), Width = r.X, Height = r.Y, ApexX = r.X / 2, ApexY = -2,
                Shortest = 3, Longest = r.Y, Cosine = 0.8f, Sine = 0.6f,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Statistics.PerLabel>(r => r.Points(
            new Statistics.PerLabel
            {
                Source = r.Shorts(r.Count), Labels = r.Labels(4), Counts = r.Changed(256, _ => 0L), Sums = r.Changed(256, _ => 0L),
                Extents = r.Changed(256 * Statistics.ExtentNumbers, Statistics.Empty), Width = r.X, Height = r.Y,
            },
            r.X, r.Y, r.Z)),
        KnownAnswer.Of<Statistics.Histogram>(r => r.Points(
            new Statistics.Histogram
            {
                Source = r.Shorts(r.Count), Bins = r.Changed(128, _ => 0), Width = r.X, Height = r.Y, First = -1024, Shift = 5,
            },
            r.X, r.Y, r.Z)),
    ];
}
