using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Appliance.Core;
using Appliance.Daemon;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Appliance.Tests.House;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Tests.Daemon;

/// <summary>What a trace was decided to be: when, which series, by which rules, and what the geometry gate says of it.</summary>
internal sealed record ReplayedDecision(long AtMs, string Series, int Slices, string Rules, string Gate)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"= {AtMs} {Series} {Slices} \"{Rules}\" | {Gate}");
}

/// <summary>An arrival trace (Traces/make.py says how it is written), replayed against a clock that is moved by hand.</summary>
internal sealed partial class TraceReplay
{
    private static readonly QuietTimes Quiet = new(new AnalysisSettings().QuietRegular, new AnalysisSettings().QuietTime);

    private readonly FakeTimeProvider time = new();
    private readonly long start;
    private readonly SeriesAssembly assembly = new(Quiet);
    private readonly Dictionary<string, List<(GatedSlice Slice, string Pixels)>> slices = [];
    private readonly List<ReplayedDecision> decisions = [];

    private TraceReplay() => start = time.GetTimestamp();

    public static string Folder => Path.Combine(Checkout.Root, "tests/Appliance.Tests/Daemon/Traces");

    public static IEnumerable<string> All => Directory.GetFiles(Folder, "*.trace").Order(StringComparer.Ordinal)
        .Select(path => Path.GetFileNameWithoutExtension(path));

    private TimeSpan Now => time.GetElapsedTime(start);

    public static (string What, IReadOnlyList<string> Expected, IReadOnlyList<ReplayedDecision> Decisions) Run(string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, name + ".trace"));
        TraceReplay replay = new();
        foreach (string line in lines.Where(line => char.IsAsciiDigit(line[0])))
        {
            replay.Take(line.Split(' '));
        }

        replay.MoveTo(TimeSpan.MaxValue);
        return (lines[0][2..], [.. lines.Where(line => line[0] == '=')], replay.decisions);
    }

    /// <summary>The table for docs/completeness.md: what each trace is and what came of it when it was replayed.</summary>
    public static string ToMarkdown()
    {
        StringBuilder text = new("| trace | decided, ms | series, slices | by | geometry gate |\n|---|---|---|---|---|\n");
        foreach (string name in All)
        {
            (string what, _, IReadOnlyList<ReplayedDecision> decisions) = Run(name);
            foreach ((int index, ReplayedDecision each) in decisions.Index())
            {
                string trace = index == 0 ? $"**{name}**: {what}" : "";
                text.Append(CultureInfo.InvariantCulture,
                    $"| {trace} | {each.AtMs} | {each.Series}, {each.Slices} | {each.Rules} | {each.Gate} |\n");
            }
        }

        return text.ToString();
    }

    private void Take(string[] words)
    {
        MoveTo(TimeSpan.FromMilliseconds(int.Parse(words[0], CultureInfo.InvariantCulture)));
        long association = long.Parse(words[1], CultureInfo.InvariantCulture);
        switch (words[2])
        {
            case "begin": assembly.ObjectBegins(association); break;
            case "close": assembly.AssociationClosed(association, Now); break;
            case "slice": Slice(association, words[3], words[4], words[5], words[6..]); break;
            case "step":
                assembly.ManifestCame(
                    new Manifest(CompletenessRule.StepCompleted, "study", words[3], words[4].Split(',').ToHashSet()), Now);
                break;
            default: throw new InvalidDataException(words[2]);
        }
    }

    /// <summary>The clock goes from one decision to the next, as the analysis thread does that sleeps until then.</summary>
    private void MoveTo(TimeSpan until)
    {
        while (assembly.NextDue() is TimeSpan due && due < until)
        {
            time.Advance(due > Now ? due - Now : TimeSpan.Zero);
            decisions.AddRange(assembly.TakeComplete(Now).Select(Decided));
        }

        if (until != TimeSpan.MaxValue)
        {
            time.Advance(until - Now);
        }
    }

    private void Slice(long association, string series, string name, string z, string[] more)
    {
        Dictionary<string, string> given = more.Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        double tilt = double.Parse(given.GetValueOrDefault("tilt", "0"), CultureInfo.InvariantCulture) * Math.PI / 180;
        DataSet header = Imaging.PatientVolume.Header(
            new(-100, -100, double.Parse(z, CultureInfo.InvariantCulture)), new(1, 0, 0), new(0, Math.Cos(tilt), Math.Sin(tilt)),
            0.8, 0.8, 256, 256);
        if (given.TryGetValue("acquisition", out string? acquisition))
        {
            header.SetIntegerString(Tags.AcquisitionNumber, int.Parse(acquisition.Split('/')[0], CultureInfo.InvariantCulture))
                .SetUInt16(Tags.ImagesInAcquisition, 0).SetIntegerString(
                    Tags.ImagesInAcquisition, int.Parse(acquisition.Split('/')[1], CultureInfo.InvariantCulture));
        }

        if (!slices.TryGetValue(series, out List<(GatedSlice Slice, string Pixels)>? taken))
        {
            slices.Add(series, taken = []);
        }

        taken.Add((
            new GatedSlice(SliceGeometry.FromHeader(header).Value!, given.GetValueOrDefault("patient", "P1")),
            given.GetValueOrDefault("pixels", name)));
        assembly.ObjectEnds(association);
        assembly.SliceStored(new JournalEntry("study", series, name), association, Now, SliceFacts.Of(header));
    }

    private ReplayedDecision Decided(CompleteSeries series)
    {
        List<(GatedSlice Slice, string Pixels)> taken = slices[series.Series];
        Outcome<GatedStack> gated = GeometryGate.Decide(
            [.. taken.Select(each => each.Slice)], 0, (one, other) => taken[one].Pixels == taken[other].Pixels);
        string gate = gated.Refused
            ? $"refused, {Named().Match(gated.Refusal.Text).Groups[1].Value}"
            : string.Join(", ", ["taken", .. gated.Value.Findings.Select(Short)]);
        return new ReplayedDecision(
            (long)Math.Round(Now.TotalMilliseconds), series.Series, series.Slices, $"{series.Decision}", gate);
    }

    /// <summary>A finding up to its first comma.</summary>
    private static string Short(string finding) => finding["Geometry, ".Length..].Split(',')[0];

    [GeneratedRegex(@"\((.*?)\)")]
    private static partial Regex Named();
}
