using System.Diagnostics;
using System.Text;
using Appliance.Core;
using Appliance.Ctl;
using Appliance.Daemon;
using Appliance.Tests.Core;
using Xunit;

namespace Appliance.Tests.Daemon;

public sealed class LatenciesTests
{
    private const string Study = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Series = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly JournalEntry Seg = new(Study, JournalEntry.ResultsPrefix + Series, "1.dcm");
    private static readonly JournalEntry Report = new(Study, JournalEntry.ResultsPrefix + Series, "2.dcm");

    private readonly Latencies latencies = new(Budget.Default, new StageCosts());

    [Fact]
    public void A_series_ends_when_the_first_destination_has_both_documents()
    {
        Begin(decidedMs: 100, storedMs: 400, segmentMs: 200);

        Assert.Null(latencies.Delivered(Seg, "pacs", At(450)));
        Assert.Null(latencies.Delivered(Seg, "archive", At(460)));
        Assert.Null(latencies.Delivered(Report with { Name = "picture.dcm" }, "archive", At(470)));
        SeriesLatency? ended = latencies.Delivered(Report, "archive", At(500));
        Assert.Null(latencies.Delivered(Report, "pacs", At(600)));

        Assert.Equal((500, 400, false), (ended!.FromLastSlice.TotalMilliseconds, ended.FromDecision.TotalMilliseconds, ended.IsMiss));
        Assert.Equal((1L, 0L), (latencies.Answer().Series, latencies.Answer().Misses));
    }

    [Fact]
    public void The_stages_of_a_series_and_what_none_accounts_for_make_up_its_time()
    {
        Begin(decidedMs: 100, storedMs: 400, segmentMs: 200);
        SeriesLatency ended = End(500);

        Assert.Equal(
            [("segment", 200.0), ("deliver", 100.0), ("waiting", 100.0)],
            ended.Stages.Where(each => each.Took > TimeSpan.Zero).Select(each => (each.Stage, each.Took.TotalMilliseconds)));
    }

    [Theory]
    [InlineData(2400, 2500, 2200, "segment")]
    [InlineData(400, 2700, 200, "deliver")]
    [InlineData(2600, 2700, 200, "waiting")]
    public void A_miss_keeps_a_trace_that_names_the_guilty_stage(int storedMs, int acceptedMs, int segmentMs, string guilty)
    {
        Begin(decidedMs: 100, storedMs, segmentMs);
        End(acceptedMs);
        MissTrace trace = Assert.Single(latencies.Answer().LastMisses);

        Assert.Equal((guilty, acceptedMs - 100.0, 2000.0), (trace.Guilty, trace.TookMs, trace.BudgetMs));
        Assert.Equal(segmentMs, trace.StagesMs["segment"]);
        Assert.Equal(900, trace.SharesMs["segment"]);
        Assert.Equal((Study[..16], Series[..16]), (trace.Study, trace.Series));
    }

    [Fact]
    public void Quantiles_are_those_of_the_durations()
    {
        for (int i = 1; i <= 1000; i++)
        {
            Begin(decidedMs: 0, storedMs: i, segmentMs: 0);
            End(i);
        }

        LatencyFigures figures = latencies.Answer().Figures.Single(each => each.Name == LatencyFigures.FromLastSlice);
        Assert.Equal(1000, figures.Count);
        Assert.Equal(500_500, figures.SumMs, 1.0);
        Assert.Equal(500, figures.P50Ms, 5.0);
        Assert.Equal(990, figures.P99Ms, 10.0);
        Assert.Equal(999, figures.P999Ms, 10.0);
        Assert.Equal(1000, figures.MaxMs, 10.0);
    }

    [Fact]
    public void Of_many_misses_the_last_32_are_kept_and_all_are_counted()
    {
        for (int i = 0; i < 100; i++)
        {
            Begin(decidedMs: 0, storedMs: 0, segmentMs: 0);
            End(3000 + i);
        }

        LatencyAnswer answer = latencies.Answer();
        Assert.Equal((100L, 32, 3099.0), (answer.Misses, answer.LastMisses.Count, answer.LastMisses[^1].TookMs));
    }

    [Fact]
    public void A_series_that_the_budget_left_no_time_for_is_counted_as_bypassed()
    {
        latencies.Arrived(new JournalEntry(Study, Series, "1.dcm"), Noon);
        latencies.NotAnalysed(Study, Series, new Refusal(RefusalReason.NoApp, "none"));
        Assert.Equal(0, latencies.Answer().Bypassed);

        latencies.NotAnalysed(Study, Series, new Refusal(RefusalReason.Budget, "none"));
        Assert.Equal(1, latencies.Answer().Bypassed);
    }

