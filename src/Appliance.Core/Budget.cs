namespace Appliance.Core;

/// <summary>The time from the decision that a series is complete to its segmentation and report accepted, and each stage's share.</summary>
/// <remarks>
/// A share that is exceeded is an event, never an exception: the study goes on. What is done so that the whole is not exceeded is
/// decided by <see cref="BudgetLadder"/>.
/// </remarks>
/// <param name="Whole">Of the app, of the settings, or <see cref="Limits.TailMs"/>.</param>
public readonly record struct Budget(TimeSpan Whole)
{
    public static Budget Default { get; } = new(TimeSpan.FromMilliseconds(Limits.TailMs));

    /// <summary>Documents made to documents accepted.</summary>
    public TimeSpan Deliver => Share(Limits.TailDeliverMs);

    /// <summary>What may be lost to scheduling before the whole is missed.</summary>
    public TimeSpan Slack => Share(Limits.TailSlackMs);

    /// <summary>The share of one stage in the time after the decision.</summary>
    public TimeSpan Of(Stage stage) => Share(stage switch
    {
        Stage.Decode => Limits.TailDecodeMs,
        Stage.Prepare => Limits.TailPrepareMs,
        Stage.Segment => Limits.TailSegmentMs,
        Stage.Judge => Limits.TailJudgeMs,
        Stage.Restore => Limits.TailRestoreMs,
        Stage.Annotate => Limits.TailAnnotateMs,
        _ => throw new DefectException($"stage {(int)stage} has no share of the budget"),
    });

    private TimeSpan Share(long ms) => Whole * ((double)ms / Limits.TailMs);
}
