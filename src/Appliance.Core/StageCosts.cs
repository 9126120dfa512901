using System.Globalization;

namespace Appliance.Core;

/// <summary>Kinds of pieces that are measured. The names stand in the file of costs: none is renamed.</summary>
public enum PieceOfWork
{
    /// <summary>One grid slice through the app's network.</summary>
    SegmentFull,

    /// <summary>One grid slice through the app's fast variant.</summary>
    SegmentFast,

    /// <summary>All that follows the network's last slice, up to the first document stored, for each native slice.</summary>
    Finish,

    /// <summary>Documents stored to documents accepted, the whole series.</summary>
    Deliver,
}

/// <summary>What each kind of piece costs for each app on this box; kept over restarts as a small text. Any thread.</summary>
public sealed class StageCosts
{
    private readonly Dictionary<(string App, PieceOfWork Piece), PieceCost> costs = [];
    private readonly Lock gate = new();

    /// <param name="kept">What <see cref="ToString"/> gave at an earlier time; lines that are not understood are left out.</param>
    public StageCosts(string kept = "")
    {
        foreach (string line in kept.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split('\t');
            if (words.Length == 4 && Enum.TryParse(words[1], out PieceOfWork piece) && Number(words[2]) is double mean
                && Number(words[3]) is double high)
            {
                costs[(words[0], piece)] = new PieceCost(new CostFigures(mean, high));
            }
        }
    }

    /// <summary>What is known, or else what is assumed.</summary>
    public CostFigures Of(string app, PieceOfWork piece, CostFigures assumed)
    {
        lock (gate)
        {
            return costs.TryGetValue((app, piece), out PieceCost? cost) ? cost.Figures : assumed;
        }
    }

    /// <summary>A piece was done.</summary>
    public void Add(string app, PieceOfWork piece, TimeSpan took)
    {
        lock (gate)
        {
            if (!costs.TryGetValue((app, piece), out PieceCost? cost))
            {
                cost = new PieceCost(default);
                costs.Add((app, piece), cost);
            }

            cost.Add(took.TotalMilliseconds);
        }
    }

    /// <summary>One line for each: app, piece, mean and 99th percentile in milliseconds.</summary>
    public override string ToString()
    {
        lock (gate)
        {
            return string.Concat(costs.OrderBy(each => each.Key).Select(each => string.Create(
                CultureInfo.InvariantCulture,
                $"{each.Key.App}\t{each.Key.Piece}\t{each.Value.Figures.MeanMs:0.###}\t{each.Value.Figures.HighMs:0.###}\n")));
        }
    }

    private static double? Number(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && number >= 0
            ? number
            : null;
}
