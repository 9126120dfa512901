using Appliance.Dicom;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;
using Appliance.Dicom.Transport;
using Appliance.Tests.Dicom.Network;
using Xunit;

namespace Appliance.Tests.Dicom.Transport;

public sealed class AssociationServerTests
{
    private static readonly byte[] CtRequest = PduWriter.Request(Wire.Request(Wire.CtContext(1), Wire.EchoContext(3)));

    /// <summary>Request, C-ECHO, C-STORE in three values, a second C-STORE, release.</summary>
    private static readonly byte[] Conversation =
    [
        .. CtRequest,
        .. RawPeer.PData(3, true, true, Bytes(CommandSet.EchoRequest(1))),
        .. RawPeer.PData(1, true, true, Bytes(CommandSet.StoreRequest(2, Uids.CTImageStorage, "1.2.3"))),
        .. RawPeer.PData(1, false, false, 1, 2, 3),
        .. RawPeer.PData(1, false, true, 4),
        .. RawPeer.PData(1, true, true, Bytes(CommandSet.StoreRequest(3, Uids.CTImageStorage, "1.2.4"))),
        .. RawPeer.PData(1, false, true, 9, 9),
        .. RawPeer.ReleaseRq,
    ];

    [Fact]
    public async Task Bytes_split_at_any_position_give_the_same_answers_and_objects()
    {
        await using TestServer server = new();
        byte[]? whole = null;
        for (int cut = 0; cut < Conversation.Length; cut++)
        {
            server.Objects.Clear();
            using RawPeer peer = new(server.At);
            byte[] answers = peer.Send(Conversation[..cut]).Send(Conversation[cut..]).FinishSending().ReceiveAll();

            whole ??= answers;
            Assert.Equal(whole, answers);
            Assert.Equal([1, 2, 3, 4], server.Objects["1.2.3"].Bytes);
            Assert.Equal([9, 9], server.Objects["1.2.4"].Bytes);
            Assert.Equal(EndReason.Released, (await server.NextEndAsync()).End.Reason);
        }

        Assert.Equal((byte)PduType.AssociateAc, whole![0]);
        Assert.Equal(PduWriter.ReleaseRp.ToArray(), whole[^10..]);
    }

    [Fact]
    public async Task Bytes_one_by_one_give_the_same_answers()
    {
        await using TestServer server = new();
        using RawPeer peer = new(server.At);
        foreach (byte one in Conversation)
        {
            peer.Send(one);
        }

        byte[] answers = peer.FinishSending().ReceiveAll();

        Assert.Equal(PduWriter.ReleaseRp.ToArray(), answers[^10..]);
        Assert.Equal(["1.2.3", "1.2.4"], server.Order);
    }

    [Fact]
    public async Task A_request_cut_at_any_byte_ends_its_connection_and_nothing_else()
    {
        await using TestServer server = new();
        for (int length = 0; length < CtRequest.Length; length++)
        {
            using RawPeer peer = new(server.At);

            Assert.Empty(peer.Send(CtRequest[..length]).FinishSending().ReceiveAll());
            Assert.Equal(EndReason.Lost, (await server.NextEndAsync()).End.Reason);
        }

        await AssertStillWorksAsync(server);
    }

    [Fact]
    public async Task Any_single_wrong_byte_in_a_conversation_harms_no_other()
    {
        await using TestServer server = new();
        Random random = new(5);
        for (int at = 0; at < Conversation.Length; at++)
        {
            byte[] wrong = [.. Conversation];
            wrong[at] ^= (byte)random.Next(1, 256);
            using RawPeer peer = new(server.At);
            peer.Send(wrong).FinishSending().ReceiveAll();
            await server.NextEndAsync();
        }

        Assert.Empty(server.Faults);
        await AssertStillWorksAsync(server);
    }

