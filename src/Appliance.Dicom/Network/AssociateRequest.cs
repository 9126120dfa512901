namespace Appliance.Dicom.Network;

/// <summary>One proposed presentation context (PS3.8 9.3.2.2).</summary>
/// <param name="Id">Odd, 1 to 255, unique in the association.</param>
public sealed record ProposedContext(byte Id, string AbstractSyntax, IReadOnlyList<string> TransferSyntaxes);

/// <summary>A-ASSOCIATE-RQ (PS3.8 9.3.2). Titles and UIDs are without padding; other than printable ASCII reads as '?'.</summary>
public sealed record AssociateRequest
{
    /// <summary>The DICOM application context name (PS3.7 A.2.1).</summary>
    public const string DicomApplicationContext = "1.2.840.10008.3.1.1.1";

    /// <summary>Bit 0 is version 1, the only one there is.</summary>
    public ushort ProtocolVersion { get; init; } = 1;

    public required string CalledAeTitle { get; init; }

    public required string CallingAeTitle { get; init; }

    public string ApplicationContext { get; init; } = DicomApplicationContext;

    public required IReadOnlyList<ProposedContext> Contexts { get; init; }

    public UserInformation UserInformation { get; init; } = new();
}

/// <summary>Result of one presentation context (PS3.8 table 9-18).</summary>
public enum ContextResult : byte
{
    Acceptance = 0,
    UserRejection = 1,
    NoReason = 2,
    AbstractSyntaxNotSupported = 3,
    TransferSyntaxesNotSupported = 4,
}

/// <summary>One presentation context of the answer (PS3.8 9.3.3.2).</summary>
/// <param name="TransferSyntax">The chosen one; without meaning where the context was not accepted.</param>
public sealed record AnsweredContext(byte Id, ContextResult Result, string TransferSyntax);

/// <summary>A-ASSOCIATE-AC (PS3.8 9.3.3).</summary>
public sealed record AssociateAccept
{
    public ushort ProtocolVersion { get; init; } = 1;

    /// <summary>Sent back as received; not to be tested (PS3.8 table 9-17).</summary>
    public required string CalledAeTitle { get; init; }

    public required string CallingAeTitle { get; init; }

    public string ApplicationContext { get; init; } = AssociateRequest.DicomApplicationContext;

    public required IReadOnlyList<AnsweredContext> Contexts { get; init; }

    public UserInformation UserInformation { get; init; } = new();
}
