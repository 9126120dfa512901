using Appliance.Core;
using Appliance.Daemon;
using Appliance.Dicom.Data;
using Appliance.Tests.Imaging;
using Xunit;
using Judge = Appliance.Tests.Dicom.Objects.Judge;

namespace Appliance.Tests.Daemon;

/// <summary>The whole daemon with ct-organs on a box that believes of itself what the test says, and dcmtk's storescp.</summary>
public sealed class BudgetTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_missed_budget_sends_the_study_on_unannotated_and_says_why()
    {
        Judge.AreHere();
        int port = Receiver.FreePort();
        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        Believe(sliceMs: 10_000);
        await using RunningBox box = Start(port, ladder: true);
        await box.Event(DeviceEvent.AppLoaded);

        DicomFile[] slices = Slices();
        await box.Send(slices);
        await box.Event(DeviceEvent.RungChanged, "goes on to Bypass");
        await box.Event(DeviceEvent.SeriesNotAnalysed, "Budget: Not analysed: budget.");
        await box.Sent();

        StudyStatus study = Assert.Single(box.Status.Studies);
        Assert.StartsWith("Budget: Not analysed: budget.", study.NotAnalysed, StringComparison.Ordinal);
        Assert.StartsWith("Budget.", study.Refused!.Why, StringComparison.Ordinal);
        Assert.Equal((1L, 0L), (box.Latency.Bypassed, box.Latency.Series));
        Assert.Equal(slices.Length, Directory.GetFiles(pacs.Folder, "CT*").Length);
    }

    [Fact]
    public async Task Without_the_ladder_the_same_box_analyses_everything_in_full()
    {
        Judge.AreHere();
        int port = Receiver.FreePort();
        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        Believe(sliceMs: 10_000);
        await using RunningBox box = Start(port, ladder: false);
        await box.Event(DeviceEvent.AppLoaded);

        await box.Send(Slices());
        await box.Event(DeviceEvent.SeriesAnalysed);
        await box.Sent();

        LatencyAnswer latency = box.Latency;
        Assert.Equal((0L, 1L), (latency.Bypassed, latency.Series));
        Assert.Equal("Full", Assert.Single(latency.Rungs).Key);
        Assert.All(
            [LatencyFigures.FromLastSlice, LatencyFigures.FromDecision, LatencyFigures.Deliver],
            name => Assert.Equal(1, latency.Figures.Single(each => each.Name == name).Count));

        // What was measured is what the next start begins with.
        Assert.Contains("SegmentFull", File.ReadAllText(Path.Combine(scratch["data"], CostFile.Name)), StringComparison.Ordinal);
    }

    private static DicomFile[] Slices() =>
    [
        .. PatientVolume.Phantom(128, 144, 40).Series(3, 2, 1).Select(slice => PatientVolume.File(
            slice.Header.SetString(Tags.PatientID, Vr.LO, "BUDGET").SetString(Tags.StudyDate, Vr.DA, "20260101"), slice.Hu)),
    ];

    private void Believe(double sliceMs)
    {
        Directory.CreateDirectory(scratch["data"]);
        File.WriteAllText(
            Path.Combine(scratch["data"], CostFile.Name), $"{Package.App.NameAndVersion}\tSegmentFull\t{sliceMs}\t{sliceMs}\n");
    }

    private RunningBox Start(int port, bool ladder) => new(scratch["data"], settings => settings with
    {
        AppsDirectory = Path.Combine(Package.Root, "image", "apps"),
        // Nothing is finished before the decision: then there would be no time to be short of. A pause among the first slices is no end:
        // a loaded machine makes one, and the late slice would be a second analysis.
        Analysis = settings.Analysis with
        {
            Ladder = ladder, Budget = TimeSpan.FromSeconds(2), Overlap = false, QuietTime = TimeSpan.FromSeconds(10),
        },
        Destinations = [Receiver.At(port)],
    });
}
