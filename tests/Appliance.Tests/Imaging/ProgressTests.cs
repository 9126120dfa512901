using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>How many slices of a series are done is known while they arrive, on every path and on every rung.</summary>
public sealed class ProgressTests
{
    private readonly List<int> told = [];

    [Fact]
    public void Most_slices_are_done_while_they_arrive_and_all_of_them_at_the_end()
    {
        using SeriesRun series = Begin(null, overlap: true);
        foreach (DicomFile slice in LadderTests.Slices)
        {
            Assert.Null(series.SliceArrives(slice));
            Assert.InRange(series.DoneSlices, 0, series.Slices);
        }

        // What is left is what assumes the upper end of the stack.
        Assert.InRange(series.DoneSlices, LadderTests.Slices.Count * 3 / 4, LadderTests.Slices.Count - 1);
        AssertAllDone(series);
    }

    [Fact]
    public void Slices_that_a_later_one_shows_to_be_wrong_are_not_done_until_they_are_done_again()
    {
        using SeriesRun series = Begin(null, overlap: true);
        DicomFile[] slices = [.. LadderTests.Slices];
        Array.ForEach(slices[20..70], slice => Assert.Null(series.SliceArrives(slice)));
        Package.Value(series.SeriesIsComplete());
        Assert.Equal(50, series.DoneSlices);

        Assert.Null(series.SliceArrives(slices[70]));
        Assert.InRange(series.DoneSlices, 1, 50);
        Array.ForEach([.. slices[..20], .. slices[71..]], slice => Assert.Null(series.SliceArrives(slice)));
        AssertAllDone(series);
    }

    [Theory]
    [InlineData(Rung.Full)]
    [InlineData(Rung.EverySecond)]
    public void On_every_rung_the_last_slice_is_reached_whatever_the_network_leaves_out(Rung rung)
    {
        Analyse(rung, overlap: true);
    }

    [Theory]
    [InlineData(Rung.Full)]
    [InlineData(Rung.EverySecond)]
    public void A_series_that_is_analysed_after_its_last_slice_counts_up_in_steps(Rung rung)
    {
        Analyse(rung, overlap: false);
        Assert.True(told.Count > 10, string.Join(' ', told));
        Assert.Equal(told.Order().Distinct(), told);
    }

    /// <summary>On one rung from the first slice to the last.</summary>
    private void Analyse(Rung rung, bool overlap)
    {
        using NetworkThreads shared = new(2, new StageCosts(), ladder: false, TimeProvider.System);
        using SeriesLine line = shared.Open(Package.App, new Budget(TimeSpan.FromMinutes(5)), _ => { });
        line.StandOn(rung);
        using SeriesRun series = Begin(line, overlap);
        foreach (DicomFile slice in LadderTests.Slices)
        {
            Assert.Null(series.SliceArrives(slice));
        }

        Assert.True(overlap || told.Count == 0, "counted before the last slice");
        line.IsComplete();
        AssertAllDone(series);
    }

    private SeriesRun Begin(SeriesLine? line, bool overlap) =>
        new(Package.App, TimeProvider.System, overlap, line) { Advanced = told.Add };

    private void AssertAllDone(SeriesRun series)
    {
        Package.Value(series.SeriesIsComplete());
        Assert.Equal((series.Slices, series.Slices), (series.DoneSlices, told[^1]));

        // Told where it changed, and only there.
        Assert.All(told.Skip(1).Zip(told), pair => Assert.NotEqual(pair.First, pair.Second));
    }
}
