using System.Diagnostics;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Appliance.Phantom.Scan;
using Appliance.Phantom.Series;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>Series through the threads that all of them share, on each rung, and cut when their time is up.</summary>
public sealed class LadderTests
{
    private static readonly SeriesGeometry Geometry = new(Orientation.Axial, 90, 192, 192, 2, 2.5);
    private static readonly Lazy<(DicomFile[] Slices, byte[] Truth)> Phantom = new(() => Make(940_000, Geometry));
    /// <summary>Dice of one organ of real slices to the reference; the spleen, which ct-organs finds badly, moves most.</summary>
    private const double LostOnARung = 0.03;

    private static readonly Budget Long = new(TimeSpan.FromMinutes(5));

    /// <summary>A phantom, from one end to the other.</summary>
    internal static IReadOnlyList<DicomFile> Slices => Phantom.Value.Slices;

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public void Without_the_ladder_the_shared_threads_give_what_the_series_alone_gives_to_the_voxel(bool overlap, int threads)
    {
        using NetworkThreads shared = new(threads, new StageCosts(), ladder: false, TimeProvider.System);
        Analysis alone = Run(null, overlap), beside = Run(shared.Open(Package.App, Budget.Default, Unexpected), overlap);

        Assert.Equal(alone.Labels, beside.Labels);
        Assert.Equal((alone.Overlapped, overlap), (beside.Overlapped, beside.Overlapped));
        Assert.Null(beside.Variant);
        Assert.Equal(Rung.Full, Assert.Single(beside.Rungs).Key);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_second_slice_costs_little_of_what_the_network_finds_and_is_written_into_the_result(bool overlap)
    {
        using NetworkThreads shared = new(2, new StageCosts(), ladder: false, TimeProvider.System);
        SeriesLine line = shared.Open(Package.App, Long, Unexpected);
        line.StandOn(Rung.EverySecond);
        Analysis whole = Run(null, overlap), halved = Run(line, overlap);

        double mean = MeanDice(halved, whole);
        TestContext.Current.TestOutputHelper?.WriteLine($"overlap {overlap}: mean Dice of every second slice to every slice {mean:0.000}");
        Assert.InRange(mean, 0.9, 0.9999);
        Assert.Equal(
            $"shortened for the time budget, grid slices: {halved.Rungs[Rung.EverySecond]} every second one interpolated", halved.Variant);
        Assert.NotEqual(
            Annotated(whole).GetString(Tags.SOPInstanceUID), Annotated(halved).GetString(Tags.SOPInstanceUID));
        DataSet algorithm = Annotated(halved).GetItem(Tags.SegmentSequence)!.GetItem(Tags.SegmentationAlgorithmIdentificationSequence)!;
        Assert.Equal(halved.Variant, algorithm.GetString(Tags.AlgorithmParameters));
    }

    /// <summary>What each rung costs where a strong model says what is right (docs/performance.md).</summary>
    [Theory]
    [InlineData(Rung.Full)]
    [InlineData(Rung.Fast)]
    [InlineData(Rung.EverySecond)]
    public void Each_rung_finds_the_organs_of_a_real_abdomen_nearly_as_well_as_the_full_analysis(Rung rung)
    {
        RealCtTests.SkipWithoutData();
        Assert.SkipWhen(rung == Rung.Fast && Package.App.Fast is null, "ct-organs has no fast variant (docs/decisions)");
        using NetworkThreads shared = new(2, new StageCosts(), ladder: false, TimeProvider.System);
        using SeriesLine line = shared.Open(Package.App, Long, Unexpected);
        line.StandOn(rung);
        using SeriesRun run = new(Package.App, TimeProvider.System, overlap: true, line);
        Array.ForEach(RealCtTests.InOrder(), slice => Assert.Null(run.SliceArrives(slice)));
        line.IsComplete();
        Analysis analysis = Package.Value(run.SeriesIsComplete());

        byte[] reference = RealCtTests.ReferenceLabels();
        foreach ((string name, int label) in (ReadOnlySpan<(string, int)>)[("liver", 5), ("spleen", 1), ("aorta", 52)])
        {
            int organ = Package.App.Manifest.Classes.First(organ => organ.Name == name).Value;
            double full = StreamingTests.Dice(RealCtTests.Result.Labels, organ, reference, label);
            double here = StreamingTests.Dice(analysis.Labels, organ, reference, label);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{rung} {name}: Dice {here:0.000} to the reference, in full {full:0.000}; "
                + $"{StreamingTests.Dice(analysis.Labels, organ, RealCtTests.Result.Labels, organ):0.000} to the full analysis");
            Assert.InRange(here, full - LostOnARung, 1);
        }
    }

