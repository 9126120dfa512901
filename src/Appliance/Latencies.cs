using Appliance.Core;
using HdrHistogram;

namespace Appliance.Daemon;

/// <summary>Distributions of how long analyses took, and traces of the late ones. Any thread; told of a series a few times.</summary>
public sealed class Latencies(Budget budget, StageCosts costs)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<(int Place, string Name), LongHistogram> histograms = [];
    private readonly Dictionary<(string Study, string Series), Waiting> waiting = [];
    private readonly Dictionary<(string Study, string Series), (DateTimeOffset First, DateTimeOffset Last)> arrivals = [];
    private readonly Dictionary<string, long> rungs = new(StringComparer.Ordinal);
    private readonly Queue<MissTrace> traces = [];
    private readonly Dictionary<string, double> sums = new(StringComparer.Ordinal);
    private long series;
    private long misses;
    private long bypassed;

    /// <summary>A slice was stored and its C-STORE is being answered.</summary>
    public void Arrived(JournalEntry entry, DateTimeOffset when)
    {
        lock (gate)
        {
            (string, string) key = (entry.Study, entry.Series);
            arrivals[key] = (arrivals.TryGetValue(key, out (DateTimeOffset First, DateTimeOffset Last) known) ? known.First : when, when);
        }
    }

    /// <summary>The documents of a series are in the journal; destinations will be asked to accept them.</summary>
    /// <param name="owed">Which of the documents each of them is owed.</param>
    /// <returns>The times of the series where there is no such destination; else null.</returns>
    public SeriesLatency? Stored(
        string study, string name, SeriesTimeline timeline, IEnumerable<(string Destination, IEnumerable<JournalEntry> Documents)> owed)
    {
        lock (gate)
        {
            // A series that lay in the journal at start has waited for us, not we for it.
            (DateTimeOffset First, DateTimeOffset Last) arrived = arrivals.GetValueOrDefault(
                (study, name), (timeline.Decided, timeline.Decided));
            Waiting open = new(timeline, arrived.First, arrived.Last, owed.Where(each => each.Documents.Any()).ToDictionary(
                each => each.Destination, each => each.Documents.ToHashSet(), StringComparer.Ordinal));
            if (open.Owed.Count > 0)
            {
                waiting[(study, name)] = open;
                return null;
            }

            // Nobody is to accept them: they are where they shall be.
            return Record(study, name, open, timeline.Stored);
        }
    }

    /// <summary>A destination accepted an object of the series.</summary>
    /// <returns>The times of the series where this was the last document that one destination lacked; else null.</returns>
    public SeriesLatency? Delivered(JournalEntry entry, string destination, DateTimeOffset when)
    {
        lock (gate)
        {
            (string, string) key = (entry.Study, entry.SourceSeries);
            if (!waiting.TryGetValue(key, out Waiting? open) || !open.Owed.TryGetValue(destination, out HashSet<JournalEntry>? owed)
                || !owed.Remove(entry) || owed.Count > 0)
            {
                return null;
            }

            waiting.Remove(key);
            return Record(entry.Study, entry.SourceSeries, open, when);
        }
    }

    /// <summary>The series has no documents.</summary>
    public void NotAnalysed(string study, string name, Refusal reason)
    {
        lock (gate)
        {
            arrivals.Remove((study, name));
            bypassed += reason.Reason == RefusalReason.Budget ? 1 : 0;
        }
    }

    /// <summary>Nobody is waited for any longer: the study has left the journal.</summary>
    public void Forget(string study)
    {
        lock (gate)
        {
            foreach ((string Study, string Series) key in waiting.Keys.Concat(arrivals.Keys).Where(key => key.Study == study).ToArray())
            {
                waiting.Remove(key);
                arrivals.Remove(key);
            }
        }
    }

    public LatencyAnswer Answer()
    {
        lock (gate)
        {
            return new LatencyAnswer(Status.CurrentSchema, budget.Whole.TotalMilliseconds, series, misses, bypassed)
            {
                Figures = [.. histograms.Select(each => Figures(each.Key.Name, each.Value))],
                Rungs = new Dictionary<string, long>(rungs),
                LastMisses = [.. traces],
            };
        }
    }

    private SeriesLatency Record(string study, string name, Waiting open, DateTimeOffset accepted)
    {
        SeriesLatency latency = new(open.Timeline, open.FirstSlice, open.LastSlice, accepted);
        arrivals.Remove((study, name));
        series++;
        costs.Add(open.Timeline.App, PieceOfWork.Deliver, accepted - open.Timeline.Stored);
        Add(0, LatencyFigures.FromLastSlice, latency.FromLastSlice);
        Add(1, LatencyFigures.FromDecision, latency.FromDecision);
        foreach ((string stage, TimeSpan took) in latency.Stages)
        {
            Add(2 + latency.PlaceOf(stage), stage, took);
        }

        foreach ((Rung rung, int slices) in latency.Timeline.Rungs)
        {
            rungs[$"{rung}"] = rungs.GetValueOrDefault($"{rung}") + slices;
        }

        if (latency.IsMiss)
        {
            misses++;
            traces.Enqueue(latency.Trace(study, name));
            while (traces.Count > Core.Limits.MissesKeptCount)
            {
                traces.Dequeue();
            }
        }

        return latency;
    }

    private void Add(int place, string name, TimeSpan took)
    {
        if (!histograms.TryGetValue((place, name), out LongHistogram? histogram))
        {
            histogram = new LongHistogram(Limits.LatencyLongestUs, Limits.LatencyDigits);
            histograms.Add((place, name), histogram);
        }

        histogram.RecordValue(Math.Clamp((long)took.TotalMicroseconds, 0, Limits.LatencyLongestUs));
        sums[name] = sums.GetValueOrDefault(name) + took.TotalMilliseconds;
    }

    private LatencyFigures Figures(string name, LongHistogram histogram)
    {
        double Ms(double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;
        return new LatencyFigures(
            name, histogram.TotalCount, sums[name], Ms(50), Ms(99), Ms(99.9), histogram.GetMaxValue() / 1000.0);
    }

    private sealed record Waiting(
        SeriesTimeline Timeline, DateTimeOffset FirstSlice, DateTimeOffset LastSlice, Dictionary<string, HashSet<JournalEntry>> Owed);
}
