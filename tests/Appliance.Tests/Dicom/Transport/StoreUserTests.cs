using System.Net;
using System.Net.Sockets;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;
using Appliance.Dicom.Transport;
using Xunit;

namespace Appliance.Tests.Dicom.Transport;

public sealed class StoreUserTests
{
    private static readonly PresentationContextRequest[] Contexts =
    [
        new(Uids.Verification, TransferSyntax.ImplicitLittleEndian),
        new(Uids.CTImageStorage, TransferSyntax.ExplicitLittleEndian),
        new(Uids.CTImageStorage, TransferSyntax.Jpeg2000Lossless),
        new("1.2.3.4", TransferSyntax.ImplicitLittleEndian),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_objects_go_over_one_association_in_order_and_unchanged()
    {
        await using TestServer server = new();
        await using StoreUser user = await ConnectAsync(server.At.Port);
        byte[][] objects = [.. new[] { 0, 1, 131054, 131055, 131060, 262144, 1_000_001 }.Select(RandomBytes)];

        Assert.Equal(Status.Success, (await user.EchoAsync(Cancel)).Status);
        for (int i = 0; i < objects.Length; i++)
        {
            RequestOutcome outcome = await user.StoreAsync(
                Uids.CTImageStorage, $"1.2.{i}", TransferSyntax.ExplicitLittleEndian, objects[i], Cancel);
            Assert.True(outcome.IsStored, outcome.ToString());
        }

        using MemoryStream stream = new(objects[6]);
        DataSetSource source = new(stream, stream.Length);
        Assert.True((await user.StoreAsync(Uids.CTImageStorage, "1.2.9", TransferSyntax.Jpeg2000Lossless, source, Cancel)).IsStored);

        Assert.Equal(EndReason.Released, (await user.ReleaseAsync(Cancel)).Reason);
        Assert.Equal(["1.2.0", "1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5", "1.2.6", "1.2.9"], server.Order);
        for (int i = 0; i < objects.Length; i++)
        {
            Assert.Equal(objects[i], server.Objects[$"1.2.{i}"].Bytes);
        }

        Assert.Equal(TransferSyntax.Jpeg2000Lossless, server.Objects["1.2.9"].Syntax);
        Assert.Equal(objects[6], server.Objects["1.2.9"].Bytes);
        Assert.Equal(EndReason.Released, (await server.NextEndAsync()).End.Reason);
    }

    [Fact]
    public async Task What_the_peer_takes_is_known_for_each_syntax()
    {
        await using TestServer server = new();
        await using StoreUser user = await ConnectAsync(server.At.Port);

        Assert.Equal([TransferSyntax.ExplicitLittleEndian, TransferSyntax.Jpeg2000Lossless], user.AcceptedSyntaxes(Uids.CTImageStorage));
        Assert.True(user.Takes(Uids.CTImageStorage, TransferSyntax.Jpeg2000Lossless));
        Assert.False(user.Takes(Uids.CTImageStorage, TransferSyntax.RleLossless));
        Assert.Null(user.AcceptedSyntax("1.2.3.4"));
        RequestOutcome refused = await user.StoreAsync("1.2.3.4", "1.2.1", TransferSyntax.ImplicitLittleEndian, RandomBytes(4), Cancel);
        Assert.Equal(RequestResult.NotAccepted, refused.Result);
        Assert.Equal(Status.Success, (await user.EchoAsync(Cancel)).Status);
    }

    [Fact]
    public async Task A_failure_status_comes_back_as_it_is_and_the_association_goes_on()
    {
        await using TestServer server = new(provider: plain => plain with { Store = (_, _) => ValueTask.FromResult((Status)0xA7FE) });
        await using StoreUser user = await ConnectAsync(server.At.Port);

        RequestOutcome outcome = await user.StoreAsync(
            Uids.CTImageStorage, "1.2.1", TransferSyntax.ExplicitLittleEndian, RandomBytes(300_000), Cancel);

        Assert.Equal((RequestResult.Answered, (Status)0xA7FE, false), (outcome.Result, outcome.Status, outcome.IsStored));
        Assert.Equal("A7FEH Failure", outcome.ToString());
        Assert.Equal(Status.Success, (await user.EchoAsync(Cancel)).Status);
    }

    [Fact]
    public async Task A_rejection_is_a_value_with_its_reason()
    {
        await using TestServer server = new();

        ConnectOutcome outcome = await StoreUser.ConnectAsync(
            "127.0.0.1", server.At.Port, "US", "OTHER", Contexts, AssociationTimeouts.Default, TimeProvider.System, Cancel);

        Assert.Null(outcome.User);
        Assert.Equal(EndReason.Rejected, outcome.Failure!.Reason);
        Assert.Contains("called AE title", outcome.Failure.Text);
    }

    [Fact]
    public async Task Nobody_listening_is_a_value()
    {
        using Socket reserved = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        ConnectOutcome outcome = await StoreUser.ConnectAsync(
            "127.0.0.1",
            ((IPEndPoint)reserved.LocalEndPoint!).Port,
            "US",
            "PACS",
            Contexts,
            AssociationTimeouts.Default,
            TimeProvider.System,
            Cancel);

        Assert.Equal(EndReason.NotConnected, outcome.Failure!.Reason);
    }

    [Fact]
    public async Task An_unknown_host_is_a_value()
    {
        ConnectOutcome outcome = await StoreUser.ConnectAsync(
            "no-such-host.invalid", 104, "US", "PACS", Contexts, AssociationTimeouts.Default, TimeProvider.System, Cancel);

        Assert.Equal(EndReason.NotConnected, outcome.Failure!.Reason);
    }

    [Theory]
    [InlineData("", EndReason.Lost)]
    [InlineData("07000000000400000000", EndReason.AbortedByPeer)]
    [InlineData("48545450", EndReason.ProtocolError)]
    [InlineData("0400000000080000000401030000", EndReason.ProtocolError)]
    public async Task A_peer_that_answers_otherwise_is_a_value(string hex, EndReason reason)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Task<ConnectOutcome> connecting = StoreUser.ConnectAsync(
            "127.0.0.1",
            ((IPEndPoint)listener.LocalEndPoint!).Port,
            "US",
            "PACS",
            Contexts,
            AssociationTimeouts.Default,
            TimeProvider.System,
            Cancel);
        using Socket accepted = await listener.AcceptAsync(Cancel);
        byte[] request = new byte[4096];
        await accepted.ReceiveAsync(request, Cancel);
        await accepted.SendAsync(Convert.FromHexString(hex), Cancel);
        accepted.Shutdown(SocketShutdown.Send);

        Assert.Equal(reason, (await connecting).Failure!.Reason);
    }

