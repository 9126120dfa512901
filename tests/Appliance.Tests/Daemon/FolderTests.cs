using Appliance.Core;
using Appliance.Daemon;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Appliance.Tests.Imaging;
using Xunit;
using Judge = Appliance.Tests.Dicom.Objects.Judge;

namespace Appliance.Tests.Daemon;

/// <summary>Volumes and labels in a folder, read by a reader of MetaIO that is not ours.</summary>
public sealed class FolderTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("mhd", 3, 2, 1)]
    [InlineData("mha", 1, -3, 2)]
    public async Task A_folder_gets_the_volume_in_Hounsfield_units_and_the_labels_where_they_lie_in_the_patient(
        string format, int slices, int rows, int columns)
    {
        Judge.AreHere();
        (Analysis analysis, Dictionary<string, DicomFile> sources) = Store(slices, rows, columns);
        string share = Directory.CreateDirectory(scratch["share"]).FullName;
        await using RunningBox box = Start($"{share}/{{app}}/{{series}}", format);
        await box.Sent();

        string folder = Assert.Single(Directory.GetDirectories(Path.Combine(share, "ct-organs")));
        Assert.Empty(Directory.GetFiles(folder, "*.part"));
        using Judge judge = new();
        string images = Directory.CreateDirectory(judge.PathOf("sources")).FullName;
        foreach ((int i, DataSet source) in analysis.Sources.Index())
        {
            judge.Write(Path.Combine(images, $"{i:0000}.dcm"), sources[source.GetString(Tags.SOPInstanceUID)!].DataSet);
        }

        (int status, string output) = Judge.Run(
            "/usr/bin/python3", Path.Combine(Package.Root, "tests/Appliance.Tests/Imaging/Judges/metaio.py"),
            folder, format, images, judge.Write("labels", analysis.Labels));
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.True(status == 0, output);
    }

    [Fact]
    public async Task A_share_that_is_away_is_tried_again_and_nothing_is_written_beside_it()
    {
        Store(3, 2, 1);
        string share = Path.Combine(scratch["mount"], "appliance");
        Directory.CreateDirectory(scratch["mount"]);
        await using RunningBox box = Start($"{share}/{{study}}/{{series}}", "mhd");
        await box.Event(DeviceEvent.DestinationDown, "is the share mounted?");
        Assert.Empty(Directory.GetFileSystemEntries(scratch["mount"]));

        Directory.CreateDirectory(share);
        await box.Sent();

        string[] files = Directory.GetFiles(share, "*", SearchOption.AllDirectories);
        Assert.Equal(
            ["labels.mhd", "labels.raw", "labels.tsv", "volume.mhd", "volume.raw"],
            files.Select(path => System.Text.RegularExpressions.Regex.Replace(Path.GetFileName(path), "-[0-9a-f]{8}", "")).Order());
        Assert.All(files, path => Assert.DoesNotContain("P-4711", path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_template_names_is_one_step_of_the_path_whatever_was_typed()
    {
        Store(3, 2, 1, patientId: "../../etc/P 1");
        string share = Directory.CreateDirectory(scratch["share"]).FullName;
        await using RunningBox box = Start($"{share}/{{patient_id}}", "mha");
        await box.Sent();

        Assert.Equal([Path.Combine(share, ".._.._etc_P_1")], Directory.GetDirectories(share));
    }

    /// <summary>A study of the phantom as it lies in the journal when its documents are placed.</summary>
    private (Analysis Analysis, Dictionary<string, DicomFile> Sources) Store(
        int slices, int rows, int columns, string patientId = "P-4711")
    {
        (Analysis analysis, Dictionary<string, DicomFile> sources) = AnnotateTests.Analyse(
            AnnotateTests.Body.Value.Series(slices, rows, columns));
        Journal journal = new(scratch["data"], ["folder"]);
        JournalEntry? place = null;
        foreach (DicomFile source in sources.Values)
        {
            DataSet set = source.DataSet.SetString(Tags.PatientID, Vr.LO, patientId);
            place = JournalEntry.Original(
                set.GetString(Tags.StudyInstanceUID)!, set.GetString(Tags.SeriesInstanceUID)!, source.SopInstanceUid!);
            using ArrivingInstance arriving = journal.Begin(Uids.CTImageStorage, source.SopInstanceUid!, source.Syntax, "SCANNER");
            arriving.Append(DataSetWriter.Write(set, source.Syntax));
            journal.Commit(arriving, place);
        }

        Annotate annotate = Package.Value(Annotate.Of(analysis, AnnotateTests.Equipment, TimeProvider.System));
        using PreparedResults prepared = journal.Prepare(place!.Study, place.Series, annotate.Documents, annotate.Notes);
        journal.Place(prepared);
        return (analysis, sources);
    }

    private RunningBox Start(string folder, string format) => new(scratch["data"], settings => settings with
    {
        Destinations =
        [
            Receiver.At(104, "folder") with { Folder = folder, FolderFormat = format == "mha" ? FolderFormat.Mha : FolderFormat.Mhd },
        ],
    });
}
