using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;
using Appliance.Imaging.Launch;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>Stages that miss their deadline end within one slab of work; counted in slabs: each look is a millisecond.</summary>
public sealed class DeadlineTests
{
    private const int Slices = 50, GridSlices = 40;
    private static readonly EquipmentIdentification Equipment = new("a", "b", "c", "d");
    private static readonly Budget Long = new(TimeSpan.FromHours(10));

    [Fact]
    public void No_slab_begins_after_the_deadline()
    {
        Deadline until = new(Stage.Restore, new LookedAt(), TimeSpan.FromMilliseconds(5));
        int slabs = 0;

        DeadlineException late = Assert.Throws<DeadlineException>(() => until.For(1000, _ => Interlocked.Increment(ref slabs)));

        Assert.Equal((Stage.Restore, 4), (late.Stage, slabs));
    }

    [Fact]
    public void Without_a_deadline_every_slab_is_done()
    {
        int slabs = 0;
        Deadline.Never.For(1000, _ => Interlocked.Increment(ref slabs));

        Assert.Equal(1000, slabs);
    }

    [Fact]
    public void Restoring_looks_before_each_slice_and_stops_at_the_next()
    {
        LookedAt enough = new(), scarce = new();
        Restored(new Deadline(Stage.Restore, enough, TimeSpan.FromHours(1)));
        Assert.InRange(enough.Looks, Slices, Slices + 5);

        Assert.Throws<DeadlineException>(() => Restored(new Deadline(Stage.Restore, scarce, TimeSpan.FromMilliseconds(10))));
        Assert.InRange(scarce.Looks, 10, 10 + (2 * Environment.ProcessorCount));
    }

    [Fact]
    public void Restoring_an_oblique_stack_looks_before_each_slice_and_stops_at_the_next()
    {
        LookedAt enough = new(), scarce = new();
        byte[] whole = RestoredOblique(Deadline.Never);
        Assert.Equal(whole, RestoredOblique(new Deadline(Stage.Restore, enough, TimeSpan.FromHours(1))));
        Assert.InRange(enough.Looks, Slices, Slices + 5);

        Assert.Throws<DeadlineException>(() => RestoredOblique(new Deadline(Stage.Restore, scarce, TimeSpan.FromMilliseconds(10))));
        Assert.InRange(scarce.Looks, 10, 10 + (2 * Environment.ProcessorCount));
    }

    /// <summary>What stage 2 still has to do when all slices are there.</summary>
    [Theory]
    [InlineData("slices")]
    [InlineData("patient order")]
    [InlineData("oblique")]
    [InlineData("body")]
    [InlineData("window")]
    public void Preparing_looks_before_each_slice_and_stops_at_the_next(string step)
    {
        LookedAt enough = new(), scarce = new();
        Prepared(step, new Deadline(Stage.Prepare, enough, TimeSpan.FromHours(1)));
        Assert.InRange(enough.Looks, step == "body" ? 5 : GridSlices, GridSlices + 5);

        Assert.Equal(Stage.Prepare, Assert.Throws<DeadlineException>(
            () => Prepared(step, new Deadline(Stage.Prepare, scarce, TimeSpan.FromMilliseconds(4)))).Stage);
        Assert.InRange(scarce.Looks, 4, 4 + (2 * Environment.ProcessorCount));
    }

    [Fact]
    public void Keeping_the_largest_pieces_looks_before_each_pass()
    {
        byte[] labels = [.. Enumerable.Repeat((byte)1, 1000)], two = [.. labels];
        two[500] = 0;
        LookedAt time = new();
        Pieces.KeepLargest(labels, 10, 10, [1], new Deadline(Stage.Judge, time, TimeSpan.FromMilliseconds(100)));
        Assert.Equal(3, time.Looks);

        // The second look: runs are found, nothing is changed.
        byte[] before = [.. two];
        Assert.Throws<DeadlineException>(
            () => Pieces.KeepLargest(two, 10, 10, [1], new Deadline(Stage.Judge, new LookedAt(), TimeSpan.FromMilliseconds(2))));
        Assert.Equal(before, two);
    }

    [Fact]
    public void Packing_looks_before_each_frame_and_stops_at_the_next()
    {
        Analysis analysis = LadderTests.Whole();
        LookedAt enough = new(), scarce = new();
        Annotate annotate = Package.Value(Annotate.Of(
            analysis, Equipment, TimeProvider.System, until: new Deadline(Stage.Annotate, enough, TimeSpan.FromHours(1))));
        long frames = annotate.Segmentation!.DataSet.GetInteger(Tags.NumberOfFrames)!.Value;
        Assert.InRange(frames, 100, 10_000);
        Assert.InRange(enough.Looks, frames, frames + 10);

        Assert.Throws<DeadlineException>(() => Annotate.Of(
            analysis, Equipment, TimeProvider.System, until: new Deadline(Stage.Annotate, scarce, TimeSpan.FromMilliseconds(20))));
        Assert.Equal(21, scarce.Looks);
    }

