using System.Text.Json;
using Appliance.Core;
using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Procedure steps and storage commitment, asked for by a modality that is not ours.</summary>
public sealed class NormalizedServicesTests : IDisposable
{
    private const string Ct = Uids.CTImageStorage;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_step_goes_from_in_progress_to_completed_and_no_further()
    {
        await using RunningBox box = new(scratch["data"], settings => settings);

        int[] statuses = await Report(
            box,
            ("create", "1.2.3.1", new { PerformedProcedureStepStatus = "IN PROGRESS" }),
            ("create", "1.2.3.1", new { PerformedProcedureStepStatus = "IN PROGRESS" }),
            ("create", "1.2.3.2", new { PerformedProcedureStepStatus = "COMPLETED" }),
            ("create", "1.2.3.3", new { StationName = "CT1" }),
            ("set", "1.2.3.1", new { StationName = "CT2" }),
            ("set", "1.2.3.9", new { PerformedProcedureStepStatus = "COMPLETED" }),
            ("set", "1.2.3.1", new { PerformedProcedureStepStatus = "FINISHED" }),
            ("set", "1.2.3.1", new { PerformedProcedureStepStatus = "COMPLETED" }),
            ("set", "1.2.3.1", new { PerformedProcedureStepStatus = "DISCONTINUED" }));

        // Success, duplicate, invalid value, missing attribute, success, no such instance, invalid value, success, no longer updated.
        Assert.Equal([0, 0x0111, 0x0106, 0x0120, 0, 0x0112, 0x0106, 0, 0x0110], statuses);
    }

    [Fact]
    public async Task A_step_outlives_a_restart_and_a_step_without_a_name_is_given_one()
    {
        await using (RunningBox before = new(scratch["data"], settings => settings))
        {
            Assert.Equal<int[]>([0], await Report(before, ("create", "1.2.3.1", new { PerformedProcedureStepStatus = "IN PROGRESS" })));
        }

        await using RunningBox box = new(scratch["data"], settings => settings);
        Assert.Equal<int[]>([0], await Report(box, ("set", "1.2.3.1", new { PerformedProcedureStepStatus = "DISCONTINUED" })));
        await box.Event(DeviceEvent.StepReported, "DISCONTINUED");
    }

    [Fact]
    public async Task A_completed_step_that_lists_what_is_here_ends_the_series_at_once()
    {
        // Nothing else could: the association stays open and silence takes ten minutes.
        await using RunningBox box = new(scratch["data"], settings => settings with
        {
            Analysis = new AnalysisSettings { QuietTime = TimeSpan.FromMinutes(10), QuietRegular = TimeSpan.FromMinutes(10) },
        });
        using Scanner scanner = await Scanner.On(box);
        await scanner.Store(Slice("1"), Slice("2"));

        object Step(string state, params string[] images) => new
        {
            PerformedProcedureStepStatus = state,
            ScheduledStepAttributesSequence = new[] { new { StudyInstanceUID = "1.2.1" } },
            PerformedSeriesSequence = new[]
            {
                new
                {
                    SeriesInstanceUID = "1.2.1.1",
                    ReferencedImageSequence = images.Select(uid => new { ReferencedSOPClassUID = Ct, ReferencedSOPInstanceUID = uid }),
                },
            },
        };
        Assert.Equal<int[]>([0, 0], await Report(
            box,
            ("create", "1.2.3.1", new { PerformedProcedureStepStatus = "IN PROGRESS" }),
            ("set", "1.2.3.1", Step("COMPLETED", "1.2.1.1.1", "1.2.1.1.2", "1.2.1.1.3"))));
        Assert.All(box.Status.Studies, study => Assert.Equal(StudyState.Receiving, study.State));

        await scanner.Store(Slice("3"));

        await box.Until(status => status.Studies.All(study => study.State is StudyState.NotAnalysed or StudyState.Sent));
    }

    [Fact]
    public async Task Commitment_is_reported_on_the_same_association_while_it_stays_open()
    {
        await using RunningBox box = new(scratch["data"], settings => settings);
        await box.Send(Slice("1"), Slice("2"));

        IReadOnlyList<JsonElement> answers = await Commit(box, 5000, (Ct, "1.2.1.1.1"), (Ct, "1.2.1.1.2"));

        Assert.Equal(0, answers[0].GetProperty("status").GetInt32());
        JsonElement report = answers[1];
        Assert.Equal(("same association", 1), (report.GetProperty("report").GetString(), report.GetProperty("event").GetInt32()));
        Assert.Equal("1.2.9.1", report.GetProperty("transaction").GetString());
        Assert.Equal(2, report.GetProperty("kept").GetArrayLength());
        await box.Event(DeviceEvent.CommitmentReported, "CT1: 2 of 2");
        Assert.Empty(Directory.GetFiles(scratch["data/commitments"]));
    }

