using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>One body, presented as every kind of stack, gets the same labels at the same patient coordinates.</summary>
public sealed class OrientationTests
{
    /// <summary>Voxels of 2.4 x 2 x 2.5 mm: all three axes are blurred and resampled, each by another factor.</summary>
    private static readonly Lazy<PatientVolume> Body = new(() => PatientVolume.Phantom(160, 192, 48));

    /// <summary>
    /// Sums along three axes in another order differ by the rounding of float (3e-4 HU; the package allows 0.05 HU). That moves an input of
    /// the network by one of its 255 steps now and then, and with it voxels on a border where two classes tie: 152 of 1.5 million at most.
    /// </summary>
    private const int VoxelsForOneTie = 5000;

    private static readonly Lazy<byte[]> Reference = new(() =>
    {
        Analysis axial = Analyse(Body.Value.Series(3, 2, 1));
        return Body.Value.ToPatientOrder(axial.Labels, axial.Stack);
    });

    [Theory]
    [InlineData("axial, feet first", -3, 2, -1)]
    [InlineData("axial, prone", 3, -2, -1)]
    [InlineData("axial, upside down", 3, -2, 1)]
    [InlineData("coronal", 2, -3, 1)]
    [InlineData("coronal, from behind", -2, -3, -1)]
    [InlineData("sagittal", 1, -3, 2)]
    [InlineData("sagittal, turned", -1, 2, 3)]
    public void Permuted_and_flipped_stacks_get_equal_labels(string name, int slices, int rows, int columns)
    {
        Analysis turned = Analyse(Body.Value.Series(slices, rows, columns));
        int different = Package.Different(Body.Value.ToPatientOrder(turned.Labels, turned.Stack), Reference.Value);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {different} of {Reference.Value.Length} voxels differ; {turned.Times}");
        Assert.InRange(different, 0, Reference.Value.Length / VoxelsForOneTie);
    }

    [Fact]
    public void Slices_in_random_order_with_a_duplicate_in_between_get_equal_labels()
    {
        (DataSet Header, float[] Hu)[] series = Body.Value.Series(3, 2, 1);
        new Random(7).Shuffle(series);
        Analysis shuffled = Analyse([.. series, series[3]]);
        Assert.Equal(0, Package.Different(Body.Value.ToPatientOrder(shuffled.Labels, shuffled.Stack), Reference.Value));
        Assert.Equal(
            shuffled.Sources.Select(source => source.GetDoubles(Tags.ImagePositionPatient)[2]).Order(),
            shuffled.Sources.Select(source => source.GetDoubles(Tags.ImagePositionPatient)[2]));
    }

    [Fact]
    public void An_oblique_stack_gets_labels_that_agree_like_those_of_a_shifted_axial_one()
    {
        // Turned by 12 degrees about the left-right axis and 9 about the head-feet axis: 50 slices 2.5 mm apart.
        (double pitch, double yaw) = (12 * Math.PI / 180, 9 * Math.PI / 180);
        Point3 columns = new(Math.Cos(yaw), Math.Sin(yaw), 0);
        Point3 rows = new(-Math.Sin(yaw) * Math.Cos(pitch), Math.Cos(yaw) * Math.Cos(pitch), Math.Sin(pitch));
        Analysis oblique = Analyse(TurnedSeries(columns, rows));
        Assert.Null(LpsAxes.Of(oblique.Stack));

        // What a new raster alone costs: the same raster, not turned.
        double control = Agreement("axial, other raster", Analyse(TurnedSeries(new(1, 0, 0), new(0, 1, 0))));
        double turned = Agreement("oblique", oblique);
        Assert.InRange(turned, Math.Max(0.95, control - 0.02), 1);
    }

