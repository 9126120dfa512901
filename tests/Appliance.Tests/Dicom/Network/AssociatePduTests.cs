using Appliance.Dicom.Data;
using Appliance.Dicom.Network;
using Xunit;

namespace Appliance.Tests.Dicom.Network;

public sealed class AssociatePduTests
{
    /// <summary>A request with every user information sub-item of PS3.8 annex D and PS3.7 D.3.3.</summary>
    private static readonly AssociateRequest Full = Wire.Request(
        Wire.EchoContext(1), Wire.CtContext(3), new(5, "1.2.3", ["1.2.840.10008.1.2", "1.2.4"])) with
    {
        UserInformation = new UserInformation
        {
            MaxPduBytes = 131072,
            ImplementationClassUid = "1.2.3.4.5",
            ImplementationVersion = "TEST_1",
            AsynchronousWindow = new AsynchronousWindow(3, 0),
            Roles = [new RoleSelection(Uids.CTImageStorage, true, false), new RoleSelection("1.2.3", false, true)],
            Extended = [new ExtendedNegotiation(Uids.CTImageStorage, new byte[] { 2, 0, 3, 0, 1, 0 })],
            CommonExtended = [new CommonExtendedNegotiation("1.2.3", "1.2.840.10008.4.2", ["1.2.5", "1.2.6"])],
            Identity = new UserIdentity(2, true, new byte[] { 0x75, 0xFF }, new byte[] { 0x70 }),
        },
    };

    [Fact]
    public void What_echoscu_asks_for_is_read()
    {
        AssociateRequest request = Read(Wire.EchoscuRequest);

        Assert.Equal(1, request.ProtocolVersion);
        Assert.Equal("APPLIANCE", request.CalledAeTitle);
        Assert.Equal("MODALITY", request.CallingAeTitle);
        Assert.Equal("1.2.840.10008.3.1.1.1", request.ApplicationContext);
        ProposedContext context = Assert.Single(request.Contexts);
        Assert.Equal((1, "1.2.840.10008.1.1"), (context.Id, context.AbstractSyntax));
        Assert.Equal(["1.2.840.10008.1.2"], context.TransferSyntaxes);
        Assert.Equal(16384u, request.UserInformation.MaxPduBytes);
        Assert.Equal("1.2.276.0.7230010.3.0.3.6.7", request.UserInformation.ImplementationClassUid);
        Assert.Equal("OFFIS_DCMTK_367", request.UserInformation.ImplementationVersion);
    }

    [Fact]
    public void What_storescp_answers_is_read_and_written_with_the_same_bytes()
    {
        AssociateAccept accept = AssociateReader.Accept(Wire.StorescpAccept.AsSpan(6)).Value!;

        Assert.Equal(new AnsweredContext(1, ContextResult.Acceptance, "1.2.840.10008.1.2"), Assert.Single(accept.Contexts));
        Assert.Equal(Wire.StorescpAccept, PduWriter.Accept(accept));
    }

    [Fact]
    public void What_echoscu_asks_for_is_written_with_the_same_bytes()
    {
        byte[] written = PduWriter.Request(Read(Wire.EchoscuRequest));

        // One reserved byte of the context item is FFH in dcmtk; it is not to be tested (PS3.8 table 9-13).
        byte[] expected = [.. Wire.EchoscuRequest];
        expected[105] = 0;
        Assert.Equal(expected, written);
    }

    [Fact]
    public void Every_sub_item_survives_the_way_there_and_back()
    {
        byte[] written = PduWriter.Request(Full);

        AssociateRequest read = Read(written);

        Assert.Equal(written, PduWriter.Request(read));
        Assert.Equal(Full.UserInformation.AsynchronousWindow, read.UserInformation.AsynchronousWindow);
        Assert.Equal(Full.UserInformation.Roles, read.UserInformation.Roles);
        Assert.Equal(["1.2.5", "1.2.6"], read.UserInformation.CommonExtended.Single().RelatedGeneralSopClassUids);
        Assert.Equal(new byte[] { 0x75, 0xFF }, read.UserInformation.Identity!.Primary.ToArray());
        Assert.Equal("user identity of type 2", read.UserInformation.Identity.ToString());
    }

