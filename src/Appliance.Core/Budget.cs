namespace Appliance.Core;

/// <summary>The share of each stage in the tail, that is the time after the last slice has been received.</summary>
/// <remarks>A share that is exceeded is an event, never an exception: the study goes on.</remarks>
public static class Budget
{
    /// <summary>The whole: last slice received to last result accepted.</summary>
    public static TimeSpan Tail { get; } = TimeSpan.FromMilliseconds(Limits.TailMs);

    /// <summary>Last result made to last result accepted.</summary>
    public static TimeSpan Deliver { get; } = TimeSpan.FromMilliseconds(Limits.TailDeliverMs);

    /// <summary>What may be lost to scheduling before the whole is missed.</summary>
    public static TimeSpan Slack { get; } = TimeSpan.FromMilliseconds(Limits.TailSlackMs);

    public static TimeSpan Of(Stage stage) => TimeSpan.FromMilliseconds(stage switch
    {
        Stage.Decode => Limits.TailDecodeMs,
        Stage.Prepare => Limits.TailPrepareMs,
        Stage.Segment => Limits.TailSegmentMs,
        Stage.Judge => Limits.TailJudgeMs,
        Stage.Restore => Limits.TailRestoreMs,
        Stage.Annotate => Limits.TailAnnotateMs,
        _ => throw new DefectException($"stage {(int)stage} has no share of the budget"),
    });
}
