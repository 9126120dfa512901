using System.Net;
using System.Text;
using Appliance.Core;
using Appliance.Daemon;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Traces as a collector gets them: OTLP over HTTP to a listener of the test.</summary>
public sealed class TracesTests
{
    private const string Study = "0123456789abcdef0123456789abcdef";
    private const string Series = "fedcba9876543210fedcba9876543210";

    [Fact]
    public async Task A_series_that_was_accepted_is_a_trace_named_by_the_hash_of_its_study()
    {
        int port = Receiver.FreePort();
        using HttpListener collector = new() { Prefixes = { $"http://127.0.0.1:{port}/" } };
        collector.Start();
        Task<HttpListenerContext> asked = collector.GetContextAsync();
        Traces traces = new($"http://127.0.0.1:{port}", "1.2.3");
        traces.Add(Study, Series, Latency());
        Task ended = Task.Run(traces.Dispose, TestContext.Current.CancellationToken);

        HttpListenerContext got = await asked.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        using MemoryStream body = new();
        await got.Request.InputStream.CopyToAsync(body, TestContext.Current.CancellationToken);
        got.Response.Close();
        await ended;

        Assert.Equal(("POST", "/v1/traces", "application/x-protobuf"),
            (got.Request.HttpMethod, got.Request.RawUrl, got.Request.ContentType));
        byte[] bytes = body.ToArray();
        string text = Encoding.Latin1.GetString(bytes);
        string[] parts = ["series", "receive", "decide", "segment", "deliver", Study[..16], Series[..16], "ct-organs 0.1.0"];
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));

        // Field 1 of opentelemetry.proto.trace.v1.Span: 16 bytes of trace id, once in each of the five spans.
        byte[] traceId = [0x0A, 16, .. Convert.FromHexString(Study)];
        bool IsAt(int i) => bytes.AsSpan(i, traceId.Length).SequenceEqual(traceId);
        Assert.Equal(5, Enumerable.Range(0, bytes.Length - traceId.Length).Count(IsAt));
    }

    [Fact]
    public void Without_a_collector_nothing_is_traced()
    {
        using Traces traces = new("", "1.2.3");

        traces.Add(Study, Series, Latency());
    }

    private static SeriesLatency Latency()
    {
        DateTimeOffset noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
        SeriesTimeline timeline = new()
        {
            App = "ct-organs 0.1.0",
            Slices = 300,
            Budget = Budget.Default,
            Decided = noon.AddMilliseconds(100),
            Stored = noon.AddMilliseconds(300),
            InTail = new Dictionary<Stage, TimeSpan> { [Stage.Segment] = TimeSpan.FromMilliseconds(200) },
            Spent = new Dictionary<Stage, TimeSpan>(),
            Rungs = new Dictionary<Rung, int> { [Rung.Full] = 200 },
            Documents = [],
        };
        return new SeriesLatency(timeline, noon.AddSeconds(-15), noon, noon.AddMilliseconds(500));
    }
}
