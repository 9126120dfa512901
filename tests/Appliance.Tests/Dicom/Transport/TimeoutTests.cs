using System.Diagnostics;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;
using Appliance.Dicom.Transport;
using Appliance.Tests.Dicom.Network;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Appliance.Tests.Dicom.Transport;

/// <summary>Every timeout has a name. The clock is the test's: it is moved until the server speaks.</summary>
public sealed class TimeoutTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task Silence_after_connect_is_closed_after_artim()
    {
        await using TestServer server = new(time);
        using RawPeer peer = new(server.At);

        await MoveUntilAsync(peer.ReadableAsync());

        Assert.Empty(peer.ReceiveAll());
        Assert.Equal(EndReason.AssociateTimedOut, (await server.NextEndAsync()).End.Reason);
    }

    [Fact]
    public async Task Half_a_request_is_closed_after_artim()
    {
        await using TestServer server = new(time);
        using RawPeer peer = new(server.At);
        peer.Send(Wire.EchoscuRequest[..50]);

        await MoveUntilAsync(peer.ReadableAsync());

        Assert.Empty(peer.ReceiveAll());
        Assert.Equal(EndReason.AssociateTimedOut, (await server.NextEndAsync()).End.Reason);
    }

    [Fact]
    public async Task An_idle_association_is_aborted_not_before_its_time()
    {
        AssociationTimeouts timeouts = new() { Idle = TimeSpan.FromSeconds(90) };
        await using TestServer server = new(time, plain => plain with { Timeouts = timeouts });
        using RawPeer peer = AssociationServerTests.Associated(server);
        await server.NextOpenedAsync();
        DateTimeOffset start = time.GetUtcNow();

        await MoveUntilAsync(peer.ReadableAsync());

        Assert.True(time.GetUtcNow() - start >= timeouts.Idle, $"aborted after {time.GetUtcNow() - start}");
        Assert.Equal(PduWriter.Abort(Abort.ByUser), peer.Receive());
        Assert.Equal(EndReason.IdleTimedOut, (await server.NextEndAsync()).End.Reason);
    }

    [Fact]
    public async Task A_message_that_stops_in_its_middle_is_aborted_and_told_as_cut()
    {
        TaskCompletionSource<Chunk> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<Chunk> second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = new(time, provider: plain => plain with
        {
            Store = async (request, _) =>
            {
                first.SetResult(await request.ReadAsync());
                second.SetResult(await request.ReadAsync());
                return Status.Success;
            },
        });
        using RawPeer peer = AssociationServerTests.Associated(server);
        peer.Send(RawPeer.PData(1, true, true, AssociationServerTests.Bytes(CommandSet.StoreRequest(2, Uids.CTImageStorage, "1.2.3"))))
            .Send(RawPeer.PData(1, false, false, 1, 2));
        await first.Task;

        await MoveUntilAsync(peer.ReadableAsync());

        Assert.Equal(PduWriter.Abort(Abort.ByUser), peer.Receive());
        Assert.Equal(ChunkKind.Cut, (await second.Task).Kind);
        Assert.Equal(EndReason.MessageTimedOut, (await server.NextEndAsync()).End.Reason);
    }

    [Fact]
    public async Task Time_that_our_own_callback_takes_is_not_the_peers()
    {
        TaskCompletionSource<Status> decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = new(time, provider: plain => plain with
        {
            Store = async (_, _) =>
            {
                entered.SetResult();
                return await decided.Task;
            },
        });
        using RawPeer peer = AssociationServerTests.Associated(server);
        peer.Send(RawPeer.PData(1, true, true, AssociationServerTests.Bytes(CommandSet.StoreRequest(2, Uids.CTImageStorage, "1.2.3"))))
            .Send(RawPeer.PData(1, false, true, 1, 2));
        await entered.Task;
        for (int second = 0; second < 1000; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        decided.SetResult(Status.Success);

        Assert.Equal((byte)PduType.PDataTf, peer.Receive()[0]);
    }

    [Fact]
    public async Task A_destination_that_never_answers_is_a_response_timeout()
    {
        TaskCompletionSource<Status> never = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = new(provider: plain => plain with { Store = async (_, _) => await never.Task });
        ConnectOutcome connected = await StoreUser.ConnectAsync(
            "127.0.0.1",
            server.At.Port,
            "US",
            "APPLIANCE",
            [new(Uids.CTImageStorage, TransferSyntax.ExplicitLittleEndian)],
            AssociationTimeouts.Default,
            time,
            TestContext.Current.CancellationToken);
        await using StoreUser user = connected.User!;

        Task<RequestOutcome> stored = user.StoreAsync(
            Uids.CTImageStorage,
            "1.2.3",
            TransferSyntax.ExplicitLittleEndian,
            new byte[10],
            TestContext.Current.CancellationToken).AsTask();
        await MoveUntilAsync(stored);

        Assert.Equal(EndReason.ResponseTimedOut, (await stored).Failure!.Reason);
        never.SetResult(Status.Success);
    }

    private async Task MoveUntilAsync(Task happened)
    {
        long start = Stopwatch.GetTimestamp();
        while (!happened.IsCompleted)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "nothing happened, however late it became");
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
