using System.Net;
using System.Net.Sockets;
using Appliance.Core;
using Appliance.Daemon;
using Appliance.Daemon.Supervision;
using Appliance.Dicom.Transport;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using DaemonLimits = Appliance.Daemon.Limits;

namespace Appliance.Tests.Daemon;

/// <summary>Whether a destination answers, and what follows from it for its sender.</summary>
public sealed class EchoTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly FakeTimeProvider time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_destination_that_takes_the_connection_and_says_nothing_is_given_up_at_the_deadline()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        DateTimeOffset began = time.GetUtcNow();

        Task<DestinationSeen> asked = Echo.AskAsync(Receiver.At(((IPEndPoint)silent.LocalEndpoint).Port), time, Stop);
        using Socket taken = await silent.AcceptSocketAsync(Stop);
        await taken.ReceiveAsync(new byte[1], SocketFlags.None, Stop);
        time.Advance(TimeSpan.FromMilliseconds(DaemonLimits.EchoDeadlineMs - 1));
        Assert.False(asked.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        DestinationSeen seen = await asked.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Equal((began, "no answer within 10 s"), (seen.When, seen.Down?.Text));
    }

    [Fact]
    public async Task Whoever_stops_the_box_does_not_wait_for_the_deadline()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using CancellationTokenSource stop = new();

        Task<DestinationSeen> asked = Echo.AskAsync(Receiver.At(((IPEndPoint)silent.LocalEndpoint).Port), time, stop.Token);
        using Socket taken = await silent.AcceptSocketAsync(Stop);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.WaitAsync(TimeSpan.FromSeconds(60), Stop));
    }

    [Fact]
    public async Task A_folder_is_well_where_a_file_can_be_made_in_it_and_nothing_is_left_there()
    {
        string share = Directory.CreateDirectory(scratch["share"]).FullName;

        Assert.Null((await Ask(share)).Down);
        Assert.Empty(Directory.GetFileSystemEntries(share));
        Assert.Contains("is the share mounted?", (await Ask(scratch["away"])).Down?.Text, StringComparison.Ordinal);

        // Nobody makes files in /proc, not even root.
        Assert.StartsWith("cannot be written", (await Ask("/proc")).Down?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_goes_on_after_the_question_whatever_the_answer_unless_it_was_paused_again()
    {
        Sender sender = null!;
        DestinationSettings pacs = Receiver.At(104);
        SupervisedSender supervised = new(
            pacs,
            (pending, start, worker) => sender = new Sender(
                pacs, null!, AssociationTimeouts.Default, pending, start, null!, worker, _ => { }, time),
            time);
        supervised.Pause();
        Assert.True(sender.IsPaused);

        // 1. Paused again while it is asked.
        TaskCompletionSource<bool> answer = new();
        Task<bool> resumed = supervised.ResumeAsync(() => answer.Task);
        Assert.True(sender.IsPaused);
        supervised.Pause();
        answer.SetResult(true);
        await resumed;
        Assert.True(sender.IsPaused);

        // 2. Asking fails.
        await Assert.ThrowsAsync<IOException>(() => supervised.ResumeAsync<bool>(() => throw new IOException("x")));
        Assert.False(sender.IsPaused);
    }

    private Task<DestinationSeen> Ask(string folder) =>
        Echo.AskAsync(Receiver.At(104, "folder") with { Folder = $"{folder}/{{study}}" }, time, Stop);
}
