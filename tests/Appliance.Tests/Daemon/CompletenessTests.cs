using Appliance.Daemon;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Each rule for itself, and how they combine. 2 s with a grid, else 10 s; a slice each 50 ms, the last at 1 s.</summary>
public sealed class CompletenessTests
{
    private static readonly QuietTimes Quiet = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));

    private static readonly SeriesEvidence Scanning = new(
        20, Ms(1000), Ms(50), GridState.Regular, Arriving: false, BatchGap: null, Missing: 0,
        new Dictionary<CompletenessRule, TimeSpan>());

    [Fact]
    public void With_a_closed_grid_silence_of_two_seconds_decides()
    {
        CompletenessDecision decision = Completeness.Decide(Scanning, Quiet);

        Assert.Equal((Ms(3000), "quiet"), (decision.DueAt, $"{decision}"));
    }

    [Theory]
    [InlineData(GridState.Gap)]
    [InlineData(GridState.Unknown)]
    public void With_a_gap_or_without_a_grid_it_takes_ten(GridState grid) =>
        Assert.Equal(Ms(11_000), Completeness.Decide(Scanning with { Grid = grid }, Quiet).DueAt);

    [Fact]
    public void A_slow_scanner_is_given_three_of_its_own_pauses() =>
        Assert.Equal(Ms(5500), Completeness.Decide(Scanning with { LargestGap = Ms(1500) }, Quiet).DueAt);

    [Theory]
    [InlineData(CompletenessRule.StepCompleted, 0)]
    [InlineData(CompletenessRule.CommitmentRequested, 0)]
    [InlineData(CompletenessRule.FramesWhole, 100)]
    [InlineData(CompletenessRule.ImagesCounted, 225)]
    [InlineData(CompletenessRule.NextSeries, 225)]
    [InlineData(CompletenessRule.OneAssociationReleased, 100)]
    [InlineData(CompletenessRule.Released, 225)]
    [InlineData(CompletenessRule.StepEnded, 463)]
    public void Each_rule_shortens_the_silence_by_its_own_confidence(CompletenessRule rule, int waitMs)
    {
        TimeSpan? due = Completeness.Decide(Scanning with { Since = Holds((rule, 1000)) }, Quiet).DueAt;

        Assert.InRange(due!.Value.TotalMilliseconds, 1000 + waitMs - 1, 1000 + waitMs + 1);
    }

    [Fact]
    public void Two_rules_together_need_no_silence_but_a_moment_to_confirm()
    {
        CompletenessDecision decision = Completeness.Decide(
            Scanning with { Since = Holds((CompletenessRule.ImagesCounted, 1000), (CompletenessRule.Released, 1002)) }, Quiet);

        Assert.Equal((Ms(1102), "all images counted + association released"), (decision.DueAt, $"{decision}"));
        Assert.Equal(0.07 * 0.07, decision.Doubt, 6);
    }

    [Fact]
    public void A_gap_takes_away_what_rests_on_the_grid()
    {
        SeriesEvidence gap = Scanning with { Grid = GridState.Gap, Since = Holds((CompletenessRule.NextSeries, 1000)) };

        Assert.Equal((Ms(11_000), "quiet"), (Completeness.Decide(gap, Quiet).DueAt, $"{Completeness.Decide(gap, Quiet)}"));
    }

    [Fact]
    public void What_a_list_names_and_is_not_here_speaks_against_every_other_rule()
    {
        SeriesEvidence missing = Scanning with { Missing = 3, Since = Holds((CompletenessRule.Released, 1000)) };

        Assert.Equal(Ms(11_000), Completeness.Decide(missing, Quiet).DueAt);
    }

    [Fact]
    public void An_object_in_flight_holds_the_decision_unless_there_is_a_list_or_the_next_series()
    {
        SeriesEvidence arriving = Scanning with { Arriving = true };

        Assert.Null(Completeness.Decide(arriving with { Since = Holds((CompletenessRule.ImagesCounted, 1000)) }, Quiet).DueAt);
        Assert.Equal(Ms(1000), Completeness.Decide(arriving with { Since = Holds((CompletenessRule.StepCompleted, 1000)) }, Quiet).DueAt);
        Assert.NotNull(Completeness.Decide(arriving with { Since = Holds((CompletenessRule.NextSeries, 1000)) }, Quiet).DueAt);
    }

    [Fact]
    public void A_rule_that_comes_late_never_makes_the_wait_longer_than_silence_alone()
    {
        SeriesEvidence late = Scanning with { Since = Holds((CompletenessRule.Released, 2950)) };

        Assert.Equal(Ms(3000), Completeness.Decide(late, Quiet).DueAt);
    }

    [Fact]
    public void No_rule_alone_is_believed_at_once_but_a_list()
    {
        foreach (CompletenessRow row in Completeness.Rows.Where(row => row.Confidence < 0.99))
        {
            Assert.True(Completeness.Decide(Scanning with { Since = Holds((row.Rule, 1000)) }, Quiet).DueAt >= Ms(1100), row.Name);
        }
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private static Dictionary<CompletenessRule, TimeSpan> Holds(params (CompletenessRule Rule, int Ms)[] rules) =>
        rules.ToDictionary(pair => pair.Rule, pair => Ms(pair.Ms));
}
