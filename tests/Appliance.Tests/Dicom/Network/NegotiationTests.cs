using Appliance.Dicom.Data;
using Appliance.Dicom.Network;
using Xunit;

namespace Appliance.Tests.Dicom.Network;

public sealed class NegotiationTests
{
    private static readonly AcceptorPolicy Policy = new() { CalledAeTitles = ["APPLIANCE"] };

    [Fact]
    public void Unknown_contexts_are_refused_one_by_one_and_not_the_association()
    {
        AssociateRequest request = Wire.Request(
            Wire.CtContext(1),
            new(3, "1.2.840.10008.5.1.4.1.2.1.1", [Uids.ImplicitVRLittleEndian]),
            new(5, Uids.MRImageStorage, ["1.2.3.4"]),
            Wire.EchoContext(7));

        AssociateAccept accept = Negotiation.Answer(request, Policy).Accept!;

        Assert.Equal(
            [
                ContextResult.Acceptance,
                ContextResult.AbstractSyntaxNotSupported,
                ContextResult.TransferSyntaxesNotSupported,
                ContextResult.Acceptance,
            ],
            accept.Contexts.Select(context => context.Result));
        Assert.Equal([1, 7], Negotiation.AcceptedContexts(request, accept).Select(context => (int)context.Id));
    }

