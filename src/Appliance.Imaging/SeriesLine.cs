using Appliance.Core;
using Appliance.Imaging.Launch;
using Microsoft.ML.OnnxRuntime;

namespace Appliance.Imaging;

/// <summary>One series' place before the network's threads, and on the ladder.</summary>
/// <remarks>Its caller adds slices, waits and collects; the threads take. What both touch lies under the threads' gate.</remarks>
public sealed class SeriesLine : IDisposable
{
    private readonly NetworkThreads threads;
    private readonly Action<LadderStep> changed;
    private LadderState state;
    private TimeSpan? tentative;
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

    /// <summary>
    /// How long the newest slice had been there when it was taken up: what has not been decoded yet is behind as well, and if that slice
    /// is the last, so much of the budget is gone.
    /// </summary>
    public TimeSpan Waited { get; set; }

    /// <summary>When the results are to be accepted, in the threads' time; null as long as more slices may come.</summary>
    public TimeSpan? Due { get; internal set; }

    /// <summary>Thread time that one slice is expected to take now.</summary>
    public double SliceMs => CostsOfRungs().Of(Rung).MeanMs;

    internal App App { get; }

    internal Queue<NetworkPiece> Ended { get; } = [];

    /// <summary>Changes of rung that nobody was told of yet.</summary>
    internal Queue<LadderStep> Steps { get; } = [];

    internal List<RunOptions> Running { get; } = [];

    /// <summary>It may be complete: what is made on that chance has a budget of its own, and nothing is given up where it misses.</summary>
    /// <param name="since">As if for so long.</param>
    public void MayBeComplete(TimeSpan since = default) => tentative = threads.Now + Budget.Whole - since;

    /// <summary>
    /// When one of our own stages has to be over so that the stages behind it have their shares; what earlier ones left over is its own.
    /// For the network nothing is held back: with less time the ladder takes fewer slices.
    /// </summary>
    public Deadline DeadlineOf(Stage stage)
    {
        if (!threads.HasLadder || (Due ?? tentative) is not TimeSpan due)
        {
            return Deadline.Never;
        }

        TimeSpan behind = Budget.Deliver;
        for (Stage later = stage < Stage.Segment ? Stage.Judge : stage + 1; later <= Stage.Annotate; later++)
        {
            behind += Budget.Of(later);
        }

        return new Deadline(stage, threads.Time, due - behind - threads.Now);
    }

    /// <summary>A stage missed its deadline. Final where the series is complete.</summary>
    public Refusal GivesUp(DeadlineException late)
    {
        if (Due is not null && Rung != Rung.Bypass)
        {
            StandOn(Rung.Bypass);
            changed(new LadderStep(state, true, 0, late.Message));
            threads.Drop(this);
        }

        return TooBusy;
    }

    internal static Refusal TooBusy { get; } = new(
        RefusalReason.Budget, "Not analysed: budget. The machine was too busy. Analyse it again when it is not.");

    /// <summary>For tests and figures: stands there from the beginning.</summary>
    public void StandOn(Rung rung) => state = new LadderState(rung);

    /// <summary>The series is complete: its budget runs.</summary>
    /// <param name="since">For so long: the evidence for its end was there before anybody came to look.</param>
    public void IsComplete(TimeSpan since = default)
    {
        Waited = TimeSpan.Zero;
        threads.Fix(this, threads.Now + Budget.Whole - since);
    }

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
    /// <exception cref="DeadlineException">The time is up, and it is not known whether the series is complete.</exception>
    internal bool Wait()
    {
        TimeSpan until = threads.HasLadder && (Due ?? tentative) is TimeSpan due
            ? due - TimeSpan.FromMilliseconds(AfterMs()) : TimeSpan.MaxValue;
        if (Rung != Rung.Bypass && threads.Wait(this, until))
        {
            return true;
        }

        if (Rung != Rung.Bypass && Due is null)
        {
            throw new DeadlineException(Stage.Segment);
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
        // What nobody has decoded yet waits as well.
        pending += (int)(Waited.TotalSeconds * slicesPerS);
        double leftMs = (Due is TimeSpan due ? due - now : Budget.Whole - Waited).TotalMilliseconds;
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
