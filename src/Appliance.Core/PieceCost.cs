namespace Appliance.Core;

/// <summary>What one piece of work takes on this box, in milliseconds.</summary>
/// <param name="MeanMs">Of the recent pieces, the newest weighing most.</param>
/// <param name="HighMs">99 of 100 take no longer.</param>
public readonly record struct CostFigures(double MeanMs, double HighMs)
{
    /// <summary>Of two beliefs the worse one.</summary>
    public CostFigures Worst(CostFigures other) => new(Math.Max(MeanMs, other.MeanMs), Math.Max(HighMs, other.HighMs));
}

/// <summary>The figures of one kind of piece, learned from what was measured. One caller at a time.</summary>
public sealed class PieceCost
{
    private readonly double[] recent = new double[Limits.RecentPieces];
    private readonly CostFigures start;
    private CostFigures measured;
    private long pieces;

    /// <param name="start">What is believed before anything was measured: of an earlier run, or of the app's golden slice.</param>
    public PieceCost(CostFigures start)
    {
        this.start = start;
        Figures = start;
    }

    public CostFigures Figures { get; private set; }

    public void Add(double ms)
    {
        recent[pieces % recent.Length] = ms;
        measured = new CostFigures(
            pieces == 0 ? ms : measured.MeanMs + (Limits.NewestShare * (ms - measured.MeanMs)),
            SecondLargest((int)Math.Min(++pieces, recent.Length)));
        Figures = pieces < Limits.BelievedPieces ? measured.Worst(start) : measured;
    }

    private double SecondLargest(int filled)
    {
        (double most, double second) = (double.NegativeInfinity, double.NegativeInfinity);
        foreach (double ms in recent.AsSpan(0, filled))
        {
            (most, second) = ms > most ? (ms, most) : (most, Math.Max(second, ms));
        }

        return filled < recent.Length ? most : second;
    }
}