    [Fact]
    public void A_request_of_unknown_contexts_only_is_still_accepted()
    {
        NegotiationAnswer answer = Negotiation.Answer(Wire.Request(new ProposedContext(1, "1.2.3", [Uids.ImplicitVRLittleEndian])), Policy);

        Assert.Null(answer.Reject);
        Assert.Empty(Negotiation.AcceptedContexts(Wire.Request(new ProposedContext(1, "1.2.3", [])), answer.Accept!));
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2 1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1")]
    [InlineData("1.2.840.10008.1.2.2 1.2.840.10008.1.2", "1.2.840.10008.1.2")]
    [InlineData("1.2.840.10008.1.2.4.50 1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.70")]
    [InlineData("1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.51")]
    [InlineData("1.2.840.10008.1.2.4.103 1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.103")]
    public void The_transfer_syntax_is_chosen_by_the_policy(string proposed, string chosen)
    {
        AssociateRequest request = Wire.Request(new ProposedContext(1, Uids.CTImageStorage, proposed.Split(' ')));

        AssociateAccept accept = Negotiation.Answer(request, Policy).Accept!;

        Assert.Equal(new AnsweredContext(1, ContextResult.Acceptance, chosen), accept.Contexts[0]);
    }

    [Fact]
    public void A_policy_may_take_nothing_but_its_list()
    {
        AcceptorPolicy strict = Policy with { TransferSyntaxes = [Uids.ImplicitVRLittleEndian], TakesOtherTransferSyntaxes = false };

        Assert.Equal(ContextResult.TransferSyntaxesNotSupported, Negotiation.Answer(Wire.Request(), strict).Accept!.Contexts[0].Result);
    }

    [Fact]
    public void Pixels_that_would_stay_with_the_sender_are_not_taken()
    {
        ProposedContext jpip = new(1, Uids.CTImageStorage, ["1.2.840.10008.1.2.4.94"]);

        Assert.Equal(ContextResult.TransferSyntaxesNotSupported, Negotiation.Answer(Wire.Request(jpip), Policy).Accept!.Contexts[0].Result);
    }

    [Fact]
    public void A_wrong_called_title_is_rejected_by_name() =>
        Assert.Equal(new AssociateReject(1, 1, 7), Negotiation.Answer(Wire.Request() with { CalledAeTitle = "OTHER" }, Policy).Reject);

    [Fact]
    public void A_calling_title_that_is_not_listed_is_rejected_by_name() =>
        Assert.Equal(new AssociateReject(1, 1, 3), Negotiation.Answer(Wire.Request(), Policy with { CallingAeTitles = ["CT1"] }).Reject);

    [Fact]
    public void Another_application_context_is_rejected_by_name() =>
        Assert.Equal(new AssociateReject(1, 1, 2), Negotiation.Answer(Wire.Request() with { ApplicationContext = "1.2.3" }, Policy).Reject);

    [Fact]
    public void Another_protocol_version_is_rejected_by_the_provider()
    {
        Assert.Equal(new AssociateReject(1, 2, 2), Negotiation.ProviderRejection(Wire.Request() with { ProtocolVersion = 2 }));
        Assert.Null(Negotiation.ProviderRejection(Wire.Request() with { ProtocolVersion = 3 }));
    }

    [Fact]
    public void A_local_limit_is_transient()
    {
        Assert.Equal(new AssociateReject(2, 3, 2), AssociateReject.LocalLimit);
        Assert.True(AssociateReject.LocalLimit.IsTransient);
    }

    [Fact]
    public void The_requestor_never_becomes_provider()
    {
        AssociateRequest request = Wire.Request() with
        {
            UserInformation = new UserInformation { Roles = [new(Uids.CTImageStorage, true, true), new("1.2.3", true, true)] },
        };

        AssociateAccept accept = Negotiation.Answer(request, Policy).Accept!;

        Assert.Equal([new RoleSelection(Uids.CTImageStorage, true, false)], accept.UserInformation.Roles);
    }

    [Fact]
    public void An_answer_with_a_syntax_that_was_not_proposed_is_no_accepted_context()
    {
        AssociateAccept accept = Negotiation.Answer(Wire.Request(), Policy).Accept! with
        {
            Contexts =
            [
                new(1, ContextResult.Acceptance, "1.2.840.10008.1.2.4.90"),
                new(9, ContextResult.Acceptance, Uids.ImplicitVRLittleEndian),
            ],
        };

        Assert.Empty(Negotiation.AcceptedContexts(Wire.Request(), accept));
    }

    [Fact]
    public void Every_storage_class_of_the_dictionary_is_taken()
    {
        string[] storage = [.. typeof(Uids).GetFields()
            .Where(field => field.Name.EndsWith("Storage", StringComparison.Ordinal))
            .Select(field => (string)field.GetRawConstantValue()!)
            .Where(uid => !StorageClasses.IsStorage(uid))];

        Assert.Empty(storage.Except(NotComposite));
        Assert.False(StorageClasses.IsStorage(Uids.StudyRootQueryRetrieveInformationModelFind));
        Assert.False(StorageClasses.IsStorage(Uids.ProtocolApprovalInformationModelFind));
    }

    /// <summary>The service class itself, media, print, and objects that belong to no patient (PS3.4 GG): no scanner sends them.</summary>
    private static readonly string[] NotComposite =
    [
        Uids.Storage, Uids.MediaStorageDirectoryStorage, Uids.StoredPrintStorage, Uids.HardcopyGrayscaleImageStorage,
        Uids.HardcopyColorImageStorage, Uids.HangingProtocolStorage, Uids.ColorPaletteStorage, Uids.GenericImplantTemplateStorage,
        Uids.ImplantAssemblyTemplateStorage, Uids.ImplantTemplateGroupStorage,
    ];

    [Theory]
    [InlineData("1.2.840.10008.1.2", true, true)]
    [InlineData("1.02.3", true, true)]
    [InlineData("0", true, true)]
    [InlineData("", false, false)]
    [InlineData("1..2", false, true)]
    [InlineData(".1", false, false)]
    [InlineData("..", false, false)]
    [InlineData("1.", false, true)]
    [InlineData("dccc9599087131742838cc1162a630fea87ba9bf61ac09bfda90d4adfa5ddaed", false, true)]
    [InlineData("../../etc/passwd", false, false)]
    [InlineData("1.2/3", false, false)]
    [InlineData("1.2\n", false, false)]
    [InlineData("1.2345678901234567890123456789012345678901234567890123456789012345", false, false)]
    public void A_uid_is_digits_and_dots_and_what_else_may_name_a_file_is_taken(string uid, bool valid, bool taken) =>
        Assert.Equal((valid, taken), (Uid.IsValid(uid), Uid.IsTaken(uid)));
}
