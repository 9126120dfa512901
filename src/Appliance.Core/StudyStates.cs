namespace Appliance.Core;

/// <summary>The state machine of each study. A failing delivery changes nothing; a late slice revokes completion.</summary>
public static class StudyStates
{
    private const string Growing = "the study is still growing, the end of delivery comes later";
    private const string StillWorking = "results are still to come, the end of delivery comes later";
    private const string Retried = "delivery is retried or held with a remedy, the study waits where it is";
    private const string Underway = "delivery goes on all the time, nothing has to begin";
    private const string Another = "another series of the same study";
    private const string Known = "nothing new, the state already says so";

    public static StateTable<StudyState, StudySignal> Table { get; } = new(StudyState.Receiving, Rows());

#pragma warning disable format // Read as a table; aligned by hand.
    private static StateRow<StudyState, StudySignal>[] Rows() =>
    [
        No(StudyState.Receiving,   StudySignal.OriginalArrived, Known),
        Go(StudyState.Receiving,   StudySignal.AnalysisBegan,   StudyState.Analysing),
        Go(StudyState.Receiving,   StudySignal.Analysed,        StudyState.Delivering),
        Go(StudyState.Receiving,   StudySignal.AnalysisRefused, StudyState.NotAnalysed),
        No(StudyState.Receiving,   StudySignal.Delivered,       Growing),
        No(StudyState.Receiving,   StudySignal.DeliveryFailed,  Retried),
        No(StudyState.Receiving,   StudySignal.DeliveryOwed,    Underway),

        Go(StudyState.Analysing,   StudySignal.OriginalArrived, StudyState.Receiving),
        No(StudyState.Analysing,   StudySignal.AnalysisBegan,   Another),
        Go(StudyState.Analysing,   StudySignal.Analysed,        StudyState.Delivering),
        Go(StudyState.Analysing,   StudySignal.AnalysisRefused, StudyState.NotAnalysed),
        No(StudyState.Analysing,   StudySignal.Delivered,       StillWorking),
        No(StudyState.Analysing,   StudySignal.DeliveryFailed,  Retried),
        No(StudyState.Analysing,   StudySignal.DeliveryOwed,    Underway),

        Go(StudyState.Delivering,  StudySignal.OriginalArrived, StudyState.Receiving),
        Go(StudyState.Delivering,  StudySignal.AnalysisBegan,   StudyState.Analysing),
        No(StudyState.Delivering,  StudySignal.Analysed,        Known),
        Go(StudyState.Delivering,  StudySignal.AnalysisRefused, StudyState.NotAnalysed),
        Go(StudyState.Delivering,  StudySignal.Delivered,       StudyState.Sent),
        No(StudyState.Delivering,  StudySignal.DeliveryFailed,  Retried),
        No(StudyState.Delivering,  StudySignal.DeliveryOwed,    Underway),

        Go(StudyState.Sent,        StudySignal.OriginalArrived, StudyState.Receiving),
        Go(StudyState.Sent,        StudySignal.AnalysisBegan,   StudyState.Analysing),
        Go(StudyState.Sent,        StudySignal.Analysed,        StudyState.Delivering),
        Go(StudyState.Sent,        StudySignal.AnalysisRefused, StudyState.NotAnalysed),
        No(StudyState.Sent,        StudySignal.Delivered,       Known),
        No(StudyState.Sent,        StudySignal.DeliveryFailed,  Retried),
        Go(StudyState.Sent,        StudySignal.DeliveryOwed,    StudyState.Delivering),

        Go(StudyState.NotAnalysed, StudySignal.OriginalArrived, StudyState.Receiving),
        Go(StudyState.NotAnalysed, StudySignal.AnalysisBegan,   StudyState.Analysing),
        Go(StudyState.NotAnalysed, StudySignal.Analysed,        StudyState.Delivering),
        No(StudyState.NotAnalysed, StudySignal.AnalysisRefused, Known),
        Go(StudyState.NotAnalysed, StudySignal.Delivered,       StudyState.Sent),
        No(StudyState.NotAnalysed, StudySignal.DeliveryFailed,  Retried),
        No(StudyState.NotAnalysed, StudySignal.DeliveryOwed,    Underway),
    ];
#pragma warning restore format

    private static StateRow<StudyState, StudySignal> Go(StudyState state, StudySignal signal, StudyState next) =>
        new(state, signal, next, string.Empty);

    private static StateRow<StudyState, StudySignal> No(StudyState state, StudySignal signal, string why) =>
        new(state, signal, null, why);
}
