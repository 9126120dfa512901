using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Tests.Imaging;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>The whole daemon with ct-organs: a study that is still being received says how much of it is analysed.</summary>
public sealed class ProgressTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly Lock gate = new();
    private readonly List<StudyStatus> seen = [];
    private bool isOver;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_study_in_the_middle_of_its_reception_is_analysed_in_part_and_all_of_it_is_when_it_ends()
    {
        await using RunningBox box = await Loaded(overlap: true);
        Task watching = Watch(box);
        DicomFile[] slices = Slices();
        using (Scanner scanner = await Scanner.On(box))
        {
            await scanner.Store(slices[..^8]);
            await box.Until(status => status.Studies is [{ OriginalsAnalysed: > 0, State: StudyState.Receiving }]);
            Assert.Equal(slices.Length - 8, Assert.Single(box.Status.Studies).Originals);
            await scanner.Store(slices[^8..]);
        }

        await box.Sent();
        StudyStatus study = Assert.Single(box.Status.Studies);
        Assert.Equal((slices.Length, slices.Length, 0), (study.Originals, study.OriginalsAnalysed, study.OriginalsNotAnalysed));
        isOver = true;
        await watching;
        Assert.All(seen, each => Assert.InRange(each.OriginalsAnalysed, 0, each.Originals));
        Assert.Equal(seen.Select(each => each.OriginalsAnalysed).Order(), seen.Select(each => each.OriginalsAnalysed));
    }

    [Fact]
    public async Task Without_overlap_nothing_is_analysed_before_the_last_slice_and_all_of_it_afterwards()
    {
        await using RunningBox box = await Loaded(overlap: false);
        Task watching = Watch(box);
        DicomFile[] slices = Slices();
        await box.Send(slices);
        await box.Sent();
        isOver = true;
        await watching;

        Assert.All(seen.Where(each => each.Originals < slices.Length), each => Assert.Equal(0, each.OriginalsAnalysed));
        Assert.Equal(slices.Length, Assert.Single(box.Status.Studies).OriginalsAnalysed);
    }

    [Fact]
    public async Task A_series_that_no_app_takes_is_said_so_at_its_first_image_and_does_not_count_as_waiting()
    {
        await using RunningBox box = await Loaded(overlap: true);
        DicomFile[] slices = Slices();
        foreach (DicomFile foreign in slices[..3])
        {
            foreign.DataSet.SetString(Tags.Modality, Vr.CS, "MR").SetString(Tags.SeriesInstanceUID, Vr.UI, "2.25.4711");
        }

        using (Scanner scanner = await Scanner.On(box))
        {
            await scanner.Store(slices[..3]);
            await box.Until(status => status.Studies is [{ State: StudyState.Receiving, OriginalsNotAnalysed: 3 }]);
            Assert.Contains("MR", Assert.Single(box.Status.Studies).NotAnalysed, StringComparison.Ordinal);
            await scanner.Store(slices[3..]);
        }

        await box.Sent();
        StudyStatus study = Assert.Single(box.Status.Studies);
        Assert.Equal((slices.Length - 3, 3), (study.OriginalsAnalysed, study.OriginalsNotAnalysed));
    }

    /// <summary>Every snapshot from now on, until the end.</summary>
    private Task Watch(RunningBox box) => box.Until(status =>
    {
        lock (gate)
        {
            seen.AddRange(isOver ? [] : status.Studies);
            return isOver;
        }
    });

    private static DicomFile[] Slices() =>
    [
        .. PatientVolume.Phantom(128, 144, 60).Series(3, 2, 1).Select(slice => PatientVolume.File(
            slice.Header.SetString(Tags.PatientID, Vr.LO, "PROGRESS").SetString(Tags.StudyDate, Vr.DA, "20260101"), slice.Hu)),
    ];

    /// <summary>With the app; a pause of a loaded machine ends no series: the release of the association does.</summary>
    private async Task<RunningBox> Loaded(bool overlap)
    {
        RunningBox box = new(scratch["data"], settings => settings with
        {
            AppsDirectory = Path.Combine(Package.Root, "image", "apps"),
            Analysis = settings.Analysis with
            {
                Overlap = overlap, QuietTime = TimeSpan.FromMinutes(1), QuietRegular = TimeSpan.FromMinutes(1),
            },
        });
        await box.Event(DeviceEvent.AppLoaded);
        return box;
    }
}