    [Fact]
    public void Without_a_destination_the_documents_are_there_when_they_are_stored()
    {
        latencies.Arrived(new JournalEntry(Study, Series, "1.dcm"), Noon);

        Assert.Equal(400, latencies.Stored(Study, Series, Timeline(100, 400, 200), [])!.FromLastSlice.TotalMilliseconds);
    }

    [Fact]
    public async Task Prometheus_own_checker_takes_the_metrics()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/promtool"), "promtool is missing: apt-get install prometheus");
        Begin(decidedMs: 100, storedMs: 2400, segmentMs: 2200);
        End(2500);
        byte[] text = Metrics.Write(SampleStatus.Busy() with { Version = "1 \"quoted\" \\ \n line" }, latencies.Answer(), _ => 3);

        (int exit, string said) = await Promtool(text);
        Assert.Equal((0, ""), (exit, said));
        Assert.NotEqual(0, (await Promtool([.. text, .. "appliance_uptime_seconds 1\nno metric at all\n"u8])).Exit);
    }

    [Fact]
    public void The_metrics_hold_what_the_answer_holds()
    {
        Begin(decidedMs: 100, storedMs: 2400, segmentMs: 2200);
        End(2500);
        string text = Encoding.UTF8.GetString(Metrics.Write(SampleStatus.Busy(), latencies.Answer(), each => (int)each));

        Assert.Contains("appliance_tail_seconds_count{stage=\"from_decision\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("appliance_tail_seconds_sum{stage=\"from_decision\"} 2.4\n", text, StringComparison.Ordinal);
        Assert.Contains("appliance_budget_misses_total 1\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "appliance_events_total{event=\"307\",name=\"BudgetMissed\",level=\"Warning\"} 307\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plain_table_names_the_guilty_stage()
    {
        Begin(decidedMs: 100, storedMs: 2400, segmentMs: 2200);
        End(2500);
        StringWriter lines = new();
        LatencyView.WriteLines(StatusJson.ReadLatency(StatusJson.Write(latencies.Answer())), lines);

        Assert.StartsWith(
            "budget 2000 ms from complete to accepted: 1 series, 1 missed it, 0 were bypassed", $"{lines}", StringComparison.Ordinal);
        Assert.Contains("guilty: segment (ms: decode 0 of 50", $"{lines}", StringComparison.Ordinal);
        Assert.Contains("from_decision: 1 series, p50 2", $"{lines}", StringComparison.Ordinal);
    }

    private static DateTimeOffset At(double ms) => Noon.AddMilliseconds(ms);

    private static SeriesTimeline Timeline(int decidedMs, int storedMs, int segmentMs) => new()
    {
        App = "ct-organs 0.1.0",
        Slices = 300,
        Budget = Budget.Default,
        Decided = At(decidedMs),
        Stored = At(storedMs),
        InTail = Enum.GetValues<Stage>().ToDictionary(
            stage => stage, stage => stage == Stage.Segment ? TimeSpan.FromMilliseconds(segmentMs) : TimeSpan.Zero),
        Spent = new Dictionary<Stage, TimeSpan>(),
        Documents = [Seg, Report],
    };

    private static async Task<(int Exit, string Said)> Promtool(byte[] text)
    {
        using Process process = Process.Start(new ProcessStartInfo("/usr/bin/promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await process.StandardInput.BaseStream.WriteAsync(text);
        process.StandardInput.Close();
        string said = await process.StandardError.ReadToEndAsync() + await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }

    private void Begin(int decidedMs, int storedMs, int segmentMs)
    {
        latencies.Arrived(new JournalEntry(Study, Series, "1.dcm"), Noon.AddSeconds(-15));
        latencies.Arrived(new JournalEntry(Study, Series, "2.dcm"), Noon);
        Assert.Null(latencies.Stored(
            Study, Series, Timeline(decidedMs, storedMs, segmentMs), [("pacs", [Seg, Report]), ("archive", [Seg, Report])]));
    }

    private SeriesLatency End(int acceptedMs)
    {
        latencies.Delivered(Seg, "pacs", At(acceptedMs));
        return latencies.Delivered(Report, "pacs", At(acceptedMs))!;
    }
}
