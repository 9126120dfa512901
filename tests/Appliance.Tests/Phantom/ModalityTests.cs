using System.Diagnostics;
using Appliance.Dicom.Data;
using Appliance.Phantom.Modality;
using Appliance.Phantom.Series;
using Appliance.Tests.Dicom.Transport;
using Xunit;

namespace Appliance.Tests.Phantom;

public sealed class ModalityTests
{
    [Theory]
    [InlineData(AssociationUse.One, 1)]
    [InlineData(AssociationUse.PerImage, 24)]
    public async Task A_folder_arrives_bit_identical_and_in_order(AssociationUse use, int associations)
    {
        using PassingFolder folder = new();
        SmallSeries series = new(folder.File("series"), Orientation.Axial);
        await using TestServer server = new();
        FolderObjects found = FolderObjects.Below(series.Folder);

        SendSummary summary = await SendAsync(server, found.Objects, 0, use);

        Assert.Equal((24, 0), (summary.Slices, summary.Failures));
        Assert.Equal(0, found.Completed);
        Assert.Equal(3, found.Passed); // labels.raw, labels.mhd, truth.json
        Assert.Equal(series.Objects.Select(o => o.GetString(Tags.SOPInstanceUID)), server.Order);
        foreach (DataSet set in series.Objects)
        {
            Assert.Equal(
                DataSetWriter.Write(set, TransferSyntax.ExplicitLittleEndian), server.Objects[set.GetString(Tags.SOPInstanceUID)!].Bytes);
        }

        for (int i = 0; i < associations; i++)
        {
            Assert.Equal(Appliance.Dicom.Transport.EndReason.Released, (await server.NextEndAsync()).End.Reason);
        }
    }

    [Fact]
    public async Task The_pace_is_kept_without_drift()
    {
        const double rate = 40;
        using PassingFolder folder = new();
        SmallSeries series = new(folder.File("series"), Orientation.Axial);
        await using TestServer server = new();

        long began = Stopwatch.GetTimestamp();
        SendSummary summary = await SendAsync(server, FolderObjects.Below(series.Folder).Objects, rate, AssociationUse.One);

        // 24 objects: 23 intervals. A machine under load starts one late; the schedule does not move with it.
        Assert.True(Stopwatch.GetElapsedTime(began).TotalSeconds >= 23 / rate);
        Assert.InRange(summary.AchievedRate!.Value, rate * .5, rate * 1.5);
        Assert.True(summary.FirstResponseMonotonicMs < summary.LastResponseMonotonicMs);
        Assert.True(summary.FirstResponseUnixMs <= summary.LastResponseUnixMs);
    }

    [Fact]
    public async Task Files_without_UIDs_get_new_ones_one_study_and_series_a_folder()
    {
        string real = Ground.InShared("data/ct-abdomen-20");
        FolderObjects found = FolderObjects.Below(real);
        await using TestServer server = new();

        SendSummary summary = await SendAsync(server, found.Objects, 0, AssociationUse.One);

        Assert.Equal((20, 0), (summary.Slices, summary.Failures));
        Assert.Equal(20, found.Completed);
        string study = Assert.Single(summary.StudyUids), seriesUid = Assert.Single(summary.SeriesUids);
        Assert.Equal(20, server.Objects.Count);
        foreach ((string instance, (TransferSyntax syntax, byte[] bytes)) in server.Objects)
        {
            DataSet set = DataSetReader.Read(bytes, syntax).Value!;
            Assert.Equal(instance, set.GetString(Tags.SOPInstanceUID));
            Assert.Equal(study, set.GetString(Tags.StudyInstanceUID));
            Assert.Equal(seriesUid, set.GetString(Tags.SeriesInstanceUID));
            Assert.True(set.HasValue(Tags.FrameOfReferenceUID));
        }
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_a_failure_of_every_object()
    {
        using PassingFolder folder = new();
        SmallSeries series = new(folder.File("series"), Orientation.Axial);
        TestServer gone = new();
        await gone.DisposeAsync();

        SendSummary summary = await SendAsync(gone, FolderObjects.Below(series.Folder).Objects, 0, AssociationUse.One);

        Assert.Equal(24, summary.Failures);
        Assert.NotNull(summary.FirstFailure);
    }

    private static Task<SendSummary> SendAsync(TestServer server, IReadOnlyList<Outgoing> objects, double rate, AssociationUse use) =>
        new PacedModality(new Destination("127.0.0.1", server.At.Port, "PHANTOM", "APPLIANCE", rate, use), TimeProvider.System)
            .SendAsync(objects, _ => { }, TestContext.Current.CancellationToken);
}
