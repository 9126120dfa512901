using Appliance.Core;
using Xunit;

namespace Appliance.Tests.Core;

public sealed class StageCostsTests
{
    [Fact]
    public void The_mean_follows_the_box_within_a_second()
    {
        PieceCost cost = new(default);
        Feed(cost, 5, 200);
        Feed(cost, 15, 50);

        Assert.InRange(cost.Figures.MeanMs, 14.5, 15);
    }

    [Fact]
    public void The_99th_percentile_is_the_second_largest_of_the_last_128()
    {
        PieceCost cost = new(default);
        Feed(cost, 5, 126);
        cost.Add(70);
        cost.Add(90);

        Assert.Equal(70, cost.Figures.HighMs);
        Feed(cost, 5, 127);
        Assert.Equal(5, cost.Figures.HighMs);
    }

    [Fact]
    public void What_was_known_at_start_is_believed_until_enough_was_measured()
    {
        PieceCost cost = new(new CostFigures(50, 80));
        Feed(cost, 5, Limits.BelievedPieces - 1);
        Assert.Equal(new CostFigures(50, 80), cost.Figures);

        cost.Add(5);
        Assert.Equal(new CostFigures(5, 5), cost.Figures);
    }

    [Fact]
    public void Costs_are_kept_over_a_restart()
    {
        StageCosts costs = new();
        costs.Add("ct-organs 0.1.0", PieceOfWork.SegmentFull, TimeSpan.FromMilliseconds(4.25));
        StageCosts later = new(costs.ToString());

        Assert.Equal(new CostFigures(4.25, 4.25), later.Of("ct-organs 0.1.0", PieceOfWork.SegmentFull, default));
        Assert.Equal(new CostFigures(1, 2), later.Of("ct-organs 0.1.0", PieceOfWork.SegmentFast, new CostFigures(1, 2)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ct-organs\tSegmentFull\tNaN\t4\n")]
    [InlineData("ct-organs\tSegmentFull\t-1\t4\n")]
    [InlineData("ct-organs\tNothing\t1\t4\n\t\t\nSegmentFull 3 4")]
    public void A_file_of_costs_that_is_damaged_teaches_nothing(string kept) => Assert.Equal("", new StageCosts(kept).ToString());

    [Fact]
    public void A_budget_is_split_in_the_same_proportions_whatever_it_is()
    {
        Budget half = new(Budget.Default.Whole / 2);
        TimeSpan sum = half.Deliver + half.Slack;
        foreach (Stage stage in Enum.GetValues<Stage>())
        {
            Assert.Equal(Budget.Default.Of(stage) / 2, half.Of(stage));
            sum += half.Of(stage);
        }

        Assert.Equal(half.Whole, sum);
    }

    private static void Feed(PieceCost cost, double ms, int times)
    {
        for (int i = 0; i < times; i++)
        {
            cost.Add(ms);
        }
    }
}
