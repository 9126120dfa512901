using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Transport;
using Xunit;
using Status = Appliance.Dicom.Dimse.Status;

namespace Appliance.Tests.Daemon;

/// <summary>The daemon between a modality and dcmtk's storescp.</summary>
public sealed class BoxTests : IDisposable
{
    private static readonly PresentationContextRequest Ct = new(Uids.CTImageStorage, TransferSyntax.ExplicitLittleEndian);

    private readonly Scratch scratch = new();
    private readonly int port = Receiver.FreePort();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Every_original_arrives_bit_identical_in_the_transfer_syntax_in_which_it_came()
    {
        DicomFile[] files =
        [
            Slice("1", TransferSyntax.ImplicitLittleEndian), Slice("2", TransferSyntax.ExplicitLittleEndian),
            Slice("3", TransferSyntax.Deflated), Slice("4", TransferSyntax.RleLossless),
        ];
        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        await using RunningBox box = Start(port);

        Assert.All(await box.Send(files), outcome => Assert.Equal(Status.Success, outcome.Status));
        await box.Sent();

        AssertHas(pacs, files);
        Assert.Contains("NoApp", Assert.Single(box.Status.Studies).NotAnalysed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_series_sent_twice_is_stored_and_forwarded_once_and_other_content_is_kept_beside_it()
    {
        DicomFile slice = Slice("1", TransferSyntax.ExplicitLittleEndian);
        DicomFile other = slice with { DataSet = slice.DataSet.Copy().SetString(Tags.PatientID, Vr.LO, "CHANGED") };
        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        await using RunningBox box = Start(port);

        Assert.All(await box.Send(slice, slice, other), outcome => Assert.Equal(Status.Success, outcome.Status));
        await box.Event(DeviceEvent.ContentConflict);
        await box.Sent();

        AssertHas(pacs, slice);
        Assert.Equal(1, box.Status.Counters.ObjectsDelivered);
        Assert.Equal(1, box.Status.Counters.ObjectsRepeated);
        Assert.Equal(2, Directory.GetFiles(scratch["data"], "*.dcm", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Other_content_that_somebody_accepts_reaches_the_destination_and_its_series_is_looked_at_again()
    {
        DicomFile slice = Slice("1", TransferSyntax.ExplicitLittleEndian);
        DicomFile other = slice with { DataSet = slice.DataSet.Copy().SetString(Tags.PatientID, Vr.LO, "CHANGED") };
        DicomFile third = slice with { DataSet = slice.DataSet.Copy().SetString(Tags.PatientID, Vr.LO, "AGAIN") };
        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        await using RunningBox box = Start(port);
        await box.Until(status => status.Device is DeviceState.Ready or DeviceState.Degraded);
        await box.Send(slice, other, third);
        await box.Sent();
        AssertHas(pacs, slice);

        string key = box.StudyKey;
        CommandAnswer list = await box.Ask(new CommandRequest(CommandVerb.ConflictList), "test");
        string[] objects = [.. list.Conflicts.Select(each => each.Object)];
        Assert.Equal(2, objects.Length);
        Assert.Equal(2, objects.Distinct().Count());
        Assert.All(list.Conflicts, each => Assert.Equal((key, true), (each.Study, each.Bytes > 64)));
        Assert.False((await box.Ask(new CommandRequest(CommandVerb.ConflictAccept, $"{key} nobody"), "test")).Done);
        await box.Sent();

        Assert.True((await box.Ask(new CommandRequest(CommandVerb.ConflictAccept, $"{key} {objects[0]}"), "test")).Done);
        await box.Until(status => status.Counters.ObjectsDelivered == 2 && status.Studies.All(study => study.State == StudyState.Sent));
        AssertHas(pacs, other);
        Assert.Contains(box.Status.Alarms, alarm => alarm.Event == DeviceEvent.ContentConflict && alarm.Study == key);

        Assert.True((await box.Ask(new CommandRequest(CommandVerb.ConflictDiscard, $"{key} {objects[1]}"), "test")).Done);
        await box.Until(status => status.Alarms.All(alarm => alarm.Event != DeviceEvent.ContentConflict));
        Assert.Single(Directory.GetFiles(scratch["data"], "*.dcm", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_destination_that_is_down_gets_everything_when_it_is_back_and_no_other_waits_for_it()
    {
        DicomFile[] files = [Slice("1", TransferSyntax.ExplicitLittleEndian), Slice("2", TransferSyntax.ImplicitLittleEndian)];
        int other = Receiver.FreePort();
        using Receiver archive = new(scratch["archive"], other, "+xa");
        await using RunningBox box = Start(port, other);
        await box.Send(files);
        await box.Event(DeviceEvent.DestinationDown, "d0");
        await box.Event(DeviceEvent.StudyStateChanged, "-> NotAnalysed");

        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        await box.Sent();

        AssertHas(archive, files);
        AssertHas(pacs, files);
    }

    [Fact]
    public async Task What_is_owed_when_the_daemon_ends_is_sent_after_the_next_start()
    {
        DicomFile[] files = [Slice("1", TransferSyntax.ExplicitLittleEndian), Slice("2", TransferSyntax.ImplicitLittleEndian)];
        await using (RunningBox before = Start(port))
        {
            await before.Send(files);
        }

        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        await using RunningBox box = Start(port);
        await box.Sent();

        AssertHas(pacs, files);
    }

    [Fact]
    public async Task A_refused_transfer_syntax_is_decompressed_where_that_is_lossless_and_nothing_waits_for_one_that_is_not()
    {
        DicomFile lossy = Slice("1", TransferSyntax.JpegBaseline);
        DicomFile rle = Slice("2", TransferSyntax.RleLossless);
        DicomFile plain = Slice("3", TransferSyntax.ExplicitLittleEndian);
        using Receiver pacs = new(scratch["pacs"], port, "+xi");
        await using RunningBox box = Start(port);

        await box.Send(lossy, rle, plain);
        await box.Event(DeviceEvent.ObjectHeld, "Enable it there.");
        await box.Until(status => status.Counters.ObjectsDelivered == 2);

        Assert.Equal([rle.SopInstanceUid, plain.SopInstanceUid], pacs.DataSets.Keys.Order());
        DataSet received = DataSetReader.Read(pacs.DataSets[rle.SopInstanceUid!], TransferSyntax.ImplicitLittleEndian).Value!;
        Assert.Equal(Pixels, received.GetBytes(Tags.PixelData).ToArray());
        Assert.Equal(1, Assert.Single(box.Status.Destinations).Held);
    }

    [Fact]
    public async Task A_data_set_that_is_cut_or_is_not_what_was_announced_is_refused_and_the_association_goes_on()
    {
        DicomFile good = Slice("1", TransferSyntax.ExplicitLittleEndian);
        byte[] bytes = DataSetWriter.Write(good.DataSet, good.Syntax);
        await using RunningBox box = Start();
        ConnectOutcome connected = await box.Connect("APPLIANCE", Ct);
        await using StoreUser user = connected.User!;

        Task<RequestOutcome> Store(string uid, byte[] data) =>
            user.StoreAsync(Uids.CTImageStorage, uid, good.Syntax, data, TestContext.Current.CancellationToken).AsTask();
        Assert.Equal(Status.CannotUnderstand, (await Store("1.2.3.1", bytes[..^10])).Status);
        Assert.Equal(Status.CannotUnderstand, (await Store("1.2.3.1", bytes[..45])).Status);
        Assert.Equal(Status.CannotUnderstand, (await Store("1.2.3.1", [])).Status);
        Assert.Equal(Status.DataSetDoesNotMatchSopClass, (await Store("1.2.3.9", bytes)).Status);
        Assert.Equal(Status.Success, (await Store("1.2.3.1", bytes)).Status);
        Assert.Single(Directory.GetFiles(scratch["data"], "*.dcm", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Without_any_app_the_device_is_degraded_and_says_where_it_looked()
    {
        await using RunningBox box = Start(port);

        await box.Event(DeviceEvent.AppRefused, "no-apps");
        await box.Until(status => status.Device == DeviceState.Degraded);

        Assert.Contains(box.Status.Alarms, alarm => alarm.Event == DeviceEvent.AppRefused);
    }

    [Fact]
    public async Task A_low_disk_refuses_associations_for_now_and_not_for_good()
    {
        await using RunningBox box = new(scratch["data"], settings => settings with
        {
            Disk = settings.Disk with { RefuseBelowFreeBytes = long.MaxValue },
        });

        ConnectOutcome connected = await box.Connect("APPLIANCE", Ct);

        Assert.Equal(EndReason.Rejected, connected.Failure?.Reason);
        Assert.Contains("local limit exceeded", connected.Failure?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_called_title_is_rejected()
    {
        await using RunningBox box = Start();
        ConnectOutcome connected = await box.Connect("SOMEONE", Ct);

        Assert.Contains("called AE title", connected.Failure?.Text, StringComparison.Ordinal);
        await box.Event(DeviceEvent.AssociationRejected);
    }

    private static readonly byte[] NoPicture = [0xFF, 0xD8, 0xFF, 0xD9];

    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 64).Select(i => (byte)(i / 8 * 3))];

    /// <summary>An 8 x 8 CT slice of one study. RLE as PS3.5 annex G has it; JPEG is no picture, nobody here decodes it.</summary>
    private static DicomFile Slice(string number, TransferSyntax syntax)
    {
        string uid = $"1.2.3.{number}";
        DataSet set = new DataSet()
            .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage)
            .SetString(Tags.SOPInstanceUID, Vr.UI, uid)
            .SetString(Tags.Modality, Vr.CS, "CT")
            .SetString(Tags.PatientID, Vr.LO, "TEST")
            .SetString(Tags.StudyInstanceUID, Vr.UI, "1.2.3")
            .SetString(Tags.SeriesInstanceUID, Vr.UI, "1.2.4")
            .SetUInt16(Tags.SamplesPerPixel, 1)
            .SetString(Tags.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
            .SetUInt16(Tags.Rows, 8)
            .SetUInt16(Tags.Columns, 8)
            .SetUInt16(Tags.BitsAllocated, 8)
            .SetUInt16(Tags.BitsStored, 8)
            .SetUInt16(Tags.HighBit, 7)
            .SetUInt16(Tags.PixelRepresentation, 0);
        set.Put(syntax.IsEncapsulated
            ? Element.FromFragments(Tags.PixelData, Vr.OB, [Array.Empty<byte>(), syntax == TransferSyntax.RleLossless ? Rle() : NoPicture])
            : Element.FromBytes(Tags.PixelData, Vr.OB, Pixels));
        return new DicomFile(FileMeta.Create(Uids.CTImageStorage, uid, syntax), syntax, set);
    }

    /// <summary>One segment of eight runs of eight.</summary>
    private static byte[] Rle()
    {
        byte[] frame = new byte[64 + 16];
        frame[0] = 1;
        frame[4] = 64;
        for (int row = 0; row < 8; row++)
        {
            frame[64 + (2 * row)] = unchecked((byte)-7);
            frame[65 + (2 * row)] = Pixels[row * 8];
        }

        return frame;
    }

    private static void AssertHas(Receiver receiver, params DicomFile[] files)
    {
        Dictionary<string, byte[]> kept = receiver.DataSets;
        Assert.Equal(files.Select(file => file.SopInstanceUid).Order(), kept.Keys.Order());
        Assert.All(files, file => Assert.Equal(DataSetWriter.Write(file.DataSet, file.Syntax), kept[file.SopInstanceUid!]));
    }

    private RunningBox Start(params int[] ports) => new(scratch["data"], settings => settings with
    {
        Destinations = [.. ports.Select((each, i) => Receiver.At(each, $"d{i}"))],
    });
}
