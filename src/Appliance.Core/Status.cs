namespace Appliance.Core;

/// <summary>
/// Everything there is to know about the device at one moment. Lamp, page, panel and CLI are views of it and of
/// nothing else.
/// </summary>
/// <remarks>
/// Never patient data: studies are named by a hash of their UID. A list that an older daemon does not send is read as null by the
/// generated JSON code, whatever its initial value; so the lists mend that themselves.
/// </remarks>
public sealed record Status
{
    /// <summary>The version of this shape and of the paths below /v1. A field may be added to it; none is renamed or removed.</summary>
    public const int CurrentSchema = 1;

    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The version of the product.</summary>
    public required string Version { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    public required DeviceState Device { get; init; }

    /// <summary>Seconds since the start of the process.</summary>
    public required double UptimeS { get; init; }

    public required ListenerStatus Listener { get; init; }

    public required ComputeStatus Compute { get; init; }

    public IReadOnlyList<AppStatus> Apps { get; init => field = value ?? []; } = [];

    /// <summary>Newest first, at most <see cref="Limits.StudiesShownCount"/>.</summary>
    public IReadOnlyList<StudyStatus> Studies { get; init => field = [.. (value ?? []).Take(Limits.StudiesShownCount)]; } = [];

    public IReadOnlyList<DestinationStatus> Destinations { get; init => field = value ?? []; } = [];

    public DiskStatus Disk { get; init => field = value ?? new(); } = new();

    public CounterStatus Counters { get; init => field = value ?? new(); } = new();

    /// <summary>What is wrong now. Empty: all is well.</summary>
    public IReadOnlyList<Alarm> Alarms { get; init => field = value ?? []; } = [];

    /// <summary>Someone asked which box this is.</summary>
    public bool Identify { get; init; }

    /// <summary>The colour that a lamp test shows now; null where none runs.</summary>
    public LampColour? LampTest { get; init; }

    /// <summary>The last step of a lamp test: the buzzer, once.</summary>
    public bool BuzzerTest { get; init; }

    /// <summary>What the last self-test found; empty while the first one runs.</summary>
    public IReadOnlyList<CheckResult> Checks { get; init => field = value ?? []; } = [];

    /// <summary>Derived from the studies and destinations.</summary>
    public Activity Activity => Activity.Of(Studies, Destinations);

    /// <summary>Derived; the light as it is to be shown now.</summary>
    public Lamp Lamp => Lamps.Show(this);
}

/// <summary>The DICOM listener.</summary>
/// <param name="Open">Whether it listens now.</param>
/// <param name="OpenAssociations">Associations at this moment.</param>
/// <param name="LastAssociation">When the last one began.</param>
public sealed record ListenerStatus(
    string AeTitle,
    string Address,
    int Port,
    bool Open,
    int OpenAssociations = 0,
    DateTimeOffset? LastAssociation = null);

/// <summary>What the network runs on.</summary>
/// <param name="Device">e.g. <c>CPU, 2 workers</c>.</param>
/// <param name="Reason">Why this one, e.g. <c>no NVIDIA driver</c>.</param>
/// <param name="Kernels">What the image kernels run on, which is chosen apart: <c>GPU 0, Tesla V100-SXM2-32GB</c>.</param>
/// <param name="KernelsReason">Why.</param>
public sealed record ComputeStatus(string Device, string Reason, string Kernels = "", string KernelsReason = "");

/// <summary>An app.</summary>
/// <param name="Trouble">Why it is not ready; null where it is.</param>
public sealed record AppStatus(string Name, string Version, bool Ready, string? Trouble = null);

/// <summary>A study on its way.</summary>
public sealed record StudyStatus
{
    /// <summary>The first digits of the SHA-256 of StudyInstanceUID.</summary>
    public required string Key { get; init; }

    public required StudyState State { get; init; }

    /// <summary>e.g. <c>CT</c>; empty where unknown.</summary>
    public string Modality { get; init => field = value ?? string.Empty; } = string.Empty;

    public int SeriesCount { get; init; }

    /// <summary>Objects received.</summary>
    public int Originals { get; init; }

    /// <summary>
    /// Of these, whose organs are found: it grows while they arrive. An image of several slices counts when all of them are done. It
    /// never falls, unless a series is analysed anew (a late slice, or somebody asked) or turns out not to be analysed.
    /// </summary>
    public int OriginalsAnalysed { get; init; }

    /// <summary>Of these, those of series that are not analysed, as far as that is known. The others are still to be analysed.</summary>
    public int OriginalsNotAnalysed { get; init; }