    [Fact]
    public async Task What_is_not_kept_as_asked_is_named_with_its_reason()
    {
        await using RunningBox box = new(scratch["data"], settings => settings);
        DicomFile second = Slice("2");
        await box.Send(Slice("1"), second, second with { DataSet = second.DataSet.Copy().SetString(Tags.PatientID, Vr.LO, "OTHER") });

        IReadOnlyList<JsonElement> answers = await Commit(
            box, 5000, (Ct, "1.2.1.1.1"), (Ct, "1.2.1.1.2"), (Ct, "1.2.1.1.9"), (Uids.MRImageStorage, "1.2.1.1.1"));

        JsonElement report = answers[1];
        Assert.Equal(2, report.GetProperty("event").GetInt32());
        Assert.Equal(["1.2.1.1.1"], report.GetProperty("kept").EnumerateArray().Select(item => item.GetProperty("uid").GetString()));
        Assert.Equal(
            [("1.2.1.1.2", 0x0110), ("1.2.1.1.9", 0x0112), ("1.2.1.1.1", 0x0119)],
            report.GetProperty("failed").EnumerateArray()
                .Select(item => (item.GetProperty("uid").GetString()!, item.GetProperty("reason").GetInt32())));
    }

    [Fact]
    public async Task A_requester_that_has_released_is_reported_to_at_its_address_also_after_a_restart()
    {
        int port = Receiver.FreePort();
        await using (RunningBox unknown = new(scratch["data"], settings => settings))
        {
            await unknown.Send(Slice("1"));
            Assert.Single(await Commit(unknown, 0, (Ct, "1.2.1.1.1")));
            await unknown.Event(DeviceEvent.CommitmentUnreported, "no [[modality]]");
        }

        using DimsePeer listener = new("listen", $"{port}");
        await using RunningBox box = new(scratch["data"], settings => settings with
        {
            Modalities = [new ModalitySettings { AeTitle = "CT1", Host = "127.0.0.1", Port = port, CallingAe = "APPLIANCE" }],
        });

        JsonElement report = await listener.NextAsync();
        Assert.Equal(("new association", 1), (report.GetProperty("report").GetString(), report.GetProperty("event").GetInt32()));
        await box.Event(DeviceEvent.CommitmentReported, "CT1: 1 of 1");
    }

    [Fact]
    public async Task A_request_of_another_kind_than_commitment_is_refused()
    {
        await using RunningBox box = new(scratch["data"], settings => settings);
        File.WriteAllText(scratch["ask.json"], """{"transaction":"1.2.9.1","action":2,"instances":[{"class":"1.2","uid":"1.2.3"}]}""");
        using DimsePeer peer = new("commit", "127.0.0.1", $"{box.Port}", scratch["ask.json"], "0");

        Assert.Equal(0x0123, Assert.Single(await peer.AllAsync()).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Orthanc_may_delete_what_it_sent_and_is_told_what_it_did_not_send()
    {
        using OrthancPeer orthanc = new(scratch["orthanc"]);
        await using RunningBox box = new(scratch["data"], settings => settings with
        {
            Modalities =
            [
                new ModalitySettings { AeTitle = "ORTHANC", Host = "127.0.0.1", Port = orthanc.DicomPort, CallingAe = "APPLIANCE" },
            ],
        });
        await orthanc.Knows("APPLIANCE", box.Port);
        await box.Send(Slice("1"), Slice("2"));

        JsonElement all = await orthanc.AskAsync((Ct, "1.2.1.1.1"), (Ct, "1.2.1.1.2"));
        JsonElement some = await orthanc.AskAsync((Ct, "1.2.1.1.1"), (Ct, "1.2.1.1.9"));

        Assert.Equal(("Success", 2), (all.GetProperty("Status").GetString(), all.GetProperty("Success").GetArrayLength()));
        Assert.Equal("Failure", some.GetProperty("Status").GetString());
        JsonElement failed = Assert.Single(some.GetProperty("Failures").EnumerateArray());
        Assert.Equal("1.2.1.1.9", failed.GetProperty("SOPInstanceUID").GetString());
        Assert.Equal(0x0112, failed.GetProperty("FailureReason").GetInt32());
    }

    private static DicomFile Slice(string number)
    {
        DataSet set = new DataSet()
            .SetString(Tags.SOPClassUID, Vr.UI, Ct).SetString(Tags.SOPInstanceUID, Vr.UI, $"1.2.1.1.{number}")
            .SetString(Tags.StudyInstanceUID, Vr.UI, "1.2.1").SetString(Tags.SeriesInstanceUID, Vr.UI, "1.2.1.1")
            .SetString(Tags.Modality, Vr.CS, "CT").SetString(Tags.PatientID, Vr.LO, "TEST");
        return new DicomFile(
            FileMeta.Create(Ct, $"1.2.1.1.{number}", TransferSyntax.ExplicitLittleEndian), TransferSyntax.ExplicitLittleEndian, set);
    }

    private async Task<int[]> Report(RunningBox box, params (string Verb, string Uid, object Attributes)[] steps)
    {
        File.WriteAllText(
            scratch["steps.json"],
            JsonSerializer.Serialize(steps.Select(step => new { verb = step.Verb, uid = step.Uid, attributes = step.Attributes })));
        using DimsePeer peer = new("mpps", "127.0.0.1", $"{box.Port}", scratch["steps.json"]);
        return [.. (await peer.AllAsync()).Select(answer => answer.GetProperty("status").GetInt32())];
    }

    private async Task<IReadOnlyList<JsonElement>> Commit(RunningBox box, int lingerMs, params (string Class, string Uid)[] instances)
    {
        File.WriteAllText(
            scratch["ask.json"],
            JsonSerializer.Serialize(new
            {
                transaction = "1.2.9.1",
                instances = instances.Select(instance => new { @class = instance.Class, uid = instance.Uid }),
            }));
        using DimsePeer peer = new("commit", "127.0.0.1", $"{box.Port}", scratch["ask.json"], $"{lingerMs}");
        return await peer.AllAsync();
    }
}
