using System.Buffers.Binary;
using Appliance.Dicom.Data;
using Appliance.Dicom.Network;

namespace Appliance.Dicom.Dimse;

/// <summary>Bytes of a command set, always implicit little endian, into a record (PS3.7 6.3.1).</summary>
/// <remarks>Retired and unknown elements of group 0000 are passed over; an element of another group is malformed.</remarks>
public static class CommandSetReader
{
    private const int ElementHeaderBytes = 8;

    public static Parsed<CommandSet> Read(ReadOnlySpan<byte> bytes)
    {
        if (WrongIn(bytes) is { } malformed)
        {
            return malformed;
        }

        if (Number(bytes, Tags.CommandField) is not { } field)
        {
            return new Malformed(MalformedReason.BadCommandSet, 0, "The command set has no command field.");
        }

        return new CommandSet
        {
            Field = (CommandField)field,
            HasDataSet = Number(bytes, Tags.CommandDataSetType) is { } type and not CommandSetWriter.NoDataSet,
            MessageId = Number(bytes, Tags.MessageID),
            MessageIdBeingRespondedTo = Number(bytes, Tags.MessageIDBeingRespondedTo),
            AffectedSopClassUid = Text(bytes, Tags.AffectedSOPClassUID),
            RequestedSopClassUid = Text(bytes, Tags.RequestedSOPClassUID),
            AffectedSopInstanceUid = Text(bytes, Tags.AffectedSOPInstanceUID),
            RequestedSopInstanceUid = Text(bytes, Tags.RequestedSOPInstanceUID),
            Priority = (Priority?)Number(bytes, Tags.Priority),
            Status = (Status?)Number(bytes, Tags.Status),
            ErrorComment = Text(bytes, Tags.ErrorComment),
            ErrorId = Number(bytes, Tags.ErrorID),
            OffendingElements = TagList(bytes, Tags.OffendingElement),
            AttributeIdentifiers = TagList(bytes, Tags.AttributeIdentifierList),
            EventTypeId = Number(bytes, Tags.EventTypeID),
            ActionTypeId = Number(bytes, Tags.ActionTypeID),
            MoveDestination = Text(bytes, Tags.MoveDestination),
            MoveOriginatorAeTitle = Text(bytes, Tags.MoveOriginatorApplicationEntityTitle),
            MoveOriginatorMessageId = Number(bytes, Tags.MoveOriginatorMessageID),
            RemainingSuboperations = Number(bytes, Tags.NumberOfRemainingSuboperations),
            CompletedSuboperations = Number(bytes, Tags.NumberOfCompletedSuboperations),
            FailedSuboperations = Number(bytes, Tags.NumberOfFailedSuboperations),
            WarningSuboperations = Number(bytes, Tags.NumberOfWarningSuboperations),
        };
    }

    /// <summary>What breaks the structure, or null: afterwards every element lies within the bytes.</summary>
    private static Malformed? WrongIn(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            if (bytes.Length - at < ElementHeaderBytes)
            {
                return new Malformed(MalformedReason.Truncated, at, "The command set ends inside an element's header.");
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) != 0)
            {
                return new Malformed(MalformedReason.BadCommandSet, at, "A command set holds an element of another group than 0000.");
            }

            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            if (length > (uint)(bytes.Length - at - ElementHeaderBytes))
            {
                return new Malformed(MalformedReason.LengthBeyondEnd, at, "An element is longer than the command set.");
            }

            at += ElementHeaderBytes + (int)length;
        }

        return null;
    }

    /// <summary>The value of an element, empty where it is absent. With some ten elements looking is cheaper than a map.</summary>
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> bytes, Tag tag)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 4)..]);
            if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[(at + 2)..]) == tag.Element)
            {
                return bytes.Slice(at + ElementHeaderBytes, length);
            }

            at += ElementHeaderBytes + length;
        }

        return default;
    }

    /// <summary>An empty value is an absent one.</summary>
    private static string? Text(ReadOnlySpan<byte> bytes, Tag tag) =>
        PduCursor.Text(Find(bytes, tag)) is { Length: > 0 } text ? text : null;

    private static ushort? Number(ReadOnlySpan<byte> bytes, Tag tag) =>
        Find(bytes, tag) is { Length: >= 2 } value ? BinaryPrimitives.ReadUInt16LittleEndian(value) : null;

    private static Tag[]? TagList(ReadOnlySpan<byte> bytes, Tag tag)
    {
        ReadOnlySpan<byte> value = Find(bytes, tag);
        if (value.IsEmpty)
        {
            return null;
        }

        Tag[] tags = new Tag[value.Length / 4];
        for (int i = 0; i < tags.Length; i++)
        {
            ReadOnlySpan<byte> at = value[(i * 4)..];
            tags[i] = new Tag(BinaryPrimitives.ReadUInt16LittleEndian(at), BinaryPrimitives.ReadUInt16LittleEndian(at[2..]));
        }

        return tags;
    }
}
