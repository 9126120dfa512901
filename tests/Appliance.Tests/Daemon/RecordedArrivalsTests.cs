using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Appliance.Daemon;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>
/// Arrivals that were recorded once at a real pace (scripts/record-traces), decided again without waiting for anything. Two judges: the
/// outcome that docs/completeness.md promises, and what the published appliance itself decided while the trace was recorded.
/// </summary>
public sealed partial class RecordedArrivalsTests : IDisposable
{
    /// <summary>Between the scanner's clock and the appliance's: an answer on its way, a thread that wakes.</summary>
    private const double ClocksApartMs = 50;

    private readonly Scratch scratch = new();

    /// <summary>What is promised, by trace.</summary>
    public static IReadOnlyDictionary<string, string> Outcomes { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["duplicates"] = "42 slices, one association released, 0.1 s after the last: analysed, duplicate stated",
        ["gap-fills"] = "40 slices, one association released, 0.1 s after the last: analysed",
        ["gap-fills-after-the-end"] = "39 slices, quiet, 10.0 s after the last: refused: gap, "
            + "then 40 slices, one association released, 0.1 s after the last: analysed",
        ["interleaved"] = "A: 24 slices, one association released, 0.1 s after the last: analysed; "
            + "B: 24 slices, one association released, 0.1 s after the last: analysed",
        ["patient-changed"] = "40 slices, one association released, 0.1 s after the last: refused: other patient",
        ["random-order"] = "40 slices, one association released, 0.1 s after the last: analysed",
        ["stall"] = "20 slices, quiet, 2.0 s after the last: analysed, "
            + "then 40 slices, one association released, 0.1 s after the last: analysed",
        ["stall-in-an-object"] = "40 slices, one association released, 0.1 s after the last: analysed",
        ["tilt"] = "40 slices, one association released, 0.1 s after the last: analysed, gantry tilt stated",
    };

    public static TheoryData<string> Traces => [.. Outcomes.Keys];

    /// <summary>For docs/completeness.md.</summary>
    public static string ToMarkdown()
    {
        StringBuilder text = new("| what arrives | what is decided |\n|---|---|\n");
        foreach ((string name, string outcome) in Outcomes)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {ArrivalTrace.Read(name).About} | {outcome} |\n");
        }

        return text.ToString();
    }

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Every_trace_has_its_promised_outcome() => Assert.Equal(Outcomes.Keys, ArrivalTrace.Names);

    [Theory]
    [MemberData(nameof(Traces))]
    public void A_recorded_arrival_has_the_documented_outcome(string name)
    {
        ArrivalTrace trace = ArrivalTrace.Read(name);

        Assert.Equal(Outcomes[name], Replay(trace, trace.QuietRegularS, trace.QuietTimeS).Run());
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public void The_appliance_that_received_it_decided_the_same(string name)
    {
        ArrivalTrace trace = ArrivalTrace.Read(name);
        ArrivalReplay replay = Replay(trace, trace.QuietRegularS, trace.QuietTimeS);
        replay.Run();

        Match[] begun = [.. trace.Events.Where(each => each.Number == 301).Select(each => Begun().Match(each.Text))];
        Assert.Equal(
            replay.Decisions.Select(each => $"{each.Series[..16]}: {each.Slices} slices, {each.Rules}"),
            begun.Select(each => $"{each.Groups[1].Value}: {each.Groups[2].Value} slices, {each.Groups[3].Value}"));
        Assert.All(replay.Decisions.Zip(begun), pair => Assert.InRange(
            pair.First.Waited.TotalMilliseconds - int.Parse(pair.Second.Groups[4].Value, CultureInfo.InvariantCulture),
            -ClocksApartMs, ClocksApartMs));
        Assert.Equal(trace.Events.Count(each => each.Number == 305), replay.Reopened);
        string said = string.Join('\n', trace.Events.Where(each => each.Number is 303 or 308).Select(each => each.Text));
        Assert.All(replay.Findings, finding => Assert.Contains(finding, said, StringComparison.Ordinal));
        Assert.Equal(said.Length == 0, replay.Findings.Count == 0);
    }

    /// <summary>The same arrivals where one rule is another: the promise above is no reading of the trace alone.</summary>
    [Theory]
    [InlineData("stall", 40, 40)]
    [InlineData("gap-fills", 2, 3)]
    public void With_other_quiet_times_the_outcome_is_another(string name, double regularS, double otherwiseS)
    {
        ArrivalTrace trace = ArrivalTrace.Read(name);

        Assert.NotEqual(Outcomes[name], Replay(trace, regularS, otherwiseS).Run());
    }

    private ArrivalReplay Replay(ArrivalTrace trace, double regularS, double otherwiseS) => new(
        new Journal(scratch[trace.Name], []), trace, new QuietTimes(TimeSpan.FromSeconds(regularS), TimeSpan.FromSeconds(otherwiseS)));

    [GeneratedRegex(@"^series (\w+) of study \w+ is complete: (\d+) slices, (.*), (\d+) ms after the last$")]
    private static partial Regex Begun();
}
