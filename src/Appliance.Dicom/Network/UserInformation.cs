using Appliance.Dicom.Data;

namespace Appliance.Dicom.Network;

/// <summary>SCP/SCU role selection (PS3.7 D.3.3.4).</summary>
/// <param name="IsUser">The requestor may be service class user.</param>
/// <param name="IsProvider">The requestor may be service class provider.</param>
public sealed record RoleSelection(string SopClassUid, bool IsUser, bool IsProvider);

/// <summary>Operations and performers that may be outstanding (PS3.7 D.3.3.3); 0 is unlimited.</summary>
public sealed record AsynchronousWindow(ushort Invoked, ushort Performed);

/// <summary>SOP class extended negotiation (PS3.7 D.3.3.5); the service class defines the bytes.</summary>
public sealed record ExtendedNegotiation(string SopClassUid, ReadOnlyMemory<byte> ServiceClassInformation);

/// <summary>SOP class common extended negotiation (PS3.7 D.3.3.6).</summary>
public sealed record CommonExtendedNegotiation(
    string SopClassUid, string ServiceClassUid, IReadOnlyList<string> RelatedGeneralSopClassUids);

/// <summary>User identity of a request (PS3.7 D.3.3.7.1). Fields stay bytes: they may be a password or a ticket.</summary>
/// <param name="Type">1 user name, 2 with passcode, 3 Kerberos, 4 SAML, 5 JSON web token.</param>
public sealed record UserIdentity(byte Type, bool ResponseRequested, ReadOnlyMemory<byte> Primary, ReadOnlyMemory<byte> Secondary)
{
    /// <summary>Names the type only: the rest is a secret.</summary>
    public override string ToString() => $"user identity of type {Type}";
}

/// <summary>The user information item of A-ASSOCIATE-RQ and -AC (PS3.8 9.3.2.3, D.1, PS3.7 D.3.3).</summary>
public sealed record UserInformation
{
    /// <summary>The longest P-DATA-TF that the sender of this takes; 0 is unlimited (PS3.8 D.1.1).</summary>
    public uint MaxPduBytes { get; init; }

    public string ImplementationClassUid { get; init; } = Implementation.ClassUid;

    public string? ImplementationVersion { get; init; }

    public AsynchronousWindow? AsynchronousWindow { get; init; }

    public IReadOnlyList<RoleSelection> Roles { get; init; } = [];

    public IReadOnlyList<ExtendedNegotiation> Extended { get; init; } = [];

    public IReadOnlyList<CommonExtendedNegotiation> CommonExtended { get; init; } = [];

    public UserIdentity? Identity { get; init; }

    /// <summary>The acceptor's answer to a user identity (PS3.7 D.3.3.7.2).</summary>
    public ReadOnlyMemory<byte>? IdentityResponse { get; init; }
}
