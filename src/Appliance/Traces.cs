using System.Diagnostics;
using Appliance.Core;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Span = System.Diagnostics.Activity;

namespace Appliance.Daemon;

/// <summary>A trace for each study by OTLP, where a collector is set: what its series waited for and what took how long.</summary>
/// <remarks>
/// The trace is named by the hash of the study's UID, so that all its series are in one. Spans are told when a series has been accepted;
/// the exporter sends them from a thread of its own, and drops them where the collector does not answer.
/// </remarks>
public sealed class Traces : IDisposable
{
    private static readonly ActivitySource Source = new("appliance");

    private readonly TracerProvider? provider;

    /// <param name="endpoint">Of OTLP over HTTP, e.g. <c>http://collector:4318</c>; empty: no traces.</param>
    public Traces(string endpoint, string version)
    {
        provider = endpoint.Length == 0 ? null : Sdk.CreateTracerProviderBuilder()
            .AddSource(Source.Name)
            .ConfigureResource(resource => resource.AddService(
                "appliance", serviceVersion: version, serviceInstanceId: Environment.MachineName))
            .AddOtlpExporter(otlp =>
            {
                otlp.Endpoint = new Uri(new Uri(endpoint), "/v1/traces");
                otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
            })
            .Build();
    }

    /// <summary>The documents of a series were accepted.</summary>
    /// <param name="study">The hash of its UID, as <paramref name="series"/>: 32 hexadecimal digits.</param>
    public void Add(string study, string series, SeriesLatency latency)
    {
        if (provider is null)
        {
            return;
        }

        ActivityContext ofStudy = new(
            ActivityTraceId.CreateFromString(study), ActivitySpanId.CreateFromString(study.AsSpan(0, 16)), ActivityTraceFlags.Recorded);
        using Span? whole = Source.StartActivity("series", ActivityKind.Internal, ofStudy, startTime: latency.FirstSlice);
        if (whole is null)
        {
            return;
        }

        SeriesTimeline timeline = latency.Timeline;
        whole.SetTag("appliance.study", JournalEntry.Key(study)).SetTag("appliance.series", JournalEntry.Key(series))
            .SetTag("appliance.app", timeline.App).SetTag("appliance.slices", timeline.Slices).SetTag("appliance.missed", latency.IsMiss);
        foreach ((Rung rung, int slices) in timeline.Rungs)
        {
            whole.SetTag($"appliance.rung.{rung}", slices);
        }

        Part("receive", latency.FirstSlice, latency.LastSlice);
        Part("decide", latency.LastSlice, timeline.Decided);
        DateTimeOffset at = timeline.Decided;
        foreach ((string stage, TimeSpan took) in latency.Stages.Where(each => each.Took > TimeSpan.Zero))
        {
            // Stages follow each other; what none accounts for is no span, and delivery has times of its own.
            if (stage is not (LatencyFigures.Deliver or LatencyFigures.Waiting))
            {
                Part(stage, at, at += took);
            }
        }

        Part(LatencyFigures.Deliver, timeline.Stored, latency.Accepted);
        whole.SetEndTime(latency.Accepted.UtcDateTime);

        void Part(string name, DateTimeOffset from, DateTimeOffset to)
        {
            using Span? part = Source.StartActivity(name, ActivityKind.Internal, whole.Context, startTime: from);
            part?.SetEndTime((to < from ? from : to).UtcDateTime);
        }
    }

    public void Dispose() => provider?.Dispose();
}
