using System.Globalization;

namespace Appliance.Core;

/// <summary>How much of the analysis is done, from all of it to nothing.</summary>
public enum Rung
{
    /// <summary>Every grid slice through the app's network.</summary>
    Full,

    /// <summary>Every grid slice through the app's fast variant; not there where the app offers none.</summary>
    Fast,

    /// <summary>Every second grid slice through the fastest network of the app, labels of the others between their neighbours'.</summary>
    EverySecond,

    /// <summary>Not analysed: originals leave without results.</summary>
    Bypass,
}

/// <summary>What one grid slice costs through each network that the app offers.</summary>
/// <param name="Fast">Null where there is no fast variant.</param>
public readonly record struct RungCosts(CostFigures Full, CostFigures? Fast)
{
    /// <summary>Of one slice that goes through the network on this rung.</summary>
    public CostFigures Of(Rung rung) => rung == Rung.Full || Fast is null ? Full : Fast.Value;

    public bool Offers(Rung rung) => rung != Rung.Fast || Fast is not null;
}

/// <summary>What a series asks of the box at one moment.</summary>
/// <param name="LeftMs">
/// Until its deadline; as long as more slices may come, the whole budget less the time that the newest one waited to be taken up.
/// </param>
/// <param name="AheadMs">Thread time of pieces of other series that go first: their deadline is earlier, or they run already.</param>
/// <param name="Pending">Its grid slices that have not been through a network.</param>
/// <param name="Threads">That run networks.</param>
/// <param name="AfterMs">What follows the network: restoring the rest, judging, documents, delivery.</param>
/// <param name="IsComplete">Nothing more comes: the deadline is fixed.</param>
public readonly record struct LadderLoad(double LeftMs, double AheadMs, int Pending, int Threads, double AfterMs, bool IsComplete);

/// <summary>Where a series stands on the ladder.</summary>
/// <param name="Calm">Slices in a row at which a better rung would have fitted well.</param>
public readonly record struct LadderState(Rung Rung, int Calm = 0);

/// <summary>What to do, and why.</summary>
/// <param name="PredictedMs">Until the results are accepted, on the rung that was chosen; for a bypass, on the last that was left.</param>
/// <param name="Why">One sentence for an event.</param>
public readonly record struct LadderStep(LadderState State, bool Changed, double PredictedMs, string Why);

/// <summary>The controller of the budget: at each slice the best rung whose predicted end is in time. Pure.</summary>
/// <remarks>
/// <code>
/// predicted  (ahead + pending x mean of a slice) / threads + (99th percentile - mean) of one slice + after
/// down       at once, when the rung's prediction fills more than KeepShare of the time left: to the best rung that fits
/// up         one rung, when the better one's prediction filled no more than RiseShare for RiseSlices slices in a row
/// bypass     when nothing more comes and the last rung's prediction is longer than the time left; final, because half a result is none.
///            Until then that rung is kept: the end may be seconds away, and what misses after all is cut
/// </code>
/// </remarks>
public static class BudgetLadder
{
    private static readonly Rung[] Working = [Rung.Full, Rung.Fast, Rung.EverySecond];

    /// <summary>Until the results of the series are accepted, if all that is pending is done on this rung.</summary>
    public static double PredictedMs(Rung rung, in LadderLoad load, in RungCosts costs)
    {
        CostFigures slice = costs.Of(rung);
        int slices = rung == Rung.EverySecond ? (load.Pending + 1) / 2 : load.Pending;
        double straggler = slices == 0 ? 0 : Math.Max(0, slice.HighMs - slice.MeanMs);
        return ((load.AheadMs + (slices * slice.MeanMs)) / load.Threads) + straggler + load.AfterMs;
    }

    /// <summary>The next step of a series that stands there under this load.</summary>
    public static LadderStep Next(in LadderState state, in LadderLoad load, in RungCosts costs)
    {
        if (state.Rung == Rung.Bypass)
        {
            return new LadderStep(state, false, 0, "it was given up before");
        }

        double here = PredictedMs(state.Rung, load, costs);
        return here <= load.LeftMs * Limits.KeepShare ? StayOrRise(state, here, load, costs) : Descend(state, here, load, costs);
    }

    private static LadderStep StayOrRise(in LadderState state, double here, in LadderLoad load, in RungCosts costs)
    {
        if (Better(state.Rung, costs) is not Rung better)
        {
            return new LadderStep(new LadderState(state.Rung), false, here, "all is done");
        }

        double there = PredictedMs(better, load, costs);
        int calm = there <= load.LeftMs * Limits.RiseShare ? state.Calm + 1 : 0;
        return calm >= Limits.RiseSlices
            ? new LadderStep(new LadderState(better), true, there, Sentence(better, there, load, "has room again"))
            : new LadderStep(new LadderState(state.Rung, calm), false, here, "it fits");
    }

    private static LadderStep Descend(in LadderState state, double here, in LadderLoad load, in RungCosts costs)
    {
        double predicted = here;
        Rung last = state.Rung;
        foreach (Rung rung in Working)
        {
            if (rung <= state.Rung || !costs.Offers(rung))
            {
                continue;
            }

            last = rung;
            predicted = PredictedMs(rung, load, costs);
            if (predicted <= load.LeftMs * Limits.KeepShare)
            {
                return new LadderStep(new LadderState(rung), true, predicted, Sentence(state.Rung, here, load, "does not fit"));
            }
        }

        return load.IsComplete && predicted > load.LeftMs
            ? new LadderStep(new LadderState(Rung.Bypass), true, predicted, Sentence(last, predicted, load, "does not fit"))
            : new LadderStep(new LadderState(last), last != state.Rung, predicted, Sentence(last, predicted, load, "is the last"));
    }

    private static Rung? Better(Rung rung, in RungCosts costs)
    {
        for (int better = (int)rung - 1; better >= 0; better--)
        {
            if (costs.Offers((Rung)better))
            {
                return (Rung)better;
            }
        }

        return null;
    }

    private static string Sentence(Rung rung, double predicted, in LadderLoad load, string what) => string.Create(
        CultureInfo.InvariantCulture,
        $"{rung} {what}: {load.Pending} slices wait, {predicted:0} ms predicted, {load.LeftMs:0} ms left");
}
