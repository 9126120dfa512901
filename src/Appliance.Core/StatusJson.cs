using System.Text.Json;
using System.Text.Json.Serialization;

namespace Appliance.Core;

/// <summary>The wire form of /v1: paths, writing and reading.</summary>
public static class StatusJson
{
    /// <summary>Where the daemon answers, on its Unix socket.</summary>
    public const string StatusPath = "/v1/status";

    /// <summary>How long analyses took, and traces of the late ones.</summary>
    public const string LatencyPath = "/v1/latency";

    public const string EventsPath = "/v1/events";

    /// <summary>A stream of server-sent events: a snapshot whenever there is a new one.</summary>
    public const string WatchPath = "/v1/watch";

    private static readonly WireContext OneLine = new(new JsonSerializerOptions(WireContext.Default.Options) { WriteIndented = false });

    public static byte[] Write(Status status) => JsonSerializer.SerializeToUtf8Bytes(status, WireContext.Default.Status);

    /// <summary>On one line, for a stream of snapshots.</summary>
    public static byte[] WriteLine(Status status) => JsonSerializer.SerializeToUtf8Bytes(status, OneLine.Status);

    public static byte[] Write(EventsAnswer events) => JsonSerializer.SerializeToUtf8Bytes(events, WireContext.Default.EventsAnswer);

    /// <exception cref="JsonException">It is not a status of a schema that is known here.</exception>
    public static Status ReadStatus(ReadOnlySpan<byte> json)
    {
        Status status = JsonSerializer.Deserialize(json, WireContext.Default.Status) ?? throw new JsonException("The answer is empty.");
        Check(status.Schema);
        return status;
    }

    /// <exception cref="JsonException">It is not a list of events of a schema that is known here.</exception>
    public static EventsAnswer ReadEvents(ReadOnlySpan<byte> json)
    {
        EventsAnswer events = JsonSerializer.Deserialize(json, WireContext.Default.EventsAnswer)
            ?? throw new JsonException("The answer is empty.");
        Check(events.Schema);
        return events;
    }

    public static byte[] Write(LatencyAnswer latency) => JsonSerializer.SerializeToUtf8Bytes(latency, WireContext.Default.LatencyAnswer);

    /// <exception cref="JsonException">It is not an answer of a schema that is known here.</exception>
    public static LatencyAnswer ReadLatency(ReadOnlySpan<byte> json)
    {
        LatencyAnswer latency = JsonSerializer.Deserialize(json, WireContext.Default.LatencyAnswer)
            ?? throw new JsonException("The answer is empty.");
        Check(latency.Schema);
        return latency;
    }

    private static void Check(int schema)
    {
        if (schema != Status.CurrentSchema)
        {
            throw new JsonException($"The daemon speaks schema {schema}, this program {Status.CurrentSchema}.");
        }
    }
}

/// <summary>The answer of /v1/events: the black box, oldest first.</summary>
public sealed record EventsAnswer(int Schema, IReadOnlyList<EventRecord> Events);

/// <summary>Made at build time: the native binary has no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(EventsAnswer))]
[JsonSerializable(typeof(LatencyAnswer))]
internal sealed partial class WireContext : JsonSerializerContext;
