namespace Appliance.Dicom.Network;

/// <summary>The sub-items of the user information item (PS3.8 D.1, PS3.7 D.3.3).</summary>
internal static class UserInformationReader
{
    public const byte MaximumLength = 0x51;
    public const byte ImplementationClass = 0x52;
    public const byte AsynchronousWindow = 0x53;
    public const byte RoleSelection = 0x54;
    public const byte ImplementationVersion = 0x55;
    public const byte Extended = 0x56;
    public const byte CommonExtended = 0x57;
    public const byte Identity = 0x58;
    public const byte IdentityResponse = 0x59;

    /// <summary>Reads to the end of the cursor, which tells of any length that did not fit.</summary>
    public static UserInformation Read(ref PduCursor cursor)
    {
        UserInformation read = new() { ImplementationClassUid = "" };
        List<RoleSelection> roles = [];
        List<ExtendedNegotiation> extended = [];
        List<CommonExtendedNegotiation> common = [];
        bool failed = false;
        while (!cursor.AtEnd)
        {
            switch (cursor.Item(out PduCursor item))
            {
                case MaximumLength: read = read with { MaxPduBytes = item.UInt32() }; break;
                case ImplementationClass: read = read with { ImplementationClassUid = item.RestText() }; break;
                case AsynchronousWindow:
                    read = read with { AsynchronousWindow = new AsynchronousWindow(item.UInt16(), item.UInt16()) };
                    break;
                case RoleSelection: roles.Add(new RoleSelection(item.CountedText(), item.Byte() == 1, item.Byte() == 1)); break;
                case ImplementationVersion: read = read with { ImplementationVersion = item.RestText() }; break;
                case Extended: extended.Add(new ExtendedNegotiation(item.CountedText(), item.Rest().ToArray())); break;
                case CommonExtended: common.Add(Common(ref item)); break;
                case Identity: read = read with { Identity = IdentityOf(ref item) }; break;
                case IdentityResponse: read = read with { IdentityResponse = item.Counted().ToArray() }; break;
                default: break;
            }

            failed |= item.Failed;
        }

        if (failed)
        {
            // One flag for the whole item: asking for more than is left sets it.
            cursor.Bytes(1);
        }

        return read with { Roles = roles, Extended = extended, CommonExtended = common };
    }

    private static CommonExtendedNegotiation Common(ref PduCursor item)
    {
        string sopClass = item.CountedText();
        string serviceClass = item.CountedText();
        PduCursor list = new(item.Counted());
        List<string> related = [];
        while (!list.AtEnd)
        {
            related.Add(list.CountedText());
        }

        if (list.Failed)
        {
            item.Rest();
            item.Bytes(1);
        }

        return new CommonExtendedNegotiation(sopClass, serviceClass, related);
    }

    private static UserIdentity IdentityOf(ref PduCursor item)
    {
        byte type = item.Byte();
        bool responseRequested = item.Byte() == 1;
        byte[] primary = item.Counted().ToArray();
        byte[] secondary = item.Counted().ToArray();
        return new UserIdentity(type, responseRequested, primary, secondary);
    }
}
