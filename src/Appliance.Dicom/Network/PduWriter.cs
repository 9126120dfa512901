namespace Appliance.Dicom.Network;

/// <summary>Every PDU but P-DATA-TF as bytes, header included (PS3.8 9.3).</summary>
public static class PduWriter
{
    public static readonly ReadOnlyMemory<byte> ReleaseRq = new byte[] { (byte)PduType.ReleaseRq, 0, 0, 0, 0, 4, 0, 0, 0, 0 };

    public static readonly ReadOnlyMemory<byte> ReleaseRp = new byte[] { (byte)PduType.ReleaseRp, 0, 0, 0, 0, 4, 0, 0, 0, 0 };

    public static byte[] Request(AssociateRequest request) => new PduBuffer().Pdu(PduType.AssociateRq, pdu =>
    {
        Head(pdu, request.ProtocolVersion, request.CalledAeTitle, request.CallingAeTitle, request.ApplicationContext);
        foreach (ProposedContext context in request.Contexts)
        {
            pdu.Item(0x20, item =>
            {
                item.Byte(context.Id).Zeros(3).TextItem(0x30, context.AbstractSyntax);
                foreach (string syntax in context.TransferSyntaxes)
                {
                    item.TextItem(0x40, syntax);
                }
            });
        }

        Write(pdu, request.UserInformation);
    }).ToArray();

    public static byte[] Accept(AssociateAccept accept) => new PduBuffer().Pdu(PduType.AssociateAc, pdu =>
    {
        Head(pdu, accept.ProtocolVersion, accept.CalledAeTitle, accept.CallingAeTitle, accept.ApplicationContext);
        foreach (AnsweredContext context in accept.Contexts)
        {
            pdu.Item(0x21, item => item.Byte(context.Id).Byte(0).Byte((byte)context.Result).Byte(0).TextItem(0x40, context.TransferSyntax));
        }

        Write(pdu, accept.UserInformation);
    }).ToArray();

    public static byte[] Reject(AssociateReject reject) =>
        [(byte)PduType.AssociateRj, 0, 0, 0, 0, 4, 0, reject.Result, reject.Source, reject.Reason];

    public static byte[] Abort(Abort abort) => [(byte)PduType.Abort, 0, 0, 0, 0, 4, 0, 0, abort.Source, abort.Reason];

    private static void Head(PduBuffer pdu, ushort version, string called, string calling, string applicationContext) =>
        pdu.UInt16(version).UInt16(0).AeTitle(called).AeTitle(calling).Zeros(32).TextItem(0x10, applicationContext);

    private static void Write(PduBuffer pdu, UserInformation user) => pdu.Item(0x50, item =>
    {
        item.Item(UserInformationReader.MaximumLength, sub => sub.UInt32(user.MaxPduBytes));
        item.TextItem(UserInformationReader.ImplementationClass, user.ImplementationClassUid);
        if (user.AsynchronousWindow is { } window)
        {
            item.Item(UserInformationReader.AsynchronousWindow, sub => sub.UInt16(window.Invoked).UInt16(window.Performed));
        }

        foreach (RoleSelection role in user.Roles)
        {
            item.Item(UserInformationReader.RoleSelection, sub =>
                sub.CountedText(role.SopClassUid).Byte(role.IsUser ? (byte)1 : (byte)0).Byte(role.IsProvider ? (byte)1 : (byte)0));
        }

        if (user.ImplementationVersion is { Length: > 0 } version)
        {
            item.TextItem(UserInformationReader.ImplementationVersion, version);
        }

        foreach (ExtendedNegotiation extended in user.Extended)
        {
            item.Item(UserInformationReader.Extended, sub =>
                sub.CountedText(extended.SopClassUid).Bytes(extended.ServiceClassInformation.Span));
        }

        foreach (CommonExtendedNegotiation common in user.CommonExtended)
        {
            item.Item(UserInformationReader.CommonExtended, sub => Write(sub, common));
        }

        if (user.Identity is { } identity)
        {
            item.Item(UserInformationReader.Identity, sub => sub.Byte(identity.Type).Byte(identity.ResponseRequested ? (byte)1 : (byte)0)
                .Counted(identity.Primary.Span).Counted(identity.Secondary.Span));
        }

        if (user.IdentityResponse is { } response)
        {
            item.Item(UserInformationReader.IdentityResponse, sub => sub.Counted(response.Span));
        }
    });

    private static void Write(PduBuffer item, CommonExtendedNegotiation common)
    {
        PduBuffer related = new();
        foreach (string uid in common.RelatedGeneralSopClassUids)
        {
            related.CountedText(uid);
        }

        item.CountedText(common.SopClassUid).CountedText(common.ServiceClassUid).Counted(related.ToArray());
    }
}
