using System.Buffers;
using Appliance.Dicom.Data;
using Appliance.Dicom.Network;

namespace Appliance.Dicom.Dimse;

/// <summary>What a presentation data value brought.</summary>
public enum MessageStepKind
{
    /// <summary>A part of a command set; more follows.</summary>
    CommandPart,

    /// <summary>The command set is whole. Its data set follows if it says so.</summary>
    Command,

    /// <summary>A part of the data set.</summary>
    Data,

    /// <summary>The last part of the data set.</summary>
    LastData,

    /// <summary>Not what PS3.7 and PS3.8 annex E allow here; the association is to be aborted.</summary>
    Refused,
}

/// <param name="Command">With <see cref="MessageStepKind.Command"/>.</param>
/// <param name="Refusal">With <see cref="MessageStepKind.Refused"/>: one sentence, no patient data.</param>
public readonly record struct MessageStep(MessageStepKind Kind, CommandSet? Command = null, string? Refusal = null);

/// <summary>
/// Messages from presentation data values: command fragments, then data set fragments of the same context (PS3.7 6.3, PS3.8
/// annex E).
/// </summary>
/// <remarks>Data set fragments are not kept: whoever calls has them in hand and passes them on as they arrive.</remarks>
public sealed class MessageAssembler
{
    private readonly ArrayBufferWriter<byte> command = new(512);
    private byte contextId;
    private Expected expected = Expected.Command;

    private enum Expected
    {
        Command,
        MoreCommand,
        Data,
    }

    /// <summary>The presentation context of the message in hand.</summary>
    public byte ContextId => contextId;

    /// <summary>Nothing of a message has arrived that is not whole.</summary>
    public bool IsBetweenMessages => expected == Expected.Command;

    public MessageStep Take(in PresentationDataValue value)
    {
        if (expected != Expected.Command && value.ContextId != contextId)
        {
            return Refused("A message changes its presentation context.");
        }

        if (expected == Expected.Data)
        {
            return TakeData(value);
        }

        return value.IsCommand ? TakeCommand(value) : Refused("A data set comes without its command set.");
    }

    private MessageStep TakeData(in PresentationDataValue value)
    {
        if (value.IsCommand)
        {
            return Refused("A command set comes before the data set of the one before is whole.");
        }

        expected = value.IsLast ? Expected.Command : Expected.Data;
        return new MessageStep(value.IsLast ? MessageStepKind.LastData : MessageStepKind.Data);
    }

    private MessageStep TakeCommand(in PresentationDataValue value)
    {
        if (command.WrittenCount + value.Fragment.Length > Limits.CommandSetBytes)
        {
            return Refused("A command set is longer than any needs to be.");
        }

        contextId = value.ContextId;
        command.Write(value.Fragment.Span);
        if (!value.IsLast)
        {
            expected = Expected.MoreCommand;
            return new MessageStep(MessageStepKind.CommandPart);
        }

        Parsed<CommandSet> parsed = CommandSetReader.Read(command.WrittenSpan);
        command.ResetWrittenCount();
        if (parsed.Failed)
        {
            return Refused(parsed.Malformed.Text);
        }

        expected = parsed.Value.HasDataSet ? Expected.Data : Expected.Command;
        return new MessageStep(MessageStepKind.Command, parsed.Value);
    }

    private static MessageStep Refused(string why) => new(MessageStepKind.Refused, null, why);
}
