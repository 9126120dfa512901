namespace Appliance.Core;

/// <summary>What can happen, numbered for good: a number is never used again. The texts are in <see cref="EventCatalogue"/>.</summary>
public enum DeviceEvent
{
    Started = 100,
    StateChanged = 101,
    Listening = 102,
    StopRequested = 103,
    Stopped = 104,
    FaultFound = 105,
    FaultCleared = 106,
    SettingsRead = 110,
    SettingsTried = 111,
    ComputeChosen = 120,
    KernelsChosen = 121,
    AppLoaded = 122,
    AppRefused = 123,
    CheckFailed = 125,
    WatchdogOpened = 126,
    GpuRefused = 127,
    GpuLost = 128,

    AssociationRejected = 200,
    AssociationTroubled = 201,
    ObjectRefused = 202,
    ObjectRepeated = 203,
    ContentConflict = 204,
    StudyFound = 205,
    StepReported = 206,
    CommitmentReported = 207,
    CommitmentUnreported = 208,
    InstanceElsewhere = 209,

    StudyStateChanged = 300,
    AnalysisBegan = 301,
    SeriesAnalysed = 302,
    SeriesNotAnalysed = 303,
    StageOverBudget = 304,
    SeriesReopened = 305,
    PicturesStored = 306,
    BudgetMissed = 307,
    GeometryRepaired = 308,
    RungChanged = 309,
    ResultsSuperseded = 310,

    DestinationDown = 400,
    DestinationBack = 401,
    ObjectHeld = 402,
    LabelMapRefused = 403,

    StudyRemoved = 500,
    DiskFull = 501,
    DiskRecovered = 502,

    CommandTaken = 600,
    CommandRefused = 601,
    CommandEnded = 602,
    PatientShown = 603,
    PageLogin = 610,
    PageLoginRefused = 611,
    NamesShown = 612,

    PartFailed = 900,
    PartStuck = 901,
    PartReplaced = 902,
}

/// <summary>How bad, as journald's priorities have it.</summary>
public enum EventLevel
{
    /// <summary>A human must act soon, or data is at risk.</summary>
    Error = 3,

    /// <summary>Something is not as it should be; work goes on.</summary>
    Warning = 4,

    /// <summary>Normal, and worth keeping.</summary>
    Info = 6,
}
