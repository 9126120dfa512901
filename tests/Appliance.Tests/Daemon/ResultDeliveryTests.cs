using Appliance.Core;
using Appliance.Daemon;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;
using Appliance.Tests.Dicom.Objects;
using Xunit;
using Judge = Appliance.Tests.Dicom.Objects.Judge;

namespace Appliance.Tests.Daemon;

/// <summary>Results that lie in the journal when the daemon starts, and dcmtk's storescp, which does not know label maps.</summary>
public sealed class ResultDeliveryTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly int port = Receiver.FreePort();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_destination_that_takes_label_maps_gets_no_other_form()
    {
        Dictionary<ResultKind, string> made = Store();
        using Receiver pacs = new(scratch["pacs"], port, "-pm");
        await using RunningBox box = Start(Sends.LabelMaps | Sends.Reports);
        await box.Sent();

        AssertHas(pacs, made, ResultKind.LabelMap, ResultKind.ReportOfLabelMap);
        Assert.Equal(2, box.Status.Counters.ObjectsDelivered);
    }

    [Fact]
    public async Task A_destination_that_refuses_the_class_gets_binary_and_the_report_that_refers_to_it()
    {
        Dictionary<ResultKind, string> made = Store();
        using Receiver pacs = new(scratch["pacs"], port);
        await using RunningBox box = Start(Sends.LabelMaps | Sends.Reports);
        await box.Event(DeviceEvent.LabelMapRefused, "Enable its SOP class there.");
        await box.Sent();

        AssertHas(pacs, made, ResultKind.Segmentation, ResultKind.Report);
        Assert.Equal(0, Assert.Single(box.Status.Destinations).Held);
    }

    [Fact]
    public async Task A_destination_that_has_the_label_map_since_before_the_restart_gets_its_report_and_no_other_form()
    {
        Dictionary<ResultKind, string> made = Store(accepted: ResultKind.LabelMap);
        using Receiver pacs = new(scratch["pacs"], port);
        await using RunningBox box = Start(Sends.LabelMaps | Sends.Reports);
        await box.Sent();

        AssertHas(pacs, made, ResultKind.ReportOfLabelMap);
    }

    [Fact]
    public async Task What_is_not_analysed_is_said_in_a_picture_that_refers_to_the_series()
    {
        Judge.AreHere();
        DicomFile[] slices =
        [
            .. Sources.Ct("axial", 3, 8, 8).Select(header => FileOf(header.SetString(Tags.Modality, Vr.CS, "US"))),
        ];
        using Receiver pacs = new(scratch["pacs"], port);
        await using RunningBox box = Start(Sends.Notices | Sends.AllNotices);
        await box.Send(slices);
        await box.Sent();

        byte[] picture = Assert.Single(pacs.DataSets).Value;
        DataSet notice = DataSetReader.Read(picture, TransferSyntax.ExplicitLittleEndian).Value!;
        Assert.Equal(
            slices.Select(slice => slice.SopInstanceUid).Order(),
            notice.GetItem(Tags.ReferencedSeriesSequence)!.GetItems(Tags.ReferencedInstanceSequence)
                .Select(item => item.GetString(Tags.ReferencedSOPInstanceUID)).Order());
        Assert.StartsWith("Not analysed: No app", notice.GetString(Tags.ImageComments), StringComparison.Ordinal);
        Assert.Equal("NO", notice.GetString(Tags.BurnedInAnnotation));
        foreach (Tag same in (Tag[])[Tags.StudyInstanceUID, Tags.FrameOfReferenceUID, Tags.PatientID, Tags.PatientName])
        {
            Assert.Equal(slices[0].DataSet.GetString(same), notice.GetString(same));
        }

        using Judge judge = new();
        Judge.DciodvfyFindsNoError(judge.Write("notice.dcm", notice));
    }

    [Fact]
    public async Task What_no_app_takes_makes_no_picture_unless_one_is_asked_for()
    {
        using Receiver pacs = new(scratch["pacs"], port);
        await using RunningBox box = Start(Sends.Standard);
        DicomFile localizer = FileOf(Sources.Ct("axial", 1, 8, 8)[0]);
        await box.Send(localizer);
        await box.Sent();

        Assert.Equal([localizer.SopInstanceUid], pacs.DataSets.Keys);
    }

    /// <summary>A study whose one original and whose results are in the journal, none of them sent.</summary>
    private Dictionary<ResultKind, string> Store(ResultKind? accepted = null)
    {
        Journal journal = new(scratch["data"], ["pacs"]);
        IReadOnlyList<SourceSlice> sources = SourceSlice.Of(Sources.Ct("axial", 2, 8, 8));
        SegmentDescription spleen = Sources.Segments()[^1];
        byte[] labels = new byte[2 * 8 * 8];
        labels[5] = 200;
        SegmentationRequest request = new(sources, [spleen], Sources.Algorithm, Sources.Series(9001, "organs"));
        DataSet map = LabelMapSegmentation.Create(request with { Series = Sources.Series(9001, "organs") }, labels).DataSet!;
        DataSet binary = Segmentation.Create(request, Sources.Packed(labels, 8 * 8)).DataSet!;
        Result[] results =
        [
            new(ResultKind.LabelMap, FileOf(map)), new(ResultKind.ReportOfLabelMap, FileOf(Report(map))),
            new(ResultKind.Segmentation, FileOf(binary)), new(ResultKind.Report, FileOf(Report(binary))),
        ];
        DicomFile original = FileOf(sources[0].Header);
        JournalEntry place = JournalEntry.Original(sources[0].StudyInstanceUid!, sources[0].SeriesInstanceUid!, original.SopInstanceUid!);
        using ArrivingInstance arriving =
            journal.Begin(Uids.CTImageStorage, original.SopInstanceUid!, TransferSyntax.ExplicitLittleEndian, "SCANNER");
        arriving.Append(DataSetWriter.Write(original.DataSet, original.Syntax));
        journal.Commit(arriving, place);
        using PreparedResults prepared = journal.Prepare(place.Study, place.Series, results, JournalResultsTests.Notes([]));
        foreach (JournalEntry entry in journal.Place(prepared).Where(each => each.Kind == accepted))
        {
            DeliveryLog.Append(journal.FolderOf(place.Study), "pacs", entry.Relative, 0, DateTimeOffset.UnixEpoch);
        }

        return results.ToDictionary(result => result.Kind, result => result.File.SopInstanceUid!);

        DataSet Report(DataSet segmentation) => MeasurementReport.Create(new MeasurementReportRequest(
            sources, segmentation, [new SegmentVolume(spleen.TrackingUid, 1.5)], [], Sources.Series(9002, "volumes"))).DataSet!;
    }

    private static DicomFile FileOf(DataSet dataSet) => new(
        FileMeta.Create(
            dataSet.GetString(Tags.SOPClassUID)!, dataSet.GetString(Tags.SOPInstanceUID)!, TransferSyntax.ExplicitLittleEndian),
        TransferSyntax.ExplicitLittleEndian,
        dataSet);

    private static void AssertHas(Receiver receiver, Dictionary<ResultKind, string> made, params ResultKind[] kinds)
    {
        Dictionary<string, ResultKind> kindOf = made.ToDictionary(pair => pair.Value, pair => pair.Key);
        Assert.Equal(kinds.Order(), receiver.DataSets.Keys.Select(uid => kindOf[uid]).Order());
    }

    private RunningBox Start(Sends sends) => new(scratch["data"], settings => settings with
    {
        Destinations = [Receiver.At(port) with { Send = sends }],
    });
}