    [Fact]
    public void A_stage_that_is_late_gives_up_a_complete_series_and_says_which()
    {
        List<LadderStep> steps = [];
        using NetworkThreads shared = new(2, new StageCosts(), ladder: true, TimeProvider.System);
        using SeriesLine line = shared.Open(Package.App, Long, steps.Add);
        using SeriesRun run = LadderTests.Begun(line, overlap: true);

        // The network has done its part; then nothing is left of the budget for what follows it.
        line.MayBeComplete();
        Package.Value(run.SeriesIsComplete());
        line.IsComplete(Long.Whole);
        Outcome<Analysis> late = run.SeriesIsComplete();

        Assert.Equal(RefusalReason.Budget, late.Refusal?.Reason);
        Assert.Equal(Rung.Bypass, line.Rung);
        Assert.Equal("the time for Judge is up", Assert.Single(steps).Why);
    }

    [Fact]
    public void What_is_made_before_the_decision_has_a_budget_too_and_missing_it_costs_nothing()
    {
        List<LadderStep> steps = [];
        using NetworkThreads shared = new(2, new StageCosts(), ladder: true, TimeProvider.System);
        using SeriesLine line = shared.Open(Package.App, Long, steps.Add);
        using SeriesRun run = LadderTests.Begun(line, overlap: true);

        line.MayBeComplete(Long.Whole);
        Assert.Equal(RefusalReason.Budget, run.SeriesIsComplete().Refusal?.Reason);
        Assert.Equal(Rung.Full, line.Rung);

        line.IsComplete();
        Assert.Equal(LadderTests.Streamed().Labels, Package.Value(run.SeriesIsComplete()).Labels);
        Assert.Empty(steps);
    }

    [Fact]
    public void Each_stage_has_what_the_stages_behind_it_leave_and_none_where_the_ladder_is_off()
    {
        using NetworkThreads shared = new(1, new StageCosts(), ladder: true, TimeProvider.System);
        using NetworkThreads patient = new(1, new StageCosts(), ladder: false, TimeProvider.System);
        using SeriesLine line = shared.Open(Package.App, Budget.Default, _ => { });
        using SeriesLine never = patient.Open(Package.App, Budget.Default, _ => { });
        Assert.False(line.DeadlineOf(Stage.Judge).IsOver);

        // Of 2000 ms 750 are behind Judge, 250 behind Annotate.
        line.IsComplete(TimeSpan.FromMilliseconds(1300));
        never.IsComplete(TimeSpan.FromMinutes(1));
        Assert.True(line.DeadlineOf(Stage.Judge).IsOver);
        Assert.False(line.DeadlineOf(Stage.Annotate).IsOver);
        Assert.Same(Deadline.Never, never.DeadlineOf(Stage.Judge));
    }

    private static byte[] RestoredOblique(Deadline until)
    {
        double turn = 20 * Math.PI / 180;
        Point3 down = new(0, Math.Cos(turn), Math.Sin(turn)), normal = new(0, -Math.Sin(turn), Math.Cos(turn));
        Stack stack = Package.Value(Stack.Of([.. Enumerable.Range(0, Slices).Select(i => Package.Value(SliceGeometry.FromHeader(
            PatientVolume.Header(normal * i, new(1, 0, 0), down, 0.2, 0.2, 512, 512))))]));
        ObliqueGrid grid = ObliqueGrid.Over(stack);
        return Restore.Oblique(new ClassScores(grid.Z, 32, 32, 3), new BodyFit(4, 4, 20), grid, stack, new byte[256], until);
    }

    /// <summary>Grids of 512 x 512, so that each slice of theirs is a slab.</summary>
    private static void Prepared(string step, Deadline until)
    {
        GridVolume Grid() => new(new float[GridSlices * 512 * 512], GridSlices, 512, 512);
        FitRule rule = Package.App.Manifest.Grid.Fit;
        switch (step)
        {
            case "slices":
                Memory<float>[] planes = [.. Enumerable.Repeat(new Memory<float>(new float[512]), GridSlices)];
                Prepare.AlongSlices(planes, Prepare.AxisTaps(GridSlices, 3, 3, 4), until);
                break;
            case "patient order":
                Prepare.ToPatientOrder(Grid().Hu, 512, 512, LpsAxes.Of(new(0, 0, 1), new(0, 1, 0), new(1, 0, 0))!, until);
                break;
            case "oblique":
                Stack stack = Package.Value(Stack.Of([.. Enumerable.Range(0, 4).Select(i => Package.Value(SliceGeometry.FromHeader(
                    PatientVolume.Header(new(0, 0, i), new(1, 0, 0), new(0, 1, 0), 1, 1, 8, 8))))]));
                new ObliqueGrid(default, GridSlices, 512, 512).Sample(new float[4 * 8 * 8], 8, 8, stack, -1000, until);
                break;
            case "body":
                BodyFit.Of(new GridVolume(new float[5 * 32 * 64], 5 * 32, 8, 8), rule, 4, 4, until);
                break;
            default:
                new BodyFit(0, 0, 20).Apply(new GridVolume(new float[GridSlices * 64], GridSlices, 8, 8), rule, 8, 8, until);
                break;
        }
    }

    private static byte[] Restored(Deadline until) => Restore.Aligned(
        new ClassScores(20, 32, 32, 3), new GridVolume([], 20, 40, 40), new BodyFit(4, 4, 20), [Slices, 64, 64],
        LpsAxes.Of(new(0, 0, 1), new(0, 1, 0), new(1, 0, 0))!, new byte[256], until);

    /// <summary>A millisecond passes with each look, and only then.</summary>
    private sealed class LookedAt : TimeProvider
    {
        private long looks;

        public long Looks => Interlocked.Read(ref looks);

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Interlocked.Increment(ref looks);
    }
}
