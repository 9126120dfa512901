using Appliance.Core;
using Microsoft.ML.OnnxRuntime;

namespace Appliance.Imaging;

/// <summary>One series' place before the network's threads, and on the ladder.</summary>
/// <remarks>Its caller adds slices, waits and collects; the threads take. What both touch lies under the threads' gate.</remarks>
public sealed class SeriesLine : IDisposable
{
    private readonly NetworkThreads threads;
    private readonly Action<LadderStep> changed;
    private LadderState state;
    private double slicesPerS;

    internal SeriesLine(NetworkThreads threads, App app, Budget budget, Action<LadderStep> changed)
    {
        this.threads = threads;
        this.changed = changed;
        App = app;
        Budget = budget;
    }

    public Budget Budget { get; }

    public Rung Rung => state.Rung;

    /// <summary>Slices of the scanner so far: what is left to be done after the network depends on them.</summary>
    public int NativeSlices { get; set; }

    /// <summary>When the results are to be accepted, in the threads' time; null as long as more slices may come.</summary>
    public TimeSpan? Due { get; internal set; }

    /// <summary>Thread time that one slice is expected to take now.</summary>
    public double SliceMs => CostsOfRungs().Of(Rung).MeanMs;

    internal App App { get; }

    internal Queue<NetworkPiece> Ended { get; } = [];

    /// <summary>Changes of rung that nobody was told of yet.</summary>
    internal Queue<LadderStep> Steps { get; } = [];

    internal List<RunOptions> Running { get; } = [];

    /// <summary>For tests and figures: stands there from the beginning.</summary>
    public void StandOn(Rung rung) => state = new LadderState(rung);

    /// <summary>The series is complete: from now on its budget runs.</summary>
    public void IsComplete() => threads.Fix(this, threads.Now + Budget.Whole);

    /// <summary>Takes no more of the threads' time; what runs for it is cut.</summary>
    public void Dispose() => threads.Drop(this);

    internal void Add(IReadOnlyCollection<NetworkPiece> pieces)
    {
        double ms = SliceMs;
        foreach (NetworkPiece piece in pieces)
        {
            piece.ExpectedMs = ms;
        }

        threads.Add(this, pieces);
    }

    /// <summary>Whether it can be in time beside the others; asked once, when it is known how fast its slices come.</summary>
    /// <param name="slicesPerS">Grid slices.</param>
    internal Refusal? Admit(double slicesPerS)
    {
        this.slicesPerS = slicesPerS;
        Refusal? refusal = threads.Admit(this, Budget.Whole.TotalMilliseconds - AfterMs());
        if (refusal is not null)
        {
            StandOn(Rung.Bypass);
            changed(new LadderStep(state, true, 0, "not admitted beside the others"));
            threads.Drop(this);
        }

        return refusal;
    }

    /// <summary>On the last rung; null as long as its rate is not known.</summary>
    internal SeriesDemand? Demand => slicesPerS > 0 && Rung != Rung.Bypass
        ? new SeriesDemand(slicesPerS, CostsOfRungs().Of(Rung.EverySecond).MeanMs / 2)
        : null;

    internal void DropWaiting() => threads.DropWaiting(this);

    /// <summary>Hands over what has ended, on the caller's thread.</summary>
    /// <exception cref="InvalidOperationException">The network failed.</exception>
    internal void Collect()
    {
        TellOfSteps();
        while (threads.TryTake(this, out NetworkPiece? piece))
        {
            if (piece!.Failure is Exception failure)
            {
                throw new InvalidOperationException($"the network failed: {failure.GetType().Name}", failure);
            }

            piece.Take(piece);
        }
    }

    /// <summary>Waits until something has ended.</summary>
    /// <returns>False: the series is given up, or its time is up; it is dropped then.</returns>
    internal bool Wait()
    {
        TimeSpan until = threads.HasLadder && Due is TimeSpan due ? due - TimeSpan.FromMilliseconds(AfterMs()) : TimeSpan.MaxValue;
        if (Rung != Rung.Bypass && threads.Wait(this, until))
        {
            return true;
        }

        TellOfSteps();
        if (Rung != Rung.Bypass)
        {
            StandOn(Rung.Bypass);
            changed(new LadderStep(state, true, 0, "the time for the network is up"));
        }

        threads.Drop(this);
        return false;
    }

    internal bool HasOpen => threads.OpenOf(this) > 0;

    internal (Network Network, PieceOfWork Kind) NetworkOf(Rung rung) => rung != Rung.Full && App.Fast is Network fast
        ? (fast, PieceOfWork.SegmentFast)
        : (App.Network, PieceOfWork.SegmentFull);

    /// <summary>Called by the threads before each slice.</summary>
    internal void Decide(TimeSpan now, int pending, double aheadMs)
    {
        double leftMs = Due is TimeSpan due ? (due - now).TotalMilliseconds : Budget.Whole.TotalMilliseconds;
        LadderStep step = BudgetLadder.Next(
            state, new LadderLoad(Math.Max(0, leftMs), aheadMs, pending, threads.Count, AfterMs(), Due is not null), CostsOfRungs());
        state = step.State;
        if (step.Changed)
        {
            Steps.Enqueue(step);
        }
    }

    /// <summary>On the caller's thread: whoever is told may take his time.</summary>
    private void TellOfSteps()
    {
        while (threads.TryTakeStep(this, out LadderStep step))
        {
            changed(step);
        }
    }

    private RungCosts CostsOfRungs() => new(
        threads.Costs.Of(App.NameAndVersion, PieceOfWork.SegmentFull, App.GoldenCost),
        App.Fast is null ? null : threads.Costs.Of(App.NameAndVersion, PieceOfWork.SegmentFast, App.FastCost));

    /// <summary>What follows the network, as measured, or as the budget's shares have it.</summary>
    private double AfterMs()
    {
        double share = (Budget.Of(Stage.Judge) + Budget.Of(Stage.Restore) + Budget.Of(Stage.Annotate)).TotalMilliseconds
            / Core.Limits.TypicalSlices;
        CostFigures finish = threads.Costs.Of(App.NameAndVersion, PieceOfWork.Finish, new CostFigures(share, share));
        double deliver = Budget.Deliver.TotalMilliseconds;
        CostFigures measured = threads.Costs.Of(App.NameAndVersion, PieceOfWork.Deliver, new CostFigures(deliver, deliver));

        // A destination that is down is not cured by slices that are left out, and the network always gets half of the time.
        double after = (finish.MeanMs * NativeSlices) + Math.Min(measured.HighMs, deliver);
        return Math.Min(after, Budget.Whole.TotalMilliseconds / 2);
    }
}
