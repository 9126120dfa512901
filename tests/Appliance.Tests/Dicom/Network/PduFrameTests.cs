using Appliance.Dicom;
using Appliance.Dicom.Network;
using Xunit;

namespace Appliance.Tests.Dicom.Network;

public sealed class PduFrameTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("\0\0\0\0")]
    [InlineData("\b12345")]
    public void Garbage_is_known_by_its_first_byte(string sent)
    {
        byte[] bytes = [.. sent.Select(character => (byte)character)];

        Assert.Equal(PduFrameKind.UnknownType, PduFrame.Of(bytes.AsSpan(0, 1), 1000).Kind);
        Assert.Equal(PduFrameKind.UnknownType, PduFrame.Of(bytes, 1000).Kind);
    }

    [Fact]
    public void Each_type_of_pdu_but_seven_is_unknown()
    {
        int known = Enumerable.Range(0, 256).Count(type => PduFrame.Of([(byte)type], 1000).Kind == PduFrameKind.Incomplete);

        Assert.Equal(7, known);
    }

    [Theory]
    [InlineData(4, 1001u)]
    [InlineData(4, uint.MaxValue)]
    [InlineData(1, Limits.AssociatePduBytes + 1u)]
    [InlineData(2, 0x80000000u)]
    public void A_pdu_that_is_too_long_is_known_by_its_header(byte type, uint length)
    {
        byte[] header = [type, 0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];

        Assert.Equal(PduFrameKind.TooLong, PduFrame.Of(header, 1000).Kind);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void A_pdu_of_fixed_length_has_no_other(byte type)
    {
        Assert.Equal(PduFrameKind.WrongLength, PduFrame.Of([type, 0, 0, 0, 0, 5], 1000).Kind);
        Assert.Equal(PduFrameKind.Complete, PduFrame.Of([type, 0, 0, 0, 0, 4, 0, 0, 0, 0], 1000).Kind);
    }

    [Fact]
    public void The_longest_p_data_that_was_announced_is_taken()
    {
        byte[] bytes = new byte[1006];
        PDataWriter.Header(bytes, 1, false, true, 994);

        Assert.Equal(new PduFrame(PduFrameKind.Complete, PduType.PDataTf, 1000), PduFrame.Of(bytes, 1000));
        Assert.True(PresentationDataValues.IsWellFormed(bytes.AsSpan(6)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000002")]
    [InlineData("0000000101")]
    [InlineData("000000030103")]
    [InlineData("00000002010300")]
    [InlineData("FFFFFFFF0103")]
    public void Values_that_do_not_fill_their_pdu_are_refused(string hex) =>
        Assert.False(PresentationDataValues.IsWellFormed(Convert.FromHexString(hex)));

    [Fact]
    public void Several_values_in_one_pdu_come_out_in_order()
    {
        byte[] body = Convert.FromHexString("000000030103AA" + "000000020100" + "00000004FF02BBCC");
        Assert.True(PresentationDataValues.IsWellFormed(body));

        PresentationDataValues values = new(body);
        List<string> seen = [];
        while (values.TryNext(out PresentationDataValue value))
        {
            seen.Add($"{value.ContextId} {value.IsCommand} {value.IsLast} {Convert.ToHexString(value.Fragment.Span)}");
        }

        Assert.Equal(["1 True True AA", "1 False False ", "255 False True BBCC"], seen);
    }

    [Theory]
    [InlineData(0u, Limits.SendPduBytes - 6)]
    [InlineData(uint.MaxValue, Limits.SendPduBytes - 6)]
    [InlineData(16384u, 16378)]
    [InlineData(7u, 1)]
    public void Fragments_are_as_long_as_the_peer_allows(uint announced, int expected) =>
        Assert.Equal(expected, PDataWriter.FragmentBytes(announced));
}
