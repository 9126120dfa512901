using Appliance.Core;
using Xunit;

namespace Appliance.Tests.Core;

public sealed class BudgetLadderTests
{
    // The bench network on two slow cores: 47 ms a slice, its fast variant 14.
    private static readonly RungCosts Costs = new(new CostFigures(47, 60), new CostFigures(14, 20));
    private static readonly RungCosts OneNetwork = new(new CostFigures(47, 60), null);

    [Fact]
    public void An_idle_box_does_everything()
    {
        LadderStep step = BudgetLadder.Next(default, Load(pending: 1), Costs);

        Assert.Equal((Rung.Full, false), (step.State.Rung, step.Changed));
    }

    [Fact]
    public void Each_rung_is_taken_when_the_one_above_does_not_fit()
    {
        // 2000 ms x 0.85 - 200 after = 1500 ms of two threads: 63 slices of 47 ms, 213 of 14 ms, twice that every second.
        Assert.Equal(Rung.Full, Begin(Load(pending: 60)));
        Assert.Equal(Rung.Fast, Begin(Load(pending: 70)));
        Assert.Equal(Rung.EverySecond, Begin(Load(pending: 230)));
        Assert.Equal(Rung.EverySecond, Begin(Load(pending: 500)));
        Assert.Equal(Rung.EverySecond, Begin(Load(pending: 500) with { IsComplete = true }));
        Assert.Equal(Rung.Bypass, Begin(Load(pending: 600) with { IsComplete = true }));
        Assert.Equal(Rung.EverySecond, BudgetLadder.Next(default, Load(pending: 70), OneNetwork).State.Rung);
    }

    [Fact]
    public void A_step_says_why_in_numbers()
    {
        LadderStep step = BudgetLadder.Next(default, Load(pending: 100), Costs);

        Assert.True(step.Changed);
        Assert.Equal("Full does not fit: 100 slices wait, 2563 ms predicted, 2000 ms left", step.Why);
    }

    [Fact]
    public void A_better_rung_is_gone_back_to_only_after_eight_calm_slices()
    {
        LadderState state = new(Rung.Fast);
        for (int i = 0; i < Limits.RiseSlices - 1; i++)
        {
            state = BudgetLadder.Next(state, Load(pending: 2), Costs).State;
            Assert.Equal(Rung.Fast, state.Rung);
        }

        LadderState disturbed = BudgetLadder.Next(state, Load(pending: 60), Costs).State;
        Assert.Equal(new LadderState(Rung.Fast, 0), disturbed);
        Assert.Equal(Rung.Full, BudgetLadder.Next(state, Load(pending: 2), Costs).State.Rung);
    }

    [Fact]
    public void A_bypass_is_final() =>
        Assert.Equal(Rung.Bypass, BudgetLadder.Next(new LadderState(Rung.Bypass), Load(pending: 0), Costs).State.Rung);

    [Fact]
    public void More_load_never_means_a_better_rung()
    {
        Random random = new(1);
        for (int i = 0; i < 200_000; i++)
        {
            LadderState state = new((Rung)random.Next(4), random.Next(Limits.RiseSlices));
            RungCosts costs = AnyCosts(random);
            LadderLoad less = AnyLoad(random);
            LadderLoad more = less with
            {
                LeftMs = less.LeftMs - (random.Next(2) * random.NextDouble() * less.LeftMs),
                AheadMs = less.AheadMs + (random.Next(2) * random.NextDouble() * 1000),
                Pending = less.Pending + random.Next(100),
                AfterMs = less.AfterMs + (random.Next(2) * random.NextDouble() * 500),
                Threads = random.Next(1, less.Threads + 1),
                IsComplete = less.IsComplete || random.Next(2) == 0,
            };

            Assert.True(
                BudgetLadder.Next(state, more, costs).State.Rung >= BudgetLadder.Next(state, less, costs).State.Rung,
                $"{state} {costs}: {less} gives a worse rung than {more}");
        }
    }

    [Fact]
    public void What_cannot_fit_is_never_taken_up_when_the_series_is_complete()
    {
        Random random = new(2);
        int bypassed = 0;
        for (int i = 0; i < 200_000; i++)
        {
            RungCosts costs = AnyCosts(random);
            LadderLoad load = AnyLoad(random) with { IsComplete = true };
            LadderStep step = BudgetLadder.Next(new LadderState((Rung)random.Next(3), random.Next(Limits.RiseSlices)), load, costs);
            bypassed += step.State.Rung == Rung.Bypass ? 1 : 0;

            Assert.True(
                step.State.Rung == Rung.Bypass
                    || BudgetLadder.PredictedMs(step.State.Rung, load, costs)
                        <= load.LeftMs * (step.State.Rung == Rung.EverySecond ? 1 : Limits.KeepShare),
                $"{step} under {load} with {costs}");
        }

        Assert.InRange(bypassed, 10_000, 190_000);
    }

    [Fact]
    public void From_every_working_rung_a_calm_box_comes_back_to_all_of_the_analysis()
    {
        foreach (RungCosts costs in (RungCosts[])[Costs, OneNetwork])
        {
            LadderState state = new(Rung.EverySecond);
            for (int i = 0; i < 2 * Limits.RiseSlices; i++)
            {
                state = BudgetLadder.Next(state, Load(pending: 1), costs).State;
            }

            Assert.Equal(Rung.Full, state.Rung);
        }
    }

    [Fact]
    public void A_steady_load_changes_the_rung_a_few_times_and_not_at_each_slice()
    {
        int changes = 0;
        LadderState state = default;
        double pending = 0;

        // 60 slices a second for a minute where 42 can be done in full and 142 fast.
        for (int i = 0; i < 3600; i++)
        {
            LadderStep step = BudgetLadder.Next(state, Load((int)pending), Costs);
            state = step.State;
            changes += step.Changed ? 1 : 0;
            pending = Math.Max(0, pending + 1 - (2000 / Costs.Of(state.Rung).MeanMs / 60));
        }

        Assert.InRange(changes, 2, 120);
    }

    private static Rung Begin(LadderLoad load) => BudgetLadder.Next(default, load, Costs).State.Rung;

    private static LadderLoad Load(int pending) => new(LeftMs: 2000, AheadMs: 0, pending, Threads: 2, AfterMs: 200, IsComplete: false);

    private static LadderLoad AnyLoad(Random random) => new(
        random.NextDouble() * 3000, random.NextDouble() * 1000, random.Next(300), random.Next(1, 9), random.NextDouble() * 400,
        random.Next(2) == 0);

    private static RungCosts AnyCosts(Random random)
    {
        double full = 1 + (random.NextDouble() * 60), fast = full * random.NextDouble();
        return new RungCosts(
            new CostFigures(full, full * (1 + random.NextDouble())),
            random.Next(2) == 0 ? null : new CostFigures(fast, fast * (1 + random.NextDouble())));
    }
}