    [Fact]
    public async Task Silent_connections_hold_up_nobody_else_and_are_limited_in_number()
    {
        await using TestServer server = new(settings: plain => plain with { MaxConnections = 5 });
        List<RawPeer> silent = [.. Enumerable.Range(0, 4).Select(_ => new RawPeer(server.At))];
        using RawPeer working = Associated(server);
        Assert.Equal(Status.Success, Echo(working));

        using RawPeer tooMany = new(server.At);

        Assert.Empty(tooMany.ReceiveAll());
        Assert.Equal(EndReason.TooManyConnections, (await server.NextEndAsync()).End.Reason);
        silent.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_and_one_that_was_given_back_is_free()
    {
        System.Net.IPEndPoint at;
        await using (TestServer first = new())
        {
            at = first.At;
            using RawPeer peer = Associated(first);
            Assert.Throws<System.Net.Sockets.SocketException>(() => new TestServer(settings: plain => plain with { Listen = at }));
        }

        await using TestServer second = new(settings: plain => plain with { Listen = at });
        Assert.Equal(at, second.At);
    }

    [Theory]
    [InlineData("474554202F20485454502F312E310D0A0D0A", "UnknownType")]
    [InlineData("16030100C2010000BE0303", "UnknownType")]
    [InlineData("0400FFFFFFFF", "TooLong")]
    [InlineData("010000FFFFFF", "TooLong")]
    [InlineData("0500000000FF", "WrongLength")]
    [InlineData("01000000000400010000", "longer than its PDU")]
    public async Task Garbage_is_aborted_by_name(string hex, string name)
    {
        await using TestServer server = new();
        using RawPeer peer = new(server.At);

        byte[] answer = peer.Send(Convert.FromHexString(hex)).ReceiveAll();

        Assert.Equal(PduWriter.Abort(Abort.ByUser), answer);
        (Association info, AssociationEnd end) = await server.NextEndAsync();
        Assert.Equal(EndReason.ProtocolError, end.Reason);
        Assert.Contains(name, end.Text);
        Assert.Equal("", info.CallingAeTitle);
        await AssertStillWorksAsync(server);
    }

    [Fact]
    public async Task An_over_long_p_data_is_aborted_with_the_reason()
    {
        await using TestServer server = new();
        using RawPeer peer = Associated(server);

        peer.Send((byte)PduType.PDataTf, 0, 0, 2, 0, 65);

        Assert.Equal(PduWriter.Abort(Abort.InvalidParameterValue), peer.Receive());
        Assert.Contains("TooLong", (await server.NextEndAsync()).End.Text);
    }

    [Fact]
    public async Task The_longest_p_data_that_was_announced_is_stored()
    {
        await using TestServer server = new();
        using RawPeer peer = Associated(server);
        byte[] data = new byte[Limits.ReceivePduBytes - 6];
        new Random(1).NextBytes(data);

        peer.Send(RawPeer.PData(1, true, true, Bytes(CommandSet.StoreRequest(2, Uids.CTImageStorage, "1.2.3"))))
            .Send(RawPeer.PData(1, false, false, data)).Send(RawPeer.PData(1, false, true, data));

        Assert.Equal(Status.Success, StatusOf(peer.Receive()));
        Assert.Equal([.. data, .. data], server.Objects["1.2.3"].Bytes);
    }

    [Fact]
    public async Task A_wrong_called_title_is_rejected_by_name()
    {
        await using TestServer server = new();
        using RawPeer peer = new(server.At);

        peer.Send(PduWriter.Request(Wire.Request() with { CalledAeTitle = "OTHER" }));

        Assert.Equal([3, 0, 0, 0, 0, 4, 0, 1, 1, 7], peer.Receive());
        Assert.Contains("called AE title", (await server.NextEndAsync()).End.Text);
    }

    [Fact]
    public async Task Low_disk_is_a_transient_rejection()
    {
        await using TestServer server = new(provider: plain => plain with { Accept = (_, _) => AssociateReject.LocalLimit });
        using RawPeer peer = new(server.At);

        Assert.Equal([3, 0, 0, 0, 0, 4, 0, 2, 3, 2], peer.Send(CtRequest).Receive());
    }

    [Fact]
    public async Task One_association_too_many_is_rejected_and_a_place_given_back_is_taken_again()
    {
        await using TestServer server = new(settings: plain => plain with { MaxAssociations = 1 });
        using RawPeer first = Associated(server);
        using RawPeer second = new(server.At);

        Assert.Equal([3, 0, 0, 0, 0, 4, 0, 2, 3, 2], second.Send(CtRequest).Receive());
        Assert.Equal(EndReason.Rejected, (await server.NextEndAsync()).End.Reason);
        first.Send(RawPeer.ReleaseRq).Receive();
        Assert.Equal(EndReason.Released, (await server.NextEndAsync()).End.Reason);
        using RawPeer third = Associated(server);
        Assert.Equal(1, server.Server.Associations);
    }

    [Fact]
    public async Task An_unsupported_command_is_answered_and_the_association_goes_on()
    {
        await using TestServer server = new();
        using RawPeer peer = Associated(server);
        CommandSet find = new()
        {
            Field = CommandField.CFindRq,
            HasDataSet = true,
            MessageId = 5,
            AffectedSopClassUid = Uids.CTImageStorage,
            Priority = Priority.Low,
        };

        peer.Send(RawPeer.PData(1, true, true, Bytes(find))).Send(RawPeer.PData(1, false, true, 1, 2));

        CommandSet response = CommandOf(peer.Receive());
        Assert.Equal((CommandField.CFindRsp, Status.UnrecognizedOperation), (response.Field, response.Status));
        Assert.Equal((ushort?)5, response.MessageIdBeingRespondedTo);
        Assert.Equal(Status.Success, Echo(peer));
    }

    [Theory]
    [InlineData(1, "1.2.840.10008.5.1.4.1.1.4", "1.2.3", Status.SopClassNotSupported)]
    [InlineData(3, Uids.Verification, "1.2.3", Status.SopClassNotSupported)]
    [InlineData(1, Uids.CTImageStorage, "../../etc/passwd", Status.InvalidObjectInstance)]
    public async Task A_store_that_does_not_fit_its_context_is_answered_by_name(
        int context, string sopClass, string instance, Status status)
    {
        await using TestServer server = new();
        using RawPeer peer = Associated(server);

        peer.Send(RawPeer.PData((byte)context, true, true, Bytes(CommandSet.StoreRequest(2, sopClass, instance))))
            .Send(RawPeer.PData((byte)context, false, true, 1, 2));

        Assert.Equal(status, StatusOf(peer.Receive()));
        Assert.Equal(Status.Success, Echo(peer));
        Assert.Empty(server.Objects);
    }

    [Fact]
    public async Task A_cancel_is_tolerated_and_not_answered()
    {
        await using TestServer server = new();
        using RawPeer peer = Associated(server);

        peer.Send(RawPeer.PData(1, true, true, Bytes(new CommandSet { Field = CommandField.CCancelRq, MessageIdBeingRespondedTo = 1 })));

        Assert.Equal(Status.Success, Echo(peer));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(255)]
    public async Task A_message_on_a_context_that_was_not_accepted_is_aborted(byte context)
    {
        await using TestServer server = new();
        using RawPeer peer = Associated(server);

        peer.Send(RawPeer.PData(context, true, true, Bytes(CommandSet.EchoRequest(1))));

        Assert.Equal(PduWriter.Abort(Abort.ByUser), peer.Receive());
        Assert.Contains("not accepted", (await server.NextEndAsync()).End.Text);
    }

    [Fact]
    public async Task An_object_that_is_cut_is_told_as_cut_and_never_stored()
    {
        await using TestServer server = new();
        using RawPeer peer = Associated(server);

        peer.Send(RawPeer.PData(1, true, true, Bytes(CommandSet.StoreRequest(2, Uids.CTImageStorage, "1.2.3"))))
            .Send(RawPeer.PData(1, false, false, 1, 2)).FinishSending().ReceiveAll();

        Assert.Equal(EndReason.Lost, (await server.NextEndAsync()).End.Reason);
        Assert.Equal(["1.2.3"], server.Cut);
        Assert.Empty(server.Objects);
    }

    [Fact]
    public async Task The_response_waits_for_the_callback_and_unread_bytes_are_passed_over()
    {
        TaskCompletionSource<Status> decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = new(provider: plain => plain with { Store = async (_, _) => await decided.Task });
        using RawPeer peer = Associated(server);
        peer.Send(RawPeer.PData(1, true, true, Bytes(CommandSet.StoreRequest(2, Uids.CTImageStorage, "1.2.3"))))
            .Send(RawPeer.PData(1, false, true, 1, 2, 3));
        Task<int> answered = peer.ReadableAsync();
        Assert.False(answered.IsCompleted);

        decided.SetResult(Status.OutOfResources);

        Assert.Equal(Status.OutOfResources, StatusOf(peer.Receive()));
        Assert.Equal(Status.Success, Echo(peer));
    }

    [Fact]
    public async Task A_callback_that_throws_aborts_its_association_and_no_other()
    {
        await using TestServer server = new(provider: plain => plain with { Store = (_, _) => throw new IOException("disk") });
        using RawPeer peer = Associated(server);
        using RawPeer other = Associated(server);

        peer.Send(RawPeer.PData(1, true, true, Bytes(CommandSet.StoreRequest(2, Uids.CTImageStorage, "1.2.3"))));

        Assert.Equal(PduWriter.Abort(Abort.ByUser), peer.Receive());
        Assert.Equal(EndReason.Fault, (await server.NextEndAsync()).End.Reason);
        Assert.IsType<IOException>(Assert.Single(server.Faults));
        Assert.Equal(Status.Success, Echo(other));
    }

    [Fact]
    public async Task A_peer_that_aborts_is_reported_with_its_titles()
    {
        await using TestServer server = new();
        using RawPeer peer = Associated(server);

        peer.Send(PduWriter.Abort(Abort.ByUser));

        (Association info, AssociationEnd end) = await server.NextEndAsync();
        Assert.Equal(EndReason.AbortedByPeer, end.Reason);
        Assert.Equal(("MODALITY", "APPLIANCE"), (info.CallingAeTitle, info.CalledAeTitle));
    }

    [Fact]
    public async Task Stopping_aborts_what_is_open()
    {
        TestServer server = new();
        using RawPeer peer = Associated(server);
        await server.NextOpenedAsync();

        await server.DisposeAsync();

        Assert.Equal(EndReason.ShutDown, (await server.NextEndAsync()).End.Reason);
        Assert.Equal(PduWriter.Abort(Abort.ByUser), peer.Receive());
    }

    internal static byte[] Bytes(CommandSet set)
    {
        byte[] bytes = new byte[CommandSetWriter.Bound(set)];
        return bytes[..CommandSetWriter.Write(set, bytes)];
    }

    internal static RawPeer Associated(TestServer server)
    {
        RawPeer peer = new(server.At);
        Assert.Equal((byte)PduType.AssociateAc, peer.Send(CtRequest).Receive()[0]);
        return peer;
    }

    private static Status? Echo(RawPeer peer) =>
        StatusOf(peer.Send(RawPeer.PData(3, true, true, Bytes(CommandSet.EchoRequest(77)))).Receive());

    private static Status? StatusOf(byte[] pdu) => CommandOf(pdu).Status;

    private static CommandSet CommandOf(byte[] pdu)
    {
        Assert.Equal((byte)PduType.PDataTf, pdu.FirstOrDefault());
        return CommandSetReader.Read(pdu.AsSpan(PDataWriter.HeaderBytes)).Value!;
    }

    private static async Task AssertStillWorksAsync(TestServer server)
    {
        using RawPeer peer = Associated(server);
        Assert.Equal(Status.Success, Echo(peer));
        peer.Send(RawPeer.ReleaseRq).Receive();
        Assert.Equal(EndReason.Released, (await server.NextEndAsync()).End.Reason);
    }
}
