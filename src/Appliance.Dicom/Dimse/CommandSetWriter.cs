using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Dimse;

/// <summary>A command set as bytes: implicit little endian, ascending tags, group length first (PS3.7 6.3.1).</summary>
public static class CommandSetWriter
{
    /// <summary>Command Data Set Type of a message without data set (PS3.7 E.1).</summary>
    internal const ushort NoDataSet = 0x0101;

    /// <summary>Any other number says that there is one; this is the one that dcmtk writes.</summary>
    private const ushort SomeDataSet = 0x0001;

    private const int GroupLengthBytes = 12;
    private const int ElementsAtMost = 24;

    /// <summary>How many bytes the set has at most.</summary>
    public static int Bound(CommandSet set) => (ElementsAtMost * 10) + Text(set.AffectedSopClassUid) + Text(set.RequestedSopClassUid)
        + Text(set.AffectedSopInstanceUid) + Text(set.RequestedSopInstanceUid) + Text(set.MoveDestination) + Text(set.ErrorComment)
        + Text(set.MoveOriginatorAeTitle) + (4 * ((set.OffendingElements?.Count ?? 0) + (set.AttributeIdentifiers?.Count ?? 0)));

    /// <param name="to">Room for <see cref="Bound"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(CommandSet set, Span<byte> to)
    {
        int at = GroupLengthBytes;
        Put(to, ref at, Tags.AffectedSOPClassUID, set.AffectedSopClassUid, '\0');
        Put(to, ref at, Tags.RequestedSOPClassUID, set.RequestedSopClassUid, '\0');
        Put(to, ref at, Tags.CommandField, (ushort)set.Field);
        Put(to, ref at, Tags.MessageID, set.MessageId);
        Put(to, ref at, Tags.MessageIDBeingRespondedTo, set.MessageIdBeingRespondedTo);
        Put(to, ref at, Tags.MoveDestination, set.MoveDestination, ' ');
        Put(to, ref at, Tags.Priority, (ushort?)set.Priority);
        Put(to, ref at, Tags.CommandDataSetType, set.HasDataSet ? SomeDataSet : NoDataSet);
        Put(to, ref at, Tags.Status, (ushort?)set.Status);
        Put(to, ref at, Tags.OffendingElement, set.OffendingElements);
        Put(to, ref at, Tags.ErrorComment, set.ErrorComment, ' ');
        Put(to, ref at, Tags.ErrorID, set.ErrorId);
        Put(to, ref at, Tags.AffectedSOPInstanceUID, set.AffectedSopInstanceUid, '\0');
        Put(to, ref at, Tags.RequestedSOPInstanceUID, set.RequestedSopInstanceUid, '\0');
        Put(to, ref at, Tags.EventTypeID, set.EventTypeId);
        Put(to, ref at, Tags.AttributeIdentifierList, set.AttributeIdentifiers);
        Put(to, ref at, Tags.ActionTypeID, set.ActionTypeId);
        Put(to, ref at, Tags.NumberOfRemainingSuboperations, set.RemainingSuboperations);
        Put(to, ref at, Tags.NumberOfCompletedSuboperations, set.CompletedSuboperations);
        Put(to, ref at, Tags.NumberOfFailedSuboperations, set.FailedSuboperations);
        Put(to, ref at, Tags.NumberOfWarningSuboperations, set.WarningSuboperations);
        Put(to, ref at, Tags.MoveOriginatorApplicationEntityTitle, set.MoveOriginatorAeTitle, ' ');
        Put(to, ref at, Tags.MoveOriginatorMessageID, set.MoveOriginatorMessageId);

        Header(to, Tags.CommandGroupLength, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], (uint)(at - GroupLengthBytes));
        return at;
    }

    private static int Text(string? text) => (text?.Length ?? 0) + 1;

    private static void Put(Span<byte> to, ref int at, Tag tag, string? text, char padding)
    {
        if (text is null)
        {
            return;
        }

        int length = Encoding.ASCII.GetBytes(text, to[(at + 8)..]);
        if ((length & 1) == 1)
        {
            to[at + 8 + length] = (byte)padding;
            length++;
        }

        Header(to[at..], tag, length);
        at += 8 + length;
    }

    private static void Put(Span<byte> to, ref int at, Tag tag, ushort? number)
    {
        if (number is not { } value)
        {
            return;
        }

        Header(to[at..], tag, 2);
        BinaryPrimitives.WriteUInt16LittleEndian(to[(at + 8)..], value);
        at += 10;
    }

    private static void Put(Span<byte> to, ref int at, Tag tag, IReadOnlyList<Tag>? tags)
    {
        if (tags is null)
        {
            return;
        }

        Header(to[at..], tag, tags.Count * 4);
        at += 8;
        foreach (Tag value in tags)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(to[at..], value.Group);
            BinaryPrimitives.WriteUInt16LittleEndian(to[(at + 2)..], value.Element);
            at += 4;
        }
    }

    private static void Header(Span<byte> to, Tag tag, int length)
    {
        Debug.Assert(tag.Group == 0, "A command set holds group 0000 only.");
        BinaryPrimitives.WriteUInt16LittleEndian(to, tag.Group);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], tag.Element);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], (uint)length);
    }
}
