namespace Appliance.Core;

/// <summary>The answer of /v1/latency: how long analyses took since the start, and what made the last late ones late.</summary>
/// <param name="BudgetMs">From the decision that a series is complete to its documents accepted, as set.</param>
/// <param name="Series">Series whose documents were accepted.</param>
/// <param name="Misses">Of these, later than their budget.</param>
/// <param name="Bypassed">Series that the budget left no time for: they left without results.</param>
public sealed record LatencyAnswer(int Schema, double BudgetMs, long Series, long Misses, long Bypassed)
{
    /// <summary>From last slice and from decision, then each stage after the last slice.</summary>
    public IReadOnlyList<LatencyFigures> Figures { get; init => field = value ?? []; } = [];

    /// <summary>Grid slices by rung of the ladder, by its name.</summary>
    public IReadOnlyDictionary<string, long> Rungs { get; init => field = value ?? new Dictionary<string, long>(); } =
        new Dictionary<string, long>();

    /// <summary>Newest last, at most <see cref="Limits.MissesKeptCount"/>.</summary>
    public IReadOnlyList<MissTrace> LastMisses { get; init => field = value ?? []; } = [];
}

/// <summary>One distribution of durations.</summary>
/// <param name="Name"><see cref="FromLastSlice"/>, <see cref="FromDecision"/>, or a stage in lower case.</param>
public sealed record LatencyFigures(string Name, long Count, double SumMs, double P50Ms, double P99Ms, double P999Ms, double MaxMs)
{
    /// <summary>Last slice stored to segmentation and report accepted by a destination.</summary>
    public const string FromLastSlice = "from_last_slice";

    /// <summary>Decision that the series is complete to segmentation and report accepted by a destination.</summary>
    public const string FromDecision = "from_decision";

    /// <summary>Documents stored to documents accepted.</summary>
    public const string Deliver = "deliver";

    /// <summary>What no stage accounts for: the series waited for others.</summary>
    public const string Waiting = "waiting";
}

/// <summary>A series that was later than its budget: where its time went.</summary>
/// <param name="Study">The first digits of the hash of its UID, as <paramref name="Series"/>.</param>
/// <param name="TookMs">From the decision.</param>
/// <param name="Guilty">The stage that took most beyond its share.</param>
/// <param name="StagesMs">After the last slice, by stage.</param>
/// <param name="SharesMs">What each of them may take.</param>
public sealed record MissTrace(
    DateTimeOffset When,
    string Study,
    string Series,
    string App,
    int Slices,
    double BudgetMs,
    double TookMs,
    double FromLastSliceMs,
    string Guilty,
    IReadOnlyDictionary<string, double> StagesMs,
    IReadOnlyDictionary<string, double> SharesMs);