    [Fact]
    public async Task A_peer_that_aborts_while_it_is_sent_to_is_heard()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Task<StoreUser> connecting = ConnectAsync(((IPEndPoint)listener.LocalEndPoint!).Port);
        using Socket accepted = await listener.AcceptAsync(Cancel);
        byte[] request = new byte[4096];
        int length = await accepted.ReceiveAsync(request, Cancel);
        AssociateRequest asked = AssociateReader.Request(request.AsSpan(6, length - 6)).Value!;
        await accepted.SendAsync(PduWriter.Accept(Negotiation.Answer(asked, new AcceptorPolicy()).Accept!), Cancel);
        await using StoreUser user = await connecting;

        Task<RequestOutcome> storing = user.StoreAsync(
            Uids.CTImageStorage, "1.2.1", TransferSyntax.ExplicitLittleEndian, RandomBytes(30_000_000), Cancel).AsTask();
        await accepted.ReceiveAsync(request, Cancel);
        await accepted.SendAsync(PduWriter.Abort(Abort.NoReason), Cancel);
        accepted.Dispose();

        Assert.Equal(EndReason.AbortedByPeer, (await storing).Failure!.Reason);
    }

    [Fact]
    public async Task Disposing_without_release_aborts()
    {
        await using TestServer server = new();
        StoreUser user = await ConnectAsync(server.At.Port);

        await user.DisposeAsync();

        Assert.Equal(EndReason.AbortedByPeer, (await server.NextEndAsync()).End.Reason);
    }

    [Fact]
    public async Task A_source_that_fails_aborts_and_comes_through()
    {
        await using TestServer server = new();
        await using StoreUser user = await ConnectAsync(server.At.Port);
        DataSetSource tooShort = new(new MemoryStream(RandomBytes(300_000)), 400_000);

        await Assert.ThrowsAsync<EndOfStreamException>(
            async () => await user.StoreAsync(Uids.CTImageStorage, "1.2.1", TransferSyntax.ExplicitLittleEndian, tooShort, Cancel));

        Assert.Equal(EndReason.Fault, user.End!.Reason);
        Assert.Equal(EndReason.AbortedByPeer, (await server.NextEndAsync()).End.Reason);
        Assert.Empty(server.Objects);
        Assert.Equal(RequestResult.Ended, (await user.EchoAsync(Cancel)).Result);
    }

    [Fact]
    public async Task A_peer_with_a_tiny_maximum_gets_tiny_fragments()
    {
        await using TestServer server = new();
        using RawPeer peer = new(server.At);
        byte[] request = PduWriter.Request(Network.Wire.Request(Network.Wire.EchoContext(1)) with
        {
            UserInformation = new UserInformation { MaxPduBytes = 20 },
        });
        Assert.Equal((byte)PduType.AssociateAc, peer.Send(request).Receive()[0]);
        peer.Send(RawPeer.PData(1, true, true, AssociationServerTests.Bytes(CommandSet.EchoRequest(4))));

        MessageAssembler assembler = new();
        MessageStep step;
        do
        {
            byte[] pdu = peer.Receive();
            Assert.InRange(pdu.Length, 13, 26);
            PresentationDataValues values = new(pdu.AsMemory(6));
            Assert.True(values.TryNext(out PresentationDataValue value));
            step = assembler.Take(value);
        }
        while (step.Kind == MessageStepKind.CommandPart);

        Assert.Equal(CommandSet.EchoRequest(4).Respond(Status.Success), step.Command);
    }

    private static async Task<StoreUser> ConnectAsync(int port)
    {
        ConnectOutcome outcome = await StoreUser.ConnectAsync(
            "127.0.0.1", port, "US", "APPLIANCE", Contexts, AssociationTimeouts.Default, TimeProvider.System, Cancel);
        Assert.NotNull(outcome.User);
        return outcome.User;
    }

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
