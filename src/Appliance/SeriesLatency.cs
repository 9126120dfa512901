using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>The times of one series whose documents were accepted.</summary>
public sealed class SeriesLatency
{
    private static readonly string[] Names =
        [.. Enum.GetValues<Stage>().Select(stage => $"{stage}".ToLowerInvariant()), LatencyFigures.Deliver, LatencyFigures.Waiting];

    /// <param name="accepted">When a destination had segmentation and report.</param>
    public SeriesLatency(SeriesTimeline timeline, DateTimeOffset firstSlice, DateTimeOffset lastSlice, DateTimeOffset accepted)
    {
        Timeline = timeline;
        FirstSlice = firstSlice;
        LastSlice = lastSlice < accepted ? lastSlice : accepted;
        Accepted = accepted;
        TimeSpan deliver = accepted - timeline.Stored;
        TimeSpan waiting = FromLastSlice - deliver - timeline.InTail.Values.Aggregate(TimeSpan.Zero, (sum, took) => sum + took);

        // Between last slice and decision the series waits for evidence, not for us: that belongs to no share.
        waiting -= timeline.Decided > LastSlice ? timeline.Decided - LastSlice : TimeSpan.Zero;
        Stages =
        [
            .. timeline.InTail.OrderBy(each => each.Key).Select(each => ($"{each.Key}".ToLowerInvariant(), each.Value)),
            (LatencyFigures.Deliver, deliver),
            (LatencyFigures.Waiting, waiting > TimeSpan.Zero ? waiting : TimeSpan.Zero),
        ];
    }

    public SeriesTimeline Timeline { get; }

    public DateTimeOffset FirstSlice { get; }

    /// <summary>Before <see cref="Accepted"/>, also where one more came meanwhile.</summary>
    public DateTimeOffset LastSlice { get; }

    public DateTimeOffset Accepted { get; }

    public TimeSpan FromLastSlice => Accepted - LastSlice;

    public TimeSpan FromDecision => Accepted - Timeline.Decided;

    public bool IsMiss => FromDecision > Timeline.Budget.Whole;

    /// <summary>After the last slice: each stage, the delivery, and what none of these accounts for.</summary>
    public IReadOnlyList<(string Stage, TimeSpan Took)> Stages { get; }

    /// <summary>What took most beyond its share.</summary>
    public string Guilty => Stages.MaxBy(each => each.Took - Share(each.Stage)).Stage;

    /// <summary>The place of a stage in lists.</summary>
    public int PlaceOf(string stage) => Array.IndexOf(Names, stage);

    /// <param name="study">The hash of its UID, as <paramref name="series"/>.</param>
    public MissTrace Trace(string study, string series) => new(
        Accepted,
        JournalEntry.Key(study),
        JournalEntry.Key(series),
        Timeline.App,
        Timeline.Slices,
        Timeline.Budget.Whole.TotalMilliseconds,
        FromDecision.TotalMilliseconds,
        FromLastSlice.TotalMilliseconds,
        Guilty,
        Stages.ToDictionary(each => each.Stage, each => each.Took.TotalMilliseconds),
        Stages.ToDictionary(each => each.Stage, each => Share(each.Stage).TotalMilliseconds));

    private TimeSpan Share(string stage) => stage switch
    {
        LatencyFigures.Deliver => Timeline.Budget.Deliver,
        LatencyFigures.Waiting => Timeline.Budget.Slack,
        _ => Timeline.Budget.Of(Enum.Parse<Stage>(stage, ignoreCase: true)),
    };
}
