using System.Globalization;
using Appliance.Core;
using Appliance.Daemon;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Appliance.Tests.Imaging;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Tests.Daemon;

/// <summary>
/// A trace once more, in no time: objects go into a real journal, what it keeps goes to the assembly that decides about ends, and what is
/// complete goes through the geometry gate.
/// </summary>
internal sealed class ArrivalReplay(Journal journal, ArrivalTrace trace, QuietTimes quiet)
{
    private readonly FakeTimeProvider time = new();
    private readonly SeriesAssembly assembly = new(quiet);
    private readonly Dictionary<string, ArrivedSlices> slices = [];
    private readonly HashSet<string> decided = [];
    private readonly Dictionary<string, List<string>> outcomes = [];
    private long start;

    /// <summary>Each decision: which series, how many slices, which rules, how long after the last slice.</summary>
    public List<(string Series, int Slices, string Rules, TimeSpan Waited)> Decisions { get; } = [];

    /// <summary>What was set aside, repaired or refused, in order.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>Late slices that came.</summary>
    public int Reopened { get; private set; }

    private TimeSpan Now => time.GetElapsedTime(start);

    /// <summary>The outcome in words.</summary>
    public string Run()
    {
        start = time.GetTimestamp();
        foreach (ArrivalTrace.Arrival arrival in trace.Arrivals)
        {
            PassTo(arrival.At);
            Take(arrival);
        }

        PassTo(Now + TimeSpan.FromHours(1));
        return string.Join("; ", trace.Series.Select(letter =>
            (trace.Series.Count() > 1 ? $"{letter}: " : "") + string.Join(", then ", outcomes[JournalEntry.Hash(trace.UidOf(letter))])));
    }

    /// <summary>Time goes on; what is complete on the way is decided when it is due.</summary>
    private void PassTo(TimeSpan moment)
    {
        while (assembly.NextDue() is TimeSpan due && due <= moment)
        {
            time.Advance(due > Now ? due - Now : TimeSpan.Zero);
            foreach (CompleteSeries complete in assembly.TakeComplete(Now))
            {
                Complete(complete);
            }
        }

        time.Advance(moment - Now);
    }

    private void Take(ArrivalTrace.Arrival arrival)
    {
        switch (arrival.Occasion)
        {
            case ArrivalTrace.Occasion.Begun:
                assembly.ObjectBegins(arrival.On);
                break;
            case ArrivalTrace.Occasion.Stored:
                Store(arrival.Object!, arrival.On);
                assembly.ObjectEnds(arrival.On);
                break;
            default:
                assembly.AssociationClosed(arrival.On, Now);
                break;
        }
    }

    private void Store(DataSet image, long association)
    {
        string uid = image.GetString(Tags.SOPInstanceUID)!;
        TransferSyntax syntax = TransferSyntax.ExplicitLittleEndian;
        using ArrivingInstance arriving = journal.Begin(Uids.CTImageStorage, uid, syntax, "SCANNER");
        arriving.Append(DataSetWriter.Write(image, syntax));
        (Kept kept, JournalEntry entry) = journal.Commit(
            arriving, JournalEntry.Original(image.GetString(Tags.StudyInstanceUID)!, image.GetString(Tags.SeriesInstanceUID)!, uid));
        if (kept != Kept.New)
        {
            return;
        }

        if (decided.Contains(entry.Series) && !assembly.Contains(entry.Study, entry.Series))
        {
            Reopened++;
        }

        assembly.SliceStored(entry, association, Now, SliceFacts.Of(image));
        Place(entry.Series, image);
    }

    /// <summary>The digest of its pixels stands for its plane on the network's grid, by which the gate compares slices.</summary>
    private void Place(string series, DataSet image)
    {
        SliceGeometry geometry = Package.Value(SliceGeometry.FromHeader(image));
        if (!slices.TryGetValue(series, out ArrivedSlices? arrived))
        {
            slices.Add(series, arrived = new ArrivedSlices(Package.App.Manifest));
        }

        float[] digest = [.. image.GetBytes(Tags.PixelData).ToArray().Select(value => (float)value)];
        arrived.PlaneFor(geometry);
        arrived.Add(new ArrivedSlice(geometry, SourceHeader.Keep(image), null, digest));
    }

    private void Complete(CompleteSeries complete)
    {
        decided.Add(complete.Series);
        Decisions.Add((complete.Series, complete.Slices, $"{complete.Decision}", complete.SinceLastSlice));
        Outcome<GatedStack> gated = slices[complete.Series].Gate();
        Refusal? refusal = gated.Refusal ?? Package.App.Takes(gated.Value!.Stack);
        Findings.AddRange(refusal is null ? gated.Value!.Findings : [refusal.Text]);
        string done = refusal is not null ? $"refused: {refusal.Text[(refusal.Text.IndexOf('(') + 1)..refusal.Text.IndexOf(')')]}"
            : gated.Value!.Findings.Count > 0 ? $"analysed, {string.Join(", ", gated.Value.Findings.Select(NameOf))} stated"
            : "analysed";
        if (!outcomes.TryGetValue(complete.Series, out List<string>? said))
        {
            outcomes.Add(complete.Series, said = []);
        }

        said.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{complete.Slices} slices, {complete.Decision}, {complete.SinceLastSlice.TotalSeconds:0.0} s after the last: {done}"));
    }

    /// <summary>"Geometry, duplicate: 2 images set aside ...".</summary>
    private static string NameOf(string finding) => finding[(finding.IndexOf(',') + 2)..finding.IndexOf(':')];
}