    [Fact]
    public void A_response_to_a_user_identity_survives_the_way_there_and_back()
    {
        AssociateAccept accept = new()
        {
            CalledAeTitle = "A",
            CallingAeTitle = "B",
            Contexts = [new AnsweredContext(1, ContextResult.AbstractSyntaxNotSupported, "1.2.840.10008.1.2")],
            UserInformation = new UserInformation { IdentityResponse = new byte[] { 1, 2, 3 } },
        };

        AssociateAccept read = AssociateReader.Accept(PduWriter.Accept(accept).AsSpan(6)).Value!;

        Assert.Equal(new byte[] { 1, 2, 3 }, read.UserInformation.IdentityResponse!.Value.ToArray());
        Assert.Equal(ContextResult.AbstractSyntaxNotSupported, read.Contexts[0].Result);
    }

    [Fact]
    public void Each_prefix_of_a_request_is_waited_on_and_never_taken_for_a_whole_one()
    {
        foreach (byte[] whole in new[] { Wire.EchoscuRequest, PduWriter.Request(Full) })
        {
            for (int length = 0; length < whole.Length; length++)
            {
                Assert.Equal(PduFrameKind.Incomplete, PduFrame.Of(whole.AsSpan(0, length), 131072).Kind);
            }

            Assert.Equal(new PduFrame(PduFrameKind.Complete, PduType.AssociateRq, whole.Length - 6), PduFrame.Of(whole, 131072));
        }
    }

    [Fact]
    public void Each_prefix_of_a_body_that_claims_to_be_whole_is_malformed_or_lacks_only_whole_items()
    {
        ReadOnlySpan<byte> body = PduWriter.Request(Full).AsSpan(6);
        for (int length = 0; length < body.Length; length++)
        {
            Parsed<AssociateRequest> parsed = AssociateReader.Request(body[..length]);

            Assert.True(parsed.Failed, $"{length} of {body.Length} bytes were taken for a request");
        }
    }

    [Fact]
    public void Each_single_byte_may_be_anything_without_harm()
    {
        byte[] body = PduWriter.Request(Full)[6..];
        for (int at = 0; at < body.Length; at++)
        {
            byte was = body[at];
            foreach (byte other in new byte[] { 0, 1, 0x7F, 0x80, 0xFF })
            {
                body[at] = other;
                AssociateReader.Request(body);
            }

            body[at] = was;
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void An_even_context_identifier_is_malformed(byte id) =>
        Assert.True(AssociateReader.Request(PduWriter.Request(Wire.Request(Wire.CtContext(id))).AsSpan(6)).Failed);

    [Fact]
    public void A_context_identifier_used_twice_is_malformed() =>
        Assert.True(AssociateReader.Request(PduWriter.Request(Wire.Request(Wire.CtContext(1), Wire.EchoContext(1))).AsSpan(6)).Failed);

    [Fact]
    public void An_item_of_unknown_type_is_passed_over()
    {
        byte[] request = [.. Wire.EchoscuRequest, 0x77, 0, 0, 2, 1, 2];
        request[5] += 6;

        Assert.Equal("MODALITY", Read(request).CallingAeTitle);
    }

    [Fact]
    public void Titles_that_are_not_printable_cannot_reach_a_log()
    {
        byte[] request = [.. Wire.EchoscuRequest];
        "\x1b[31m\n"u8.CopyTo(request.AsSpan(26));

        Assert.Equal("?[31m?TY", Read(request).CallingAeTitle);
    }

    private static AssociateRequest Read(byte[] pdu)
    {
        Parsed<AssociateRequest> parsed = AssociateReader.Request(pdu.AsSpan(6));
        Assert.False(parsed.Failed, parsed.Malformed?.ToString());
        return parsed.Value;
    }
}
