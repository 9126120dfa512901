using System.Text.Json.Serialization;

namespace Appliance.Phantom.Modality;

/// <summary>What came of sending; the --json file. Times of responses: Unix milliseconds, and milliseconds of the machine's
/// monotonic clock.</summary>
public sealed record SendSummary
{
    public required int Slices { get; init; }

    public required int Failures { get; init; }

    public required IReadOnlyList<string> StudyUids { get; init; }

    public required IReadOnlyList<string> SeriesUids { get; init; }

    public long? FirstResponseUnixMs { get; init; }

    public long? LastResponseUnixMs { get; init; }

    public double? FirstResponseMonotonicMs { get; init; }

    public double? LastResponseMonotonicMs { get; init; }

    /// <summary>Objects a second that were asked for; 0: as fast as it goes.</summary>
    public required double WantedRate { get; init; }

    /// <summary>Objects a second between the first and the last start of a store.</summary>
    public double? AchievedRate { get; init; }

    /// <summary>The longest time by which a store started after its moment.</summary>
    public double LatestStartMs { get; init; }

    /// <summary>Time from the start of a store to its response: mean and longest.</summary>
    public double MeanResponseMs { get; init; }

    public double LongestResponseMs { get; init; }

    /// <summary>The same of each object, in the order of sending: for percentiles.</summary>
    public IReadOnlyList<double> ResponsesMs { get; init; } = [];

    /// <summary>The first failure, if any.</summary>
    public string? FirstFailure { get; init; }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SendSummary))]
internal sealed partial class SendJson : JsonSerializerContext;
