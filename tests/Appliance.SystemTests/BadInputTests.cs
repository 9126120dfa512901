using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>What must not hurt: each bad input ends in a clear refusal, and the next peer is served as if nothing had been.</summary>
public sealed class BadInputTests : IDisposable
{
    private const byte AssociateAccept = 2, AssociateReject = 3, DataTransfer = 4, Abort = 7;
    private readonly Scratch scratch = new();
    private readonly RunningAppliance appliance;

    public BadInputTests()
    {
        Place.Needs("echoscu");
        appliance = new RunningAppliance(scratch["box"]);
    }

    public void Dispose()
    {
        appliance?.Dispose();
        scratch.Dispose();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: appliance\r\n\r\n")]
    [InlineData("MSH|^~\\&|LAB|HOSPITAL|||20260101||ADT^A01|1|P|2.3\r")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public void Another_protocol_on_the_port_is_cut_off(string greeting)
    {
        using RawPeer peer = new(appliance.Port);
        peer.Send(Encoding.ASCII.GetBytes(greeting));

        Assert.All(peer.ReceiveToEnd(), type => Assert.Equal(Abort, type));
        AssertUnhurt();
    }

    [Fact]
    public void Random_bytes_are_cut_off()
    {
        for (int i = 0; i < 50; i++)
        {
            using RawPeer peer = new(appliance.Port);
            peer.Send(RandomNumberGenerator.GetBytes(1 + (i * 37)));
            peer.CloseSending();
            peer.ReceiveToEnd();
        }

        AssertUnhurt();
    }

    [Fact]
    public void A_request_cut_at_every_prefix_ends_that_connection_only()
    {
        byte[] request = RawPeer.AssociateRequest();
        for (int length = 0; length < request.Length; length++)
        {
            using RawPeer peer = new(appliance.Port);
            peer.Send(request.AsSpan(0, length));
            peer.CloseSending();
            Assert.DoesNotContain(AssociateAccept, peer.ReceiveToEnd());
        }

        AssertUnhurt();
    }

    [Fact]
    public void A_silent_peer_does_not_keep_the_others_out()
    {
        RawPeer[] silent = [.. Enumerable.Range(0, 16).Select(_ => new RawPeer(appliance.Port))];

        AssertUnhurt();
        foreach (RawPeer peer in silent)
        {
            peer.Dispose();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_PDU_that_claims_four_gigabytes_is_aborted_at_its_header(byte type)
    {
        using RawPeer peer = new(appliance.Port);
        if (type == DataTransfer)
        {
            peer.Send(RawPeer.AssociateRequest());
            Assert.Equal(AssociateAccept, peer.Receive()!.Value.Type);
        }

        peer.Send([type, 0, 0xFF, 0xFF, 0xFF, 0xF0]);

        Assert.All(peer.ReceiveToEnd(), answer => Assert.Equal(Abort, answer));
        AssertUnhurt();
    }

    [Fact]
    public void Unknown_presentation_contexts_are_refused_one_by_one()
    {
        using RawPeer peer = new(appliance.Port);
        peer.Send(RawPeer.AssociateRequest(RunningAppliance.AeTitle, "1.2.3.4.5.6", "1.2.840.10008.1.1"));

        (byte type, byte[] value) = peer.Receive()!.Value;

        Assert.Equal(AssociateAccept, type);
        Dictionary<byte, byte> results = ContextResults(value);
        Assert.Equal(3, results[1]);
        Assert.Equal(0, results[3]);
    }

    [Fact]
    public void A_wrong_called_AE_title_is_rejected_by_name()
    {
        using RawPeer peer = new(appliance.Port);
        peer.Send(RawPeer.AssociateRequest("SOMEONEELSE"));

        (byte type, byte[] value) = peer.Receive()!.Value;

        Assert.Equal(AssociateReject, type);
        // PS3.8 table 9-21: result 1 permanent, source 1 user, reason 7 called AE title not recognized.
        Assert.Equal([1, 1, 7], value[1..4]);
    }

    public static TheoryData<string, byte[]> BadDataSets => new()
    {
        { "cut in the middle of an element", [8, 0, 5, 0, (byte)'C', (byte)'S', 10, 0, (byte)'I'] },
        { "a value longer than the stream", [8, 0, 8, 0, (byte)'C', (byte)'S', 0xFE, 0x7F, (byte)'X', (byte)'Y'] },
        { "sequences 1000 deep", Nested(1000) },
        { "no bytes at all", [] },
        { "noise", [0xDE, 0xAD, 0xBE, 0xEF, 0xDE, 0xAD, 0xBE, 0xEF, 0xDE, 0xAD, 0xBE, 0xEF] },
    };

    [Theory]
    [MemberData(nameof(BadDataSets))]
    public void A_broken_data_set_is_answered_with_a_failure_status(string what, byte[] dataSet)
    {
        using RawPeer peer = new(appliance.Port);
        peer.Send(RawPeer.AssociateRequest());
        Assert.Equal(AssociateAccept, peer.Receive()!.Value.Type);

        peer.Send(RawPeer.Data(1, command: true, last: true, RawPeer.StoreCommand("1.2.826.0.1.3680043.9.1")));
        peer.Send(RawPeer.Data(1, command: false, last: true, dataSet));
        (byte Type, byte[] Value)? answer = peer.Receive();

        Assert.True(answer is { Type: DataTransfer }, $"{what}: answered, not dropped");
        ushort status = RawPeer.StatusOf(answer!.Value.Value);
        Assert.True(status >> 12 is 0xA or 0xC, $"{what}: status {status:X4} is no failure");
        AssertUnhurt();
    }

    [Fact]
    public void A_data_set_that_stops_with_the_connection_leaves_nothing_behind()
    {
        using (RawPeer peer = new(appliance.Port))
        {
            peer.Send(RawPeer.AssociateRequest());
            peer.Receive();
            peer.Send(RawPeer.Data(1, command: true, last: true, RawPeer.StoreCommand("1.2.826.0.1.3680043.9.2")));
            peer.Send(RawPeer.Data(1, command: false, last: false, new byte[4096]));
            peer.CloseSending();
            peer.ReceiveToEnd();
        }

        AssertUnhurt();
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(appliance.DataFolder, "journal"), "*.dcm", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(appliance.DataFolder, "incoming")));
    }

    private static byte[] Nested(int depth)
    {
        List<byte> bytes = [];
        for (int i = 0; i < depth; i++)
        {
            bytes.AddRange([8, 0, 0x40, 0x11, (byte)'S', (byte)'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
            bytes.AddRange([0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
        }

        return [.. bytes];
    }

    /// <summary>Presentation context results by context id, of an A-ASSOCIATE-AC's value (PS3.8 9.3.3).</summary>
    private static Dictionary<byte, byte> ContextResults(byte[] value)
    {
        Dictionary<byte, byte> results = [];
        for (int at = 68; at + 4 <= value.Length; at += 4 + ((value[at + 2] << 8) | value[at + 3]))
        {
            if (value[at] == 0x21)
            {
                results[value[at + 4]] = value[at + 6];
            }
        }

        return results;
    }

    private void AssertUnhurt()
    {
        Assert.True(appliance.IsAlive, appliance.Output);
        Assert.True(appliance.Echo(), "C-ECHO after bad input");
    }
}
