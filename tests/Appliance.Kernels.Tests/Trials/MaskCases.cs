using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

/// <summary>Morphology, holes, statistics.</summary>
public static class MaskCases
{
    [Case("Morphology_Step")]
    public static Trial Step(Random random, Shape shape)
    {
        Trial trial = new(random);
        byte[] labels = random.Labels(shape, 2);
        int neighbours = random.Next(2) == 0 ? 6 : 26, dilate = random.Next(2);
        byte[] expected = new byte[shape.Count];
        Morphology.Reference(labels, shape.X, shape.Y, shape.Z, 1, neighbours, dilate != 0, expected);
        View<byte> target = trial.Result<byte>(shape.Count);
        trial.Lanes(
            new Morphology.Step
            {
                Source = trial.Buffer<byte>(labels),
                Target = target,
                Width = shape.X,
                Height = shape.Y,
                Slab = new Slab { Depth = shape.Z },
                Label = 1,
                Neighbours = neighbours,
                Dilate = dilate,
            },
            shape.X, shape.Y, shape.Z).Slabs = new SlabRule(1, shape.Plane, shape.Plane);
        trial.Expect(target, expected);
        return trial;
    }

    [Case("Holes_Invert")]
    [Case("Holes_Touch")]
    [Case("Holes_Fill")]
    public static Trial Fill(Random random, Shape shape)
    {
        Trial trial = new(random);

        // Two of three voxels are set, so that background is cut off often.
        byte[] labels = [.. random.Bytes(shape.Count, 2).Select(value => (byte)(value > 0 ? 4 : 0))];
        byte[] expected = new byte[shape.Count];
        Holes.Reference(labels, shape.X, shape.Y, shape.Z, 9, expected);
        View<byte> source = trial.Buffer<byte>(labels), inverted = trial.Result<byte>(shape.Count);
        View<int> parents = trial.Result<int>(shape.Count), sizes = trial.Result<int>(shape.Count);
        (int x, int y, int z) = (shape.X, shape.Y, shape.Z);
        trial.Points(new Holes.Invert { Source = source, Target = inverted, Width = x, Height = y }, x, y, z);
        trial.Points(new Components.Start { Labels = inverted, Parents = parents, Sizes = sizes, Width = x, Height = y }, x, y, z);
        trial.Points(
            new Components.Join { Labels = inverted, Parents = parents, Width = x, Height = y, Neighbours = 6 }, x, y, z);
        trial.Points(new Components.Flatten { Parents = parents, Sizes = sizes, Width = x, Height = y }, x, y, z);
        trial.Points(new Holes.Touch { Parents = parents, Sizes = sizes, Width = x, Height = y, Depth = z }, x, y, z);
        trial.Points(
            new Holes.Fill { Labels = source, Parents = parents, Sizes = sizes, Width = x, Height = y, Label = 9 }, x, y, z);
        trial.Expect(source, expected);
        return trial;
    }

    [Case("Statistics_PerLabel")]
    public static Trial PerLabel(Random random, Shape shape)
    {
        Trial trial = new(random);
        short[] values = random.Shorts(shape.Count);
        byte[] labels = random.Labels(shape, 3);
        (View<long> counts, View<long> sums, View<int> extents) = Expected(trial, values, labels, shape);
        trial.Points(
            new Statistics.PerLabel
            {
                Source = trial.Buffer<short>(values),
                Labels = trial.Buffer<byte>(labels),
                Counts = counts,
                Sums = sums,
                Extents = extents,
                Width = shape.X,
                Height = shape.Y,
            },
            shape.X, shape.Y, shape.Z);
        return trial;
    }

    /// <summary>The reference with columns for values, and rows long enough for whole vectors of one label.</summary>
    [Case("Statistics_Places")]
    public static Trial Places(Random random, Shape given)
    {
        Trial trial = new(random);
        Shape shape = given with { X = given.X + (40 * random.Next(3)) };
        byte[] labels = [.. random.Labels(shape, 3).Select((label, i) => i / 40 % 3 == 0 ? (byte)2 : label)];
        short[] columns = [.. Enumerable.Range(0, shape.Count).Select(i => (short)(i % shape.X))];
        (View<long> counts, View<long> sums, View<int> extents) = Expected(trial, columns, labels, shape);
        trial.Points(
            new Statistics.Places
            {
                Labels = trial.Buffer<byte>(labels), Counts = counts, Columns = sums, Extents = extents, Width = shape.X,
                Height = shape.Y,
            },
            shape.X, shape.Y, shape.Z);
        return trial;
    }

    /// <summary>Results as they are before a launch, and what the reference makes of the same values.</summary>
    private static (View<long> Counts, View<long> Sums, View<int> Extents) Expected(Trial trial, short[] values, byte[] labels, Shape shape)
    {
        long[] counts = new long[256], sums = new long[256];
        int[] extents = new int[256 * Statistics.ExtentNumbers];
        Statistics.Reference(values, labels, shape.X, shape.Y, counts, sums, extents);
        View<long> countView = trial.Buffer<long>(new long[256]), sumView = trial.Buffer<long>(new long[256]);
        View<int> extentView = trial.Buffer<int>([.. extents.Select((_, i) => i % 6 < 3 ? int.MaxValue : -1)]);
        trial.Expect(countView, counts);
        trial.Expect(sumView, sums);
        trial.Expect(extentView, extents);
        return (countView, sumView, extentView);
    }

    [Case("Statistics_Histogram")]
    public static Trial Histogram(Random random, Shape shape)
    {
        Trial trial = new(random);
        short[] values = random.Shorts(shape.Count);
        int[] expected = new int[256];
        Statistics.ReferenceHistogram(values, -1024, 4, expected);
        View<int> bins = trial.Buffer<int>(new int[256]);
        trial.Points(
            new Statistics.Histogram
            {
                Source = trial.Buffer<short>(values), Bins = bins, Width = shape.X, Height = shape.Y, First = -1024, Shift = 4,
            },
            shape.X, shape.Y, shape.Z);
        trial.Expect(bins, expected);
        return trial;
    }
}