    [Fact]
    public void Two_series_at_once_each_get_their_own_labels()
    {
        using NetworkThreads shared = new(2, new StageCosts(), ladder: false, TimeProvider.System);
        Analysis alone = Run(null, true);
        Analysis[] both = new Analysis[2];
        Parallel.For(0, 2, i => both[i] = Run(shared.Open(Package.App, Budget.Default, Unexpected), true));

        Assert.All(both, each => Assert.Equal(alone.Labels, each.Labels));
    }

    [Fact]
    public void A_busy_box_steps_down_by_what_it_measured_and_says_so()
    {
        StageCosts slow = new("ct-organs 0.1.0\tSegmentFull\t400\t400\n");
        List<LadderStep> steps = [];
        using NetworkThreads shared = new(1, slow, ladder: true, TimeProvider.System);
        SeriesLine line = shared.Open(Package.App, new Budget(TimeSpan.FromSeconds(26)), step => Noted(steps, step));
        Analysis analysis = Run(line, false);

        // 75 grid slices of 400 ms are 30 s, every second one 15 s.
        Assert.Equal(Rung.EverySecond, steps[0].State.Rung);
        Assert.StartsWith("Full does not fit: ", steps[0].Why, StringComparison.Ordinal);
        Assert.True(analysis.Rungs.GetValueOrDefault(Rung.EverySecond) > 0);
    }

