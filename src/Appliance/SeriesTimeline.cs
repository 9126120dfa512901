using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>What happened when to one series, from the decision that it is complete to its documents stored.</summary>
public sealed record SeriesTimeline
{
    public required string App { get; init; }

    public required int Slices { get; init; }

    public required Budget Budget { get; init; }

    /// <summary>It was decided that nothing more comes.</summary>
    public required DateTimeOffset Decided { get; init; }

    /// <summary>Segmentation and report are in the journal and owed.</summary>
    public required DateTimeOffset Stored { get; init; }

    /// <summary>After the last slice, by stage.</summary>
    public required IReadOnlyDictionary<Stage, TimeSpan> InTail { get; init; }

    /// <summary>From the first slice on, by stage.</summary>
    public required IReadOnlyDictionary<Stage, TimeSpan> Spent { get; init; }

    /// <summary>Grid slices by rung.</summary>
    public IReadOnlyDictionary<Rung, int> Rungs { get; init; } = new Dictionary<Rung, int>();

    /// <summary>Segmentation and report, or the report alone.</summary>
    public required IReadOnlyList<JournalEntry> Documents { get; init; }
}
