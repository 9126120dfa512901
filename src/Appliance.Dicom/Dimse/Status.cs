namespace Appliance.Dicom.Dimse;

/// <summary>What a status says (PS3.7 C.1 to C.5).</summary>
public enum StatusCategory
{
    Success,
    Warning,
    Failure,
    Cancel,
    Pending,
}

/// <summary>Status codes of responses, element (0000,0900) (PS3.7 annex C; those of storage from PS3.4 table B.2-1).</summary>
/// <remarks>A peer may send any other number; <see cref="StatusFacts.Category"/> holds for all of them.</remarks>
public enum Status : ushort
{
    /// <summary>C.1.1.</summary>
    Success = 0x0000,

    /// <summary>C.4.1: attributes were not recognised; a warning.</summary>
    RequestedOptionalAttributesNotSupported = 0x0001,

    /// <summary>C.5.21.</summary>
    SopClassNotSupported = 0x0122,

    /// <summary>C.5.7.</summary>
    ClassInstanceConflict = 0x0119,

    /// <summary>C.5.8.</summary>
    DuplicateSopInstance = 0x0111,

    /// <summary>C.5.9.</summary>
    DuplicateInvocation = 0x0210,

    /// <summary>C.5.10.</summary>
    InvalidArgumentValue = 0x0115,

    /// <summary>C.5.11.</summary>
    InvalidAttributeValue = 0x0106,

    /// <summary>C.4.3: a warning.</summary>
    AttributeValueOutOfRange = 0x0116,

    /// <summary>C.4.2: a warning.</summary>
    AttributeListError = 0x0107,

    /// <summary>C.5.12: the SOP Instance UID breaks the rules of UIDs.</summary>
    InvalidObjectInstance = 0x0117,

    /// <summary>C.5.13.</summary>
    MissingAttribute = 0x0120,

    /// <summary>C.5.14.</summary>
    MissingAttributeValue = 0x0121,

    /// <summary>C.5.15.</summary>
    MistypedArgument = 0x0212,

    /// <summary>C.5.16.</summary>
    NoSuchArgument = 0x0114,

    /// <summary>C.5.24.</summary>
    NoSuchActionType = 0x0123,

    /// <summary>C.5.17.</summary>
    NoSuchAttribute = 0x0105,

    /// <summary>C.5.18.</summary>
    NoSuchEventType = 0x0113,

    /// <summary>C.5.19.</summary>
    NoSuchSopInstance = 0x0112,

    /// <summary>C.5.20.</summary>
    NoSuchSopClass = 0x0118,

    /// <summary>C.5.22.</summary>
    ProcessingFailure = 0x0110,

    /// <summary>C.5.23.</summary>
    ResourceLimitation = 0x0213,

    /// <summary>C.5.25.</summary>
    UnrecognizedOperation = 0x0211,

    /// <summary>C.5.26.</summary>
    RefusedNotAuthorized = 0x0124,

    /// <summary>C.3.1: the operation was cancelled.</summary>
    Cancel = 0xFE00,

    /// <summary>C.2.1.</summary>
    Pending = 0xFF00,

    /// <summary>PS3.4 C.4.1.1.4: pending, some optional keys were not supported.</summary>
    PendingWithWarning = 0xFF01,

    /// <summary>PS3.4 B.2.3: refused, out of resources. The sender may try again.</summary>
    OutOfResources = 0xA700,

    /// <summary>PS3.4 B.2.3: an error, the data set does not match the SOP class.</summary>
    DataSetDoesNotMatchSopClass = 0xA900,

    /// <summary>PS3.4 B.2.3: an error, cannot understand.</summary>
    CannotUnderstand = 0xC000,

    /// <summary>PS3.4 B.2.3: stored, some elements were changed; a warning.</summary>
    CoercionOfDataElements = 0xB000,

    /// <summary>PS3.4 B.2.3: stored, some elements were dropped; a warning.</summary>
    ElementsDiscarded = 0xB006,

    /// <summary>PS3.4 B.2.3: stored, although the data set does not match the SOP class; a warning.</summary>
    DataSetDoesNotMatchSopClassWarning = 0xB007,
}

/// <summary>Facts that follow from the number.</summary>
public static class StatusFacts
{
    /// <summary>The category of any status, also of one without a name here (PS3.7 table C-1 and annex C).</summary>
    public static StatusCategory Category(this Status status) => (ushort)status switch
    {
        0x0000 => StatusCategory.Success,
        0x0001 or 0x0107 or 0x0116 => StatusCategory.Warning,
        >= 0xB000 and <= 0xBFFF => StatusCategory.Warning,
        0xFE00 => StatusCategory.Cancel,
        0xFF00 or 0xFF01 => StatusCategory.Pending,
        _ => StatusCategory.Failure,
    };

    /// <summary>The peer has the object: success, or stored with a warning.</summary>
    public static bool IsStored(this Status status) => status.Category() is StatusCategory.Success or StatusCategory.Warning;

    /// <summary>Four hexadecimal digits as documents write it, and the name where it has one.</summary>
    public static string Text(this Status status) =>
        Enum.IsDefined(status) ? $"{(ushort)status:X4}H {status}" : $"{(ushort)status:X4}H {status.Category()}";
}
