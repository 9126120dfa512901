namespace Appliance.Core;

/// <summary>Where a study is on its way. One state for the whole study, whatever the number of its series.</summary>
public enum StudyState
{
    /// <summary>Originals are arriving; what has arrived is already being forwarded.</summary>
    Receiving,

    /// <summary>A series is complete and an app works on it; originals are still being forwarded.</summary>
    Analysing,

    /// <summary>Everything is known; originals and results are on their way to the destinations.</summary>
    Delivering,

    /// <summary>Every destination has accepted everything.</summary>
    Sent,

    /// <summary>No series is analysed, for the reason kept in the status; the originals are on their way.</summary>
    NotAnalysed,
}

/// <summary>What a study is told.</summary>
public enum StudySignal
{
    /// <summary>An object that was not there before was stored.</summary>
    OriginalArrived,

    /// <summary>A series is complete and taken by an app.</summary>
    AnalysisBegan,

    /// <summary>Every series is settled, at least one with results.</summary>
    Analysed,

    /// <summary>Every series is settled, none with results.</summary>
    AnalysisRefused,

    /// <summary>Every destination has accepted all that is there so far (with no destination: at once).</summary>
    Delivered,

    /// <summary>A destination did not take an object; it is retried or held.</summary>
    DeliveryFailed,

    /// <summary>Something is owed again: a new destination, or a study to be sent once more.</summary>
    DeliveryOwed,
}
