using Appliance.Dicom.Data;

namespace Appliance.Dicom.Dimse;

/// <summary>Priority of a C-STORE, C-FIND, C-GET or C-MOVE request (PS3.7 E.1).</summary>
public enum Priority : ushort
{
    Medium = 0,
    High = 1,
    Low = 2,
}

/// <summary>A command set: group 0000 of a message (PS3.7 6.3, E.1). An absent element is null.</summary>
/// <remarks>Which elements a message must have is <see cref="CommandRules"/>. UIDs are without padding.</remarks>
public sealed record CommandSet
{
    public required CommandField Field { get; init; }

    /// <summary>A data set follows: Command Data Set Type (0000,0800) is not 0101H.</summary>
    public bool HasDataSet { get; init; }

    public ushort? MessageId { get; init; }

    public ushort? MessageIdBeingRespondedTo { get; init; }

    public string? AffectedSopClassUid { get; init; }

    public string? RequestedSopClassUid { get; init; }

    public string? AffectedSopInstanceUid { get; init; }

    public string? RequestedSopInstanceUid { get; init; }

    public Priority? Priority { get; init; }

    public Status? Status { get; init; }

    /// <summary>At most 64 characters (PS3.7 C.5).</summary>
    public string? ErrorComment { get; init; }

    public ushort? ErrorId { get; init; }

    public IReadOnlyList<Tag>? OffendingElements { get; init; }

    public IReadOnlyList<Tag>? AttributeIdentifiers { get; init; }

    public ushort? EventTypeId { get; init; }

    public ushort? ActionTypeId { get; init; }

    public string? MoveDestination { get; init; }

    public string? MoveOriginatorAeTitle { get; init; }

    public ushort? MoveOriginatorMessageId { get; init; }

    public ushort? RemainingSuboperations { get; init; }

    public ushort? CompletedSuboperations { get; init; }

    public ushort? FailedSuboperations { get; init; }

    public ushort? WarningSuboperations { get; init; }

    /// <summary>The SOP class it is about, whichever of the two elements names it.</summary>
    public string? SopClassUid => AffectedSopClassUid ?? RequestedSopClassUid;

    public string? SopInstanceUid => AffectedSopInstanceUid ?? RequestedSopInstanceUid;

    /// <summary>C-ECHO request (PS3.7 9.3.5.1).</summary>
    public static CommandSet EchoRequest(ushort messageId) => new()
    {
        Field = CommandField.CEchoRq,
        MessageId = messageId,
        AffectedSopClassUid = Uids.Verification,
    };

    /// <summary>C-STORE request (PS3.7 9.3.1.1).</summary>
    public static CommandSet StoreRequest(ushort messageId, string sopClassUid, string sopInstanceUid) => new()
    {
        Field = CommandField.CStoreRq,
        HasDataSet = true,
        MessageId = messageId,
        AffectedSopClassUid = sopClassUid,
        AffectedSopInstanceUid = sopInstanceUid,
        Priority = Dimse.Priority.Medium,
    };

    /// <summary>N-EVENT-REPORT request (PS3.7 10.3.1.1).</summary>
    public static CommandSet EventReportRequest(ushort messageId, string sopClassUid, string sopInstanceUid, ushort eventTypeId) => new()
    {
        Field = CommandField.NEventReportRq,
        HasDataSet = true,
        MessageId = messageId,
        AffectedSopClassUid = sopClassUid,
        AffectedSopInstanceUid = sopInstanceUid,
        EventTypeId = eventTypeId,
    };

    /// <summary>The response to this request, without data set: for every request but C-CANCEL, which has none (PS3.7 9.3, 10.3).</summary>
    public CommandSet Respond(Status status, string? errorComment = null) => new()
    {
        Field = Field.Response(),
        MessageIdBeingRespondedTo = MessageId,
        AffectedSopClassUid = SopClassUid,
        AffectedSopInstanceUid = SopInstanceUid,
        EventTypeId = EventTypeId,
        ActionTypeId = ActionTypeId,
        Status = status,
        ErrorComment = errorComment,
    };
}