    /// <summary>Objects made.</summary>
    public int Results { get; init; }

    /// <summary>The stage of the analysis that runs; null where none does.</summary>
    public Stage? Stage { get; init; }

    /// <summary>0 to 1 of the slices of the complete series whose analysis runs; null where none does.</summary>
    public double? Progress { get; init; }

    /// <summary>Of its budget, until segmentation and report are to be accepted; negative when it is missed, null when none runs.</summary>
    public int? BudgetLeftMs { get; init; }

    /// <summary>Deliveries that are still owed, over all destinations.</summary>
    public int Owed { get; init; }

    public DateTimeOffset FirstArrival { get; init; }

    public DateTimeOffset LastArrival { get; init; }

    /// <summary>Last slice received to last result accepted, when it is over.</summary>
    public int? TailMs { get; init; }

    /// <summary>The same from the decision that the series was complete.</summary>
    public int? TailFromDecisionMs { get; init; }

    /// <summary>The rules by which its last series was found to be complete (docs/completeness.md).</summary>
    public string? CompletedBy { get; init; }

    /// <summary>Series whose results were replaced because a slice came late: each version of them.</summary>
    public IReadOnlyList<ResultVersion> ResultVersions { get; init => field = value ?? []; } = [];

    /// <summary>Why a series, or the whole study, is not analysed: on one line, with the code in front.</summary>
    public string? NotAnalysed { get; init; }

    /// <summary>The same in its parts.</summary>
    public RefusedStatus? Refused { get; init; }
}

/// <summary>Why something is not analysed.</summary>
/// <param name="Why">For people, as it stands under a heading "Not analysed".</param>
public sealed record RefusedStatus(RefusalReason Reason, string Why);

/// <summary>One version of the results of a series.</summary>
/// <param name="Series">The first digits of the SHA-256 of its UID.</param>
/// <param name="Results">Objects made; 0 where that was before the start.</param>
/// <param name="Superseded">A later version refers to it. It stays where it was sent.</param>
public sealed record ResultVersion(string Series, int Version, int Results, bool Superseded);

/// <summary>A destination.</summary>
/// <param name="Owed">Objects in its queue.</param>
/// <param name="Held">Objects of these that it refuses as they are.</param>
/// <param name="Reachable">Null before the first try.</param>
public sealed record DestinationStatus(
    string Name,
    string AeTitle,
    string Host,
    int Port,
    bool Paused,
    bool? Reachable,
    int Owed,
    int Held,
    long Delivered,
    string? LastError = null,
    DateTimeOffset? LastErrorAt = null,
    DateTimeOffset? LastDeliveredAt = null);

/// <summary>The file system of the journal.</summary>
public sealed record DiskStatus(long TotalBytes = 0, long FreeBytes = 0, bool RefusesObjects = false)
{
    public double UsedPercent => TotalBytes == 0 ? 0 : 100.0 * (TotalBytes - FreeBytes) / TotalBytes;
}

/// <summary>Counted since the start of the process.</summary>
public sealed record CounterStatus
{
    public long Associations { get; init; }

    public long AssociationsRejected { get; init; }

    public long ObjectsStored { get; init; }

    public long ObjectsRepeated { get; init; }

    public long ObjectsRefused { get; init; }

    public long BytesStored { get; init; }

    public long SeriesAnalysed { get; init; }

    public long SeriesNotAnalysed { get; init; }

    public long ResultsMade { get; init; }

    public long ObjectsDelivered { get; init; }

    public long StudiesRemoved { get; init; }

    /// <summary>Resident memory of the process.</summary>
    public long ResidentBytes { get; init; }
}

/// <summary>Something that is wrong now, with what to do.</summary>
/// <param name="Event">The event that raised it.</param>
/// <param name="Name">What it is called in <c>alarms ack</c>; unique at one moment.</param>
/// <param name="Acknowledged">When somebody said that it was seen. It stays until its cause has gone.</param>
/// <param name="Study">The key of the study that it is about; null where it is about no single one.</param>
public sealed record Alarm(
    DeviceEvent Event,
    AlarmLevel Level,
    string Text,
    string Remedy,
    DateTimeOffset Since,
    string Name = "",
    DateTimeOffset? Acknowledged = null,
    string? Study = null);

/// <summary>Who has to act.</summary>
public enum AlarmLevel
{
    /// <summary>The device works on with less: amber.</summary>
    Attention,

    /// <summary>Service is needed: red.</summary>
    Service,
}
