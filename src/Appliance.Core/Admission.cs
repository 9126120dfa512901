using System.Globalization;

namespace Appliance.Core;

/// <summary>What a series that is being received asks of the network's threads on the last rung.</summary>
/// <param name="SlicesPerS">Grid slices that come in a second.</param>
/// <param name="SliceMs">Thread time of one on the last rung.</param>
public readonly record struct SeriesDemand(double SlicesPerS, double SliceMs)
{
    /// <summary>Thread time that it asks for over a while; a series ends.</summary>
    public double MsOver(double whileMs) => Math.Min(SlicesPerS * whileMs / 1000, Limits.TypicalSlices) * SliceMs;
}

/// <summary>Whether one more series can be analysed in time beside those that are. Pure; asked once, when its rate is known.</summary>
/// <remarks>
/// The others come first: what they leave, over the time that a series of <see cref="Limits.TypicalSlices"/> takes to come and its
/// budget, must be enough for it on the last rung. The first series is always taken: it breaks nobody's budget.
/// </remarks>
public static class Admission
{
    /// <returns>Null: it is taken. Otherwise why it is not, for the study's outcome.</returns>
    /// <param name="leftMs">The newcomer's budget, without what follows the network.</param>
    public static Refusal? Check(SeriesDemand newcomer, IReadOnlyCollection<SeriesDemand> others, int threads, double leftMs)
    {
        if (others.Count == 0 || newcomer.SlicesPerS <= 0)
        {
            return null;
        }

        double whileMs = (1000 * Limits.TypicalSlices / newcomer.SlicesPerS) + leftMs;
        double othersMs = others.Sum(other => other.MsOver(whileMs));
        double neededMs = Limits.TypicalSlices * newcomer.SliceMs;
        return neededMs + othersMs <= threads * whileMs * Limits.KeepShare ? null : new Refusal(RefusalReason.Budget, string.Create(
            CultureInfo.InvariantCulture,
            $"Not analysed: budget. {others.Count} other series need {othersMs / whileMs:0.0} of {threads} threads. "
                + $"Analyse it again when they have ended."));
    }
}