    [Fact]
    public void A_slice_that_waited_before_it_was_taken_up_has_so_much_less_of_the_budget()
    {
        // Nobody has decoded what came behind it: on an idle network the prediction alone would say that all is well.
        StageCosts costs = new("ct-organs 0.1.0\tSegmentFull\t50\t50\n");
        List<LadderStep> steps = [];
        using NetworkThreads shared = new(1, costs, ladder: true, TimeProvider.System);
        using SeriesLine line = shared.Open(Package.App, Budget.Default, step => Noted(steps, step));
        line.Waited = Budget.Default.Whole;
        using SeriesRun run = new(Package.App, TimeProvider.System, overlap: true, line);
        Array.ForEach(Phantom.Value.Slices, slice => Assert.Null(run.SliceArrives(slice)));

        Assert.Equal(Rung.EverySecond, steps[0].State.Rung);
        Assert.EndsWith(" 0 ms left", steps[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_budget_runs_from_the_evidence_and_not_from_when_somebody_came_to_look()
    {
        using NetworkThreads shared = new(1, new StageCosts(), ladder: true, TimeProvider.System);
        using SeriesLine punctual = shared.Open(Package.App, Budget.Default, _ => { });
        using SeriesLine late = shared.Open(Package.App, Budget.Default, _ => { });
        late.IsComplete(TimeSpan.FromSeconds(1.5));
        punctual.IsComplete();

        Assert.True(punctual.Due - late.Due >= TimeSpan.FromSeconds(1.5), $"{late.Due} and {punctual.Due}");
    }

    [Fact]
    public void A_series_that_cannot_be_in_time_is_given_up_at_once_and_not_at_its_deadline()
    {
        StageCosts slow = new("ct-organs 0.1.0\tSegmentFull\t1000\t1000\n");
        List<LadderStep> steps = [];
        using NetworkThreads shared = new(1, slow, ladder: true, TimeProvider.System);
        SeriesRun run = Arrived(shared.Open(Package.App, new Budget(TimeSpan.FromSeconds(2)), step => Noted(steps, step)), false);
        Stopwatch took = Stopwatch.StartNew();
        Outcome<Analysis> analysis = run.SeriesIsComplete();

        Assert.Equal(RefusalReason.Budget, analysis.Refusal?.Reason);
        Assert.Equal(Rung.Bypass, Assert.Single(steps).State.Rung);
        Assert.InRange(took.Elapsed.TotalSeconds, 0, 1.5);
    }

    [Fact]
    public void What_runs_is_cut_when_the_time_is_up()
    {
        // The box believes that everything fits, and the threads belong to somebody else: only the deadline ends it.
        using ManualResetEventSlim hold = new();
        StageCosts nothing = new("ct-organs 0.1.0\tSegmentFull\t0.01\t0.01\n");
        using NetworkThreads shared = new(1, nothing, ladder: true, TimeProvider.System);
        SeriesLine other = shared.Open(Package.App, Long, _ => { });
        other.Add([new NetworkPiece(_ => hold.Wait(), () => true, false) { Take = _ => { } }]);
        List<LadderStep> steps = [];
        Budget budget = new(TimeSpan.FromSeconds(1));
        SeriesRun run = Arrived(shared.Open(Package.App, budget, step => Noted(steps, step)), false);
        Stopwatch took = Stopwatch.StartNew();
        Outcome<Analysis> analysis = run.SeriesIsComplete();
        TimeSpan ended = took.Elapsed;
        hold.Set();

        Assert.Equal(RefusalReason.Budget, analysis.Refusal?.Reason);
        Assert.Equal("the time for the network is up", Assert.Single(steps).Why);
        Assert.InRange(ended.TotalMilliseconds, 100, 1100);
    }

    [Fact]
    public void A_network_that_fails_fails_its_series_and_no_other()
    {
        using NetworkThreads shared = new(1, new StageCosts(), ladder: true, TimeProvider.System);
        SeriesLine bad = shared.Open(Package.App, Long, _ => { });
        bad.Add([new NetworkPiece(_ => throw new FormatException("no input"), () => true, false) { Take = _ => { } }]);
        Assert.True(bad.Wait());
        Assert.IsType<FormatException>(Assert.Throws<InvalidOperationException>(bad.Collect).InnerException);

        Assert.Equal(Run(null, true).Labels, Run(shared.Open(Package.App, Long, _ => { }), true).Labels);
    }

    [Fact]
    public void A_thread_that_does_not_come_back_fails_its_series_and_another_takes_its_place()
    {
        using ManualResetEventSlim hold = new();
        object? watched = null;
        using NetworkThreads shared = new(1, new StageCosts(), ladder: false, TimeProvider.System, desk =>
        {
            watched ??= desk;
            return new MemoryStream();
        });
        SeriesLine bad = shared.Open(Package.App, Long, _ => { });
        using ManualResetEventSlim begun = new();
        bad.Add([new NetworkPiece(_ => { begun.Set(); hold.Wait(); }, () => true, false) { Take = _ => { } }]);
        begun.Wait(TestContext.Current.CancellationToken);
        shared.Replace(watched!);
        Assert.True(bad.Wait());
        Assert.IsType<TimeoutException>(Assert.Throws<InvalidOperationException>(bad.Collect).InnerException);

        Assert.Equal(Run(null, true).Labels, Run(shared.Open(Package.App, Long, _ => { }), true).Labels);
        hold.Set();
    }

    private static void Unexpected(LadderStep step) => Assert.Fail(step.Why);

    private static void Noted(List<LadderStep> steps, LadderStep step)
    {
        lock (steps)
        {
            steps.Add(step);
        }
    }

    /// <summary>The phantom of these tests through the whole-series path ...</summary>
    internal static Analysis Whole() => Run(null, false);

    /// <summary>... and while its slices arrive.</summary>
    internal static Analysis Streamed() => Run(null, true);

    /// <summary>All its slices have come.</summary>
    internal static SeriesRun Begun(SeriesLine? line, bool overlap)
    {
        SeriesRun run = new(Package.App, TimeProvider.System, overlap, line);
        foreach (DicomFile slice in Phantom.Value.Slices)
        {
            Assert.Null(run.SliceArrives(slice));
        }

        return run;
    }

    private static SeriesRun Arrived(SeriesLine? line, bool overlap)
    {
        SeriesRun run = Begun(line, overlap);
        line?.IsComplete();
        return run;
    }

    private static Analysis Run(SeriesLine? line, bool overlap) => Package.Value(Arrived(line, overlap).SeriesIsComplete());

    private static DataSet Annotated(Analysis analysis) =>
        Package.Value(Annotate.Of(analysis, new Appliance.Dicom.Objects.EquipmentIdentification("a", "b", "c", "d"), TimeProvider.System))
            .Segmentation!.DataSet;

    private static double MeanDice(Analysis one, Analysis other) => Package.App.Manifest.Classes
        .Where(organ => other.Labels.Contains((byte)organ.Value) && organ.Value != 0)
        .Average(organ => StreamingTests.Dice(one.Labels, organ.Value, other.Labels, organ.Value));

    private static (DicomFile[] Slices, byte[] Truth) Make(ulong seed, SeriesGeometry geometry)
    {
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
        return (slices, truth);
    }
}
