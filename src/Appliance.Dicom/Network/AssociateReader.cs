using Appliance.Dicom.Data;

namespace Appliance.Dicom.Network;

/// <summary>Bodies of A-ASSOCIATE PDUs into records (PS3.8 9.3.2 to 9.3.4, 9.3.8).</summary>
/// <remarks>Items of unknown type are passed over (PS3.8 9.3.1); an item longer than what holds it is malformed.</remarks>
public static class AssociateReader
{
    private const byte ApplicationContextItem = 0x10;
    private const byte ProposedContextItem = 0x20;
    private const byte AnsweredContextItem = 0x21;
    private const byte AbstractSyntaxItem = 0x30;
    private const byte TransferSyntaxItem = 0x40;
    private const byte UserInformationItem = 0x50;

    private const int ReservedBytes = 32;

    public static Parsed<AssociateRequest> Request(ReadOnlySpan<byte> body)
    {
        PduCursor cursor = new(body);
        Head head = ReadHead(ref cursor);
        List<ProposedContext> contexts = [];
        while (!cursor.AtEnd)
        {
            switch (cursor.Item(out PduCursor item))
            {
                case ApplicationContextItem: head.ApplicationContext = item.RestText(); break;
                case ProposedContextItem: contexts.Add(Proposed(ref item)); break;
                case UserInformationItem: head.UserInformation = UserInformationReader.Read(ref item); break;
                default: break;
            }

            head.Failed |= item.Failed;
        }

        if ((cursor.Failed || head.Failed ? "an item is longer than its PDU" : Wrong(contexts, head)) is { } wrong)
        {
            return Malformed(wrong);
        }

        return new AssociateRequest
        {
            ProtocolVersion = head.Version,
            CalledAeTitle = head.Called,
            CallingAeTitle = head.Calling,
            ApplicationContext = head.ApplicationContext!,
            Contexts = contexts,
            UserInformation = head.UserInformation!,
        };
    }

    public static Parsed<AssociateAccept> Accept(ReadOnlySpan<byte> body)
    {
        PduCursor cursor = new(body);
        Head head = ReadHead(ref cursor);
        List<AnsweredContext> contexts = [];
        while (!cursor.AtEnd)
        {
            switch (cursor.Item(out PduCursor item))
            {
                case ApplicationContextItem: head.ApplicationContext = item.RestText(); break;
                case AnsweredContextItem: contexts.Add(Answered(ref item)); break;
                case UserInformationItem: head.UserInformation = UserInformationReader.Read(ref item); break;
                default: break;
            }

            head.Failed |= item.Failed;
        }

        if (cursor.Failed || head.Failed || head.UserInformation is null || contexts.Count > Limits.PresentationContexts)
        {
            return Malformed("A-ASSOCIATE-AC: an item is missing or longer than its PDU");
        }

        return new AssociateAccept
        {
            ProtocolVersion = head.Version,
            CalledAeTitle = head.Called,
            CallingAeTitle = head.Calling,
            ApplicationContext = head.ApplicationContext ?? "",
            Contexts = contexts,
            UserInformation = head.UserInformation,
        };
    }

    /// <param name="body">Four bytes, as <see cref="PduFrame"/> has seen to.</param>
    public static AssociateReject Reject(ReadOnlySpan<byte> body) => new(body[1], body[2], body[3]);

    /// <param name="body">Four bytes, as <see cref="PduFrame"/> has seen to.</param>
    public static Abort Abort(ReadOnlySpan<byte> body) => new(body[2], body[3]);

    private static Head ReadHead(ref PduCursor cursor)
    {
        Head head = new() { Version = cursor.UInt16() };
        cursor.UInt16();
        head.Called = PduCursor.Text(cursor.Bytes(Limits.AeTitleCharacters));
        head.Calling = PduCursor.Text(cursor.Bytes(Limits.AeTitleCharacters));
        cursor.Bytes(ReservedBytes);
        return head;
    }

    private static ProposedContext Proposed(ref PduCursor cursor)
    {
        byte id = cursor.Byte();
        cursor.Bytes(3);
        string abstractSyntax = "";
        List<string> transferSyntaxes = [];
        while (!cursor.AtEnd)
        {
            switch (cursor.Item(out PduCursor item))
            {
                case AbstractSyntaxItem: abstractSyntax = item.RestText(); break;
                case TransferSyntaxItem: transferSyntaxes.Add(item.RestText()); break;
                default: break;
            }
        }

        return new ProposedContext(id, abstractSyntax, transferSyntaxes);
    }

    private static AnsweredContext Answered(ref PduCursor cursor)
    {
        byte id = cursor.Byte();
        cursor.Byte();
        byte result = cursor.Byte();
        cursor.Byte();
        string transferSyntax = "";
        while (!cursor.AtEnd)
        {
            if (cursor.Item(out PduCursor item) == TransferSyntaxItem)
            {
                transferSyntax = item.RestText();
            }
        }

        return new AnsweredContext(id, (ContextResult)result, transferSyntax);
    }

    /// <summary>What is wrong with a request whose items could be read, or null.</summary>
    private static string? Wrong(List<ProposedContext> contexts, Head head)
    {
        if (head.ApplicationContext is null || head.UserInformation is null || contexts.Count == 0)
        {
            return "no application context, no presentation context or no user information";
        }

        HashSet<byte> ids = [];
        foreach (ProposedContext context in contexts)
        {
            if ((context.Id & 1) == 0 || !ids.Add(context.Id))
            {
                return "a presentation context identifier is even or used twice";
            }
        }

        return head.UserInformation.MaxPduBytes is > 0 and <= PDataWriter.PdvHeaderBytes
            ? "the maximum length leaves no room for data"
            : null;
    }

    private static Malformed Malformed(string text) => new(MalformedReason.BadAssociatePdu, 0, text);

    private struct Head
    {
        public ushort Version;
        public string Called;
        public string Calling;
        public string? ApplicationContext;
        public UserInformation? UserInformation;
        public bool Failed;
    }
}
