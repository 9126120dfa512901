using Appliance.Imaging;
using Appliance.Phantom.Anatomy;
using Appliance.Phantom.Scan;
using Appliance.Phantom.Series;
using Appliance.Tests.Imaging;
using Xunit;

namespace Appliance.Tests.Phantom;

/// <summary>A phantom that is too easy is a defect like one that is too hard.</summary>
public sealed class DifficultyTests
{
    private const double Tolerance = .05;

    // Seeds that nothing was tuned by.
    private const ulong FirstUnseen = 920000;

    [Fact]
    public void Twelve_unseen_phantoms_are_as_hard_as_those_that_the_network_was_measured_by()
    {
        double[][] rows = new double[12][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = Measured.OnGrid(FirstUnseen + (ulong)i);
        }

        Measured.Print(rows);
        foreach ((Organ organ, (double first, _)) in Measured.Table)
        {
            double mean = Measured.Mean(rows, organ);
            Assert.True(Math.Abs(mean - first) < Tolerance, $"{organ}: {mean:0.000}, the table has {first:0.000}");
        }
    }

    [Fact]
    public void Three_unseen_phantoms_as_native_series_are_about_as_hard()
    {
        double[][] rows = [.. Enumerable.Range(0, 3).Select(i => OfSeries(FirstUnseen + (ulong)i))];

        Measured.Print(rows);
        double mean = Measured.Table.Keys.Average(organ => Measured.Mean(rows, organ));
        double table = Measured.Table.Values.Average(pair => (pair.First + pair.Second) / 2);
        Assert.InRange(mean, table - Tolerance, table + Tolerance);
    }

    /// <summary>Dice of a 512 x 512 x 300 series after the whole pipeline, on the series' own grid.</summary>
    private static double[] OfSeries(ulong seed)
    {
        SeriesGeometry geometry = SeriesGeometry.Default;
        NativeScan scan = NativeScan.Make(seed, geometry);
        CtObject objects = new(SeriesIdentity.OfSeed(seed, geometry), geometry, DateTimeOffset.UnixEpoch);
        SeriesRun run = new(Package.App, TimeProvider.System);
        Organ[] truth = new Organ[geometry.Slices * geometry.Rows * geometry.Columns];
        for (int slice = 0; slice < geometry.Slices; slice++)
        {
            NativeSlice made = scan.Slice(slice);
            made.Truth.CopyTo(truth, slice * made.Truth.Length);
            Assert.Null(run.HounsfieldArrives(objects.Of(slice, made.Hu), Array.ConvertAll(made.Hu, hu => (float)hu)));
        }

        Analysis analysis = Package.Value(run.SeriesIsComplete());
        Assert.Equal(0, analysis.Stack.Order[0]);
        return Measured.Dice(analysis.Labels, truth);
    }
}
