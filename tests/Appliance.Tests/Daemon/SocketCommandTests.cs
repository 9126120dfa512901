using System.Net;
using System.Net.Sockets;
using Appliance.Core;
using Appliance.Daemon;
using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Commands over the real socket to a whole daemon, with dcmtk's storescp as the destination.</summary>
public sealed class SocketCommandTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly List<EventRecord> events = [];
    private readonly int port = Receiver.FreePort();

    private string SocketPath => scratch["ask.sock"];

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_study_that_was_sent_is_sent_again_and_analysed_again_on_request()
    {
        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        await using RunningBox box = Start();
        await using StatusServer server = await Serve(box);
        await box.Event(DeviceEvent.StateChanged, "SelfTest ->");
        await box.Send(Slice());
        await box.Sent();
        long before = box.Status.Counters.ObjectsDelivered;

        CommandAnswer resent = await Ask(CommandVerb.StudyResend, box.StudyKey);
        Assert.True(resent.Done, resent.Text);
        await box.Until(status => status.Counters.ObjectsDelivered == before + 1 && status.Studies[0].State == StudyState.Sent);

        CommandAnswer again = await Ask(CommandVerb.StudyReanalyse, box.StudyKey);
        Assert.True(again.Done, again.Text);
        await box.Event(DeviceEvent.SeriesReopened);
        await box.Until(status => status.Counters.SeriesNotAnalysed == 2);
    }

    [Fact]
    public async Task A_paused_destination_gets_nothing_until_it_is_resumed()
    {
        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        await using RunningBox box = Start();
        await using StatusServer server = await Serve(box);

        Assert.True((await Ask(CommandVerb.DestinationPause, "d0")).Done);
        await box.Send(Slice());
        await box.Event(DeviceEvent.SeriesNotAnalysed);
        Assert.Equal((0L, true), (box.Status.Counters.ObjectsDelivered, box.Status.Destinations[0].Paused));

        // storescp takes one association at a time: it is asked before objects keep it busy.
        CommandAnswer resumed = await Ask(CommandVerb.DestinationResume, "d0");
        Assert.Equal((true, "sending goes on, d0 answers"), (resumed.Done, resumed.Text));
        await box.Sent();
        Assert.Empty(OfDestination(box.Status));
    }

    [Fact]
    public async Task A_destination_that_came_back_while_it_was_paused_is_well_when_it_is_resumed_with_nothing_owed()
    {
        await using RunningBox box = Start();
        await using StatusServer server = await Serve(box);
        await box.Until(status => OfDestination(status).Any());
        await Ask(CommandVerb.DestinationPause, "d0");
        await box.Until(status => !OfDestination(status).Any());

        // 1. Still away: it goes on nevertheless, and says so.
        CommandAnswer away = await Ask(CommandVerb.DestinationResume, "d0");
        Assert.True(away.Done);
        Assert.StartsWith("sending goes on, but d0 does not answer: not reachable", away.Text, StringComparison.Ordinal);
        await box.Until(status => OfDestination(status).Any() && !status.Destinations[0].Paused);

        // 2. Back: nothing but that question can tell.
        await Ask(CommandVerb.DestinationPause, "d0");
        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        Receiver.WaitFor(port);
        CommandAnswer back = await Ask(CommandVerb.DestinationResume, "d0");
        Assert.Equal((true, "sending goes on, d0 answers"), (back.Done, back.Text));
        await box.Until(status => status.Destinations[0] is { Reachable: true, Paused: false } && !OfDestination(status).Any());
        await box.Event(DeviceEvent.CommandTaken, "DestinationResume");
        await box.Event(DeviceEvent.CommandEnded, "d0 answers");
    }

    [Fact]
    public async Task While_a_destination_that_says_nothing_is_asked_other_commands_are_answered()
    {
        await using RunningBox box = Start();
        await using StatusServer server = await Serve(box);
        await box.Event(DeviceEvent.StateChanged, "SelfTest ->");
        using TcpListener silent = new(IPAddress.Loopback, port);
        silent.Start();

        Task<CommandAnswer> resumed = Ask(CommandVerb.DestinationResume, "d0");
        using (await silent.AcceptSocketAsync(TestContext.Current.CancellationToken))
        {
            Assert.True((await Ask(CommandVerb.IdentifyOn)).Done);
            Assert.True((await Ask(CommandVerb.DestinationPause, "d0")).Done);
            Assert.False(resumed.IsCompleted);
        }

        Assert.Contains("does not answer", (await resumed).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_echo_says_whether_the_destination_answers()
    {
        await using RunningBox box = Start();
        await using StatusServer server = await Serve(box);
        Assert.Contains("not reachable", (await Ask(CommandVerb.DestinationEcho, "d0")).Text, StringComparison.Ordinal);

        using Receiver pacs = new(scratch["pacs"], port, "+xa");
        await box.Send(Slice());
        await box.Sent();
        Assert.True((await Ask(CommandVerb.DestinationEcho, "d0")).Done);
    }

    [Fact]
    public async Task The_self_test_says_each_check_with_a_remedy_where_it_did_not_pass()
    {
        await using RunningBox box = Start();
        await using StatusServer server = await Serve(box);
        await box.Event(DeviceEvent.StateChanged, "SelfTest ->");

        CommandAnswer answer = await Ask(CommandVerb.SelfTest);

        string[] names = ["disk", "memory", "clock", "network", "gpu", "kernels", "models", "destinations", "panel"];
        Assert.Equal(names, answer.Checks.Select(check => check.Name));
        Assert.All(answer.Checks, check => Assert.Equal(check.Verdict == CheckVerdict.Pass, check.Remedy.Length == 0));
        Assert.Equal(CheckVerdict.Degraded, answer.Checks[6].Verdict);
        await box.Until(status => status.Checks.SequenceEqual(answer.Checks));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"verb":"Explode","target":""}""")]
    [InlineData("""{"verb":99,"target":""}""")]
    [InlineData("""{"verb":"AlarmAck","target":null}""")]
    public async Task What_is_no_command_is_not_taken(string body)
    {
        await using RunningBox box = Start();
        await using StatusServer server = await Serve(box);

        using Appliance.Ctl.Daemon daemon = new(SocketPath);
        Outcome<byte[]> answer = await daemon.Post(System.Text.Encoding.UTF8.GetBytes(body), TestContext.Current.CancellationToken);

        Assert.Contains("400", answer.Refusal?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_longer_than_any_name_is_not_taken()
    {
        await using RunningBox box = Start();
        await using StatusServer server = await Serve(box);

        foreach (int length in new[] { Appliance.Core.Limits.CommandTargetChars + 1, 1 << 20 })
        {
            Assert.True((await Post(CommandVerb.AlarmAck, new string('x', length))).Refused);
        }
    }

    private static IEnumerable<Alarm> OfDestination(Status status) => status.Alarms.Where(alarm => alarm.Name == "destination d0");

    private Task<StatusServer> Serve(RunningBox box) =>
        StatusServer.StartAsync(SocketPath, () => box.Status, () => box.Latency, new EventLog(TimeProvider.System, events.Add), box.Ask);

    private async Task<CommandAnswer> Ask(CommandVerb verb, string target = "")
    {
        Outcome<Appliance.Ctl.Answer<CommandAnswer>> answer = await Post(verb, target);
        Assert.Null(answer.Refusal);
        return answer.Value!.Said;
    }

    private async Task<Outcome<Appliance.Ctl.Answer<CommandAnswer>>> Post(CommandVerb verb, string target)
    {
        using Appliance.Ctl.Daemon daemon = new(SocketPath);
        return await daemon.Command(verb, target, TestContext.Current.CancellationToken);
    }

    private static DicomFile Slice()
    {
        DataSet set = new DataSet()
            .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage)
            .SetString(Tags.SOPInstanceUID, Vr.UI, "1.2.3.4")
            .SetString(Tags.Modality, Vr.CS, "CT")
            .SetString(Tags.StudyInstanceUID, Vr.UI, "1.2.3")
            .SetString(Tags.SeriesInstanceUID, Vr.UI, "1.2.4");
        TransferSyntax syntax = TransferSyntax.ExplicitLittleEndian;
        return new DicomFile(FileMeta.Create(Uids.CTImageStorage, "1.2.3.4", syntax), syntax, set);
    }

    private RunningBox Start() => new(scratch["data"], settings => settings with { Destinations = [Receiver.At(port, "d0")] });
}
