using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Tests.Imaging;
using Xunit;
using Judge = Appliance.Tests.Dicom.Objects.Judge;

namespace Appliance.Tests.Daemon;

/// <summary>A slice that comes after the results have left, with a real app and dcmtk's storescp; pydicom reads the references.</summary>
public sealed class LateSliceTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_late_slice_makes_a_new_version_that_names_the_old_one_which_stays_where_it_was_sent()
    {
        Judge.AreHere();
        DicomFile[] slices = Slices();
        int port = Receiver.FreePort();
        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        await using RunningBox box = Start(port);
        await box.Event(DeviceEvent.AppLoaded);

        await box.Send(slices[..^1]);
        await box.Event(DeviceEvent.PicturesStored);
        await box.Sent();
        string[] first = Results(pacs);
        await box.Send(slices[^1]);
        await box.Event(DeviceEvent.SeriesReopened);
        await box.Event(DeviceEvent.ResultsSuperseded, "version 1 are replaced by version 2");
        await box.Until(status => status.Studies.Any(study => study.State == StudyState.Sent && study.ResultVersions.Count == 2
            && study.ResultVersions[1].Results > slices.Length));

        string[] both = Results(pacs);
        Assert.Subset(both.ToHashSet(), first.ToHashSet());
        ResultVersion[] versions = [.. Assert.Single(box.Status.Studies).ResultVersions];
        Assert.Equal([(1, 41, true), (2, 42, false)], versions.Select(each => (each.Version, each.Results, each.Superseded)));

        (int status, string output) = Judge.Run(
            "/usr/bin/python3", [Path.Combine(Package.Root, "tests/Appliance.Tests/Daemon/Judges/versions.py"), pacs.Folder]);
        Assert.True(status == 0, output);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        foreach (string name in both.Where(name => !name.StartsWith("SC", StringComparison.Ordinal)))
        {
            Judge.DciodvfyFindsNoError(Path.Combine(pacs.Folder, name));
        }
    }

    [Fact]
    public async Task A_restart_between_a_late_slice_and_its_results_keeps_what_was_sent_before()
    {
        Judge.AreHere();
        DicomFile[] slices = Slices();
        int port = Receiver.FreePort();
        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        await using (RunningBox before = Start(port))
        {
            await before.Event(DeviceEvent.AppLoaded);
            await before.Send(slices[..^1]);
            await before.Event(DeviceEvent.PicturesStored);
            await before.Sent();
            using Scanner scanner = await Scanner.On(before);
            await scanner.Store(slices[^1]);
            await before.Event(DeviceEvent.SeriesReopened);
        }

        await using RunningBox box = Start(port);
        await box.Event(DeviceEvent.ResultsSuperseded, "version 1 are replaced by version 2");
        await box.Event(DeviceEvent.PicturesStored);
        await box.Sent();

        (int status, string output) = Judge.Run(
            "/usr/bin/python3", [Path.Combine(Package.Root, "tests/Appliance.Tests/Daemon/Judges/versions.py"), pacs.Folder]);
        Assert.True(status == 0, output);
    }

    [Fact]
    public async Task An_enhanced_image_goes_the_whole_way_as_one_object_with_a_picture_for_each_frame()
    {
        Judge.AreHere();
        RealCtTests.SkipWithoutData();
        string path = scratch["enhanced.dcm"];
        (int made, string error) = Judge.Run(
            "/usr/bin/python3", Path.Combine(Package.Root, "tests/Appliance.Tests/Imaging/Judges/enhanced.py"), "make",
            Path.Combine(Package.Root, "..", "shared", "data", "ct-abdomen-20"), path, "encapsulated");
        Assert.True(made == 0, error);
        int port = Receiver.FreePort();
        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        await using RunningBox box = Start(port);
        await box.Event(DeviceEvent.AppLoaded);

        await box.Send(DicomFileReader.Read(File.ReadAllBytes(path)).Value!);
        await box.Event(DeviceEvent.PicturesStored, "all 20");
        await box.Until(status => status.Studies.Any(study => study.State == StudyState.Sent && study.Results == 22));

        // One original, one segmentation, one report, a picture for each of its frames.
        Assert.Equal(23, Directory.GetFiles(pacs.Folder).Length);
        Assert.Contains("all frames", Assert.Single(box.Status.Studies).CompletedBy, StringComparison.Ordinal);
    }

    private static DicomFile[] Slices() =>
    [
        .. PatientVolume.Phantom(128, 144, 40).Series(3, 2, 1).Select(slice => PatientVolume.File(
            slice.Header.SetString(Tags.PatientID, Vr.LO, "LATE").SetString(Tags.StudyDate, Vr.DA, "20260101"), slice.Hu)),
    ];

    private static string[] Results(Receiver pacs) =>
    [
        .. Directory.GetFiles(pacs.Folder).Select(path => Path.GetFileName(path))
            .Where(name => !name.StartsWith("CT", StringComparison.Ordinal)),
    ];

    private RunningBox Start(int port) => new(scratch["data"], settings => settings with
    {
        AppsDirectory = Path.Combine(Package.Root, "image", "apps"),
        Destinations = [Receiver.At(port)],
    });
}