    [Fact]
    public void A_tilted_gantry_gets_labels_that_agree_like_those_of_a_straight_one()
    {
        // Tilted by 18 degrees about the left-right axis; the table moves along the patient, not along the normal.
        double tilt = 18 * Math.PI / 180;
        Analysis tilted = Analyse(TurnedSeries(new(1, 0, 0), new(0, Math.Cos(tilt), Math.Sin(tilt)), new(0, 0, 1)));
        Assert.Equal(18, tilted.Stack.TiltDegrees, 3);
        Assert.Contains("gantry tilt: 18 degrees", Assert.Single(tilted.Findings), StringComparison.Ordinal);

        double control = Agreement("axial, other raster", Analyse(TurnedSeries(new(1, 0, 0), new(0, 1, 0))));
        Assert.InRange(Agreement("tilted", tilted), Math.Max(0.95, control - 0.02), 1);
    }

    /// <summary>Dice over all organs against the nearest axial labels, away from the ends, where neighbours are missing.</summary>
    private static double Agreement(string name, Analysis analysis)
    {
        PatientVolume body = Body.Value;
        long[] both = new long[12], one = new long[12];
        Stack stack = analysis.Stack;
        for (int i = 0; i < analysis.Labels.Length; i++)
        {
            Point3 at = stack.Origin + (stack.Step(0) * (i / (stack.Columns * stack.Rows)))
                + (stack.Step(1) * (i / stack.Columns % stack.Rows)) + (stack.Step(2) * (i % stack.Columns));
            int[] index = [.. Enumerable.Range(0, 3).Select(axis => (int)Math.Round((at - body.Origin)[axis] / body.Spacing[axis]))];
            if (index[0] < 0 || index[0] >= body.Counts[0] || index[1] < 0 || index[1] >= body.Counts[1] || index[2] < 8 || index[2] >= 40)
            {
                continue;
            }

            byte expected = Reference.Value[(((index[2] * body.Counts[1]) + index[1]) * body.Counts[0]) + index[0]];
            one[expected]++;
            one[analysis.Labels[i]]++;
            both[expected] += expected == analysis.Labels[i] ? 2 : 0;
        }

        OrganClass[] organs = [.. Package.App.Manifest.Classes.Where(organ => organ.Learned && one[organ.Value] > 0)];
        string each = string.Join(", ", organs.Select(organ => $"{organ.Name} {both[organ.Value] / (double)one[organ.Value]:0.000}"));
        double all = organs.Sum(organ => both[organ.Value]) / (double)organs.Sum(organ => one[organ.Value]);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: Dice {all:0.000} ({each}); {analysis.Times}");
        return all;
    }

    /// <summary>50 slices 2.5 mm apart of 170 x 170 pixels of 2.3 mm about the body's centre.</summary>
    /// <param name="table">Where the table moves; null along the normal.</param>
    private static (DataSet Header, float[] Hu)[] TurnedSeries(Point3 columns, Point3 rows, Point3? table = null)
    {
        const int side = 170, count = 50;
        const double pixel = 2.3, step = 2.5;
        PatientVolume body = Body.Value;
        double Half(int axis) => (body.Counts[axis] - 1) * body.Spacing[axis] / 2;
        Point3 centre = body.Origin + new Point3(Half(0), Half(1), Half(2));
        Point3 normal = table ?? columns.Cross(rows);
        return
        [
            .. Enumerable.Range(0, count).Select(k =>
            {
                Point3 first = centre + (normal * ((k - ((count - 1) / 2.0)) * step))
                    - (rows * ((side - 1) * pixel / 2)) - (columns * ((side - 1) * pixel / 2));
                float[] hu = new float[side * side];
                for (int i = 0; i < hu.Length; i++)
                {
                    hu[i] = body.At(first + (rows * (i / side * pixel)) + (columns * (i % side * pixel)));
                }

                return (PatientVolume.Header(first, columns, rows, pixel, pixel, side, side), hu);
            }),
        ];
    }

    private static Analysis Analyse((DataSet Header, float[] Hu)[] series)
    {
        SeriesRun run = new(Package.App, TimeProvider.System);
        foreach ((DataSet header, float[] hu) in series)
        {
            Refusal? refusal = run.HounsfieldArrives(header, hu);
            Assert.Null(refusal);
        }

        return Package.Value(run.SeriesIsComplete());
    }
}
