using Appliance.Dicom.Data;
using Appliance.Imaging;
using Appliance.Phantom.Scan;
using Appliance.Phantom.Series;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>What is segmented while slices arrive is what the whole series gives; the judge is the truth beside the images.</summary>
public sealed class StreamingTests
{
    /// <summary>Issue 5: Dice within this of the whole-series path.</summary>
    private const double DiceTolerance = 0.01;

    public enum Arrival
    {
        Rising,
        Falling,
        Random,
        Interleaved,

        /// <summary>From the middle to one end, then from the other end to the middle.</summary>
        MiddleFirst,
    }

    [Theory]
    [InlineData(940_000, 100, 2)]
    [InlineData(940_002, 161, 1.25)]
    [InlineData(940_006, 71, 2.5)]
    [InlineData(940_008, 82, 3)]
    public void Phantoms_are_segmented_as_well_while_they_arrive_as_when_they_are_whole_in_any_order(ulong seed, int count, double sliceMm)
    {
        Assert.True(Phantom(seed, count, sliceMm, Enum.GetValues<Arrival>()));
    }

    /// <summary>False where the app does not take it: a body that is too narrow.</summary>
    private static bool Phantom(ulong seed, int count, double sliceMm, params Arrival[] arrivals)
    {
        SeriesGeometry geometry = new(Orientation.Axial, count, 192, 192, 2, sliceMm);
        NativeScan scan = NativeScan.Make(seed, geometry);
        PhantomSeries phantom = new(scan, SeriesIdentity.OfSeed(seed, geometry), DateTimeOffset.UnixEpoch);
        DicomFile[] slices = new DicomFile[geometry.Slices];
        byte[] truth = new byte[geometry.Slices * geometry.Rows * geometry.Columns];
        Parallel.For(0, geometry.Slices, i =>
        {
            slices[i] = new DicomFile(new DataSet(), TransferSyntax.ExplicitLittleEndian, phantom.Acquire(i, null));
            byte[] labels = [.. scan.Slice(i).Truth.Select(organ => (byte)organ)];
            labels.CopyTo(truth, i * labels.Length);
        });
        using SeriesRun taken = new(Package.App, TimeProvider.System);
        Array.ForEach(slices, slice => Assert.Null(taken.SliceArrives(slice)));
        if (taken.SeriesIsComplete().Refused)
        {
            return false;
        }

        Compare(slices, truth, Package.App.Manifest.Classes.ToDictionary(organ => organ.Value, organ => organ.Value), seed, arrivals);
        return true;
    }

    /// <summary>
    /// Twenty bodies that no other test has, each in an order of its own and at random; ten minutes on two cores, so by hand.
    /// </summary>
    [Fact(Explicit = true)]
    public void Twenty_more_phantoms_are_segmented_as_well_while_they_arrive_as_when_they_are_whole()
    {
        Arrival[] orders = Enum.GetValues<Arrival>();
        double[] steps = [2, 1.25, 2.5, 3];
        int taken = 0;
        for (ulong seed = 940_100; taken < 20; seed++)
        {
            double step = steps[taken % steps.Length];
            taken += Phantom(seed, (int)(220 / step), step, orders[taken % orders.Length], Arrival.Random) ? 1 : 0;
        }
    }

    [Fact]
    public void Real_slices_are_segmented_as_well_while_they_arrive_as_when_they_are_whole_in_any_order()
    {
        RealCtTests.SkipWithoutData();
        Dictionary<int, int> classes = new[] { ("liver", 5), ("spleen", 1), ("aorta", 52) }.ToDictionary(
            pair => Package.App.Manifest.Classes.First(organ => organ.Name == pair.Item1).Value, pair => pair.Item2);
        Compare([.. RealCtTests.InOrder()], RealCtTests.ReferenceLabels(), classes, 1, Enum.GetValues<Arrival>());
    }

    private static void Compare(
        DicomFile[] slices, byte[] truth, Dictionary<int, int> classes, ulong seed, Arrival[] arrivals)
    {
        Analysis whole = Run(slices, false);
        foreach (Arrival arrival in arrivals)
        {
            Analysis streamed = Run(Ordered(slices, arrival, seed), true);
            Assert.Equal(whole.Sources.Select(Uid), streamed.Sources.Select(Uid));
            double worst = 0, sum = 0;
            int organs = 0;
            foreach ((int organ, int reference) in classes.Where(pair => pair.Key != 0 && truth.Contains((byte)pair.Value)))
            {
                double before = Dice(whole.Labels, organ, truth, reference), now = Dice(streamed.Labels, organ, truth, reference);
                worst = Math.Max(worst, Math.Abs(now - before));
                sum += now - before;
                organs++;
            }

            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{seed} {arrival}: mean Dice {sum / organs:+0.0000;-0.0000;0}, worst organ {worst:0.0000}; "
                + $"overlapped {streamed.Overlapped}; "
                + $"{Package.Different(whole.Labels, streamed.Labels)} of {truth.Length} voxels differ; {streamed.Times}");
            Assert.InRange(worst, 0, DiceTolerance);
            Assert.True(streamed.Overlapped || arrival is not (Arrival.Rising or Arrival.Falling));
        }
    }

    private static string? Uid(DataSet header) => header.GetString(Tags.SOPInstanceUID);

    private static Analysis Run(IEnumerable<DicomFile> slices, bool overlap)
    {
        using SeriesRun run = new(Package.App, TimeProvider.System, overlap);
        foreach ((int index, DicomFile slice) in slices.Index())
        {
            Assert.Null(run.SliceArrives(slice));

            // Finished on the chance that the end is reached: what comes beyond it must undo that.
            if (index == 40)
            {
                run.SeriesIsComplete();
            }
        }

        return Package.Value(run.SeriesIsComplete()).Kept();
    }

    /// <summary>Slices are given from low to high or from high to low.</summary>
    private static DicomFile[] Ordered(DicomFile[] slices, Arrival arrival, ulong seed) => arrival switch
    {
        Arrival.Rising => slices,
        Arrival.Falling => [.. slices.Reverse()],
        Arrival.MiddleFirst => [.. slices.Skip(slices.Length / 3), .. slices.Take(slices.Length / 3)],
        Arrival.Interleaved => [.. slices.Where((_, i) => i % 2 == 0), .. slices.Where((_, i) => i % 2 == 1)],
        _ => Shuffled(slices, (int)seed),
    };

    private static DicomFile[] Shuffled(DicomFile[] slices, int seed)
    {
        DicomFile[] shuffled = [.. slices];
        new Random(seed).Shuffle(shuffled);
        return shuffled;
    }

    internal static double Dice(byte[] ours, int organ, byte[] theirs, int reference)
    {
        long both = 0, one = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            bool a = ours[i] == organ, b = theirs[i] == reference;
            both += a && b ? 2 : 0;
            one += (a ? 1 : 0) + (b ? 1 : 0);
        }

        return one == 0 ? 1 : both / (double)one;
    }
}
