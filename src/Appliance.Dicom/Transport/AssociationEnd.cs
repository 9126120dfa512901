namespace Appliance.Dicom.Transport;

/// <summary>Why an association, or the connection before it, is over.</summary>
public enum EndReason
{
    /// <summary>Released in order (A-RELEASE).</summary>
    Released,

    /// <summary>The acceptor said no (A-ASSOCIATE-RJ).</summary>
    Rejected,

    /// <summary>The peer sent A-ABORT.</summary>
    AbortedByPeer,

    /// <summary>We sent A-ABORT because our own side wanted to end.</summary>
    AbortedByUs,

    /// <summary>The peer sent what PS3.8 or PS3.7 does not allow; we sent A-ABORT.</summary>
    ProtocolError,

    /// <summary>The transport connection went away.</summary>
    Lost,

    /// <summary>No transport connection came up: refused, no route, unknown host.</summary>
    NotConnected,

    /// <summary>No transport connection came up in time.</summary>
    ConnectTimedOut,

    /// <summary>Connected, and then no A-ASSOCIATE PDU within ARTIM.</summary>
    AssociateTimedOut,

    /// <summary>Nothing between two messages for too long.</summary>
    IdleTimedOut,

    /// <summary>A message stopped in its middle.</summary>
    MessageTimedOut,

    /// <summary>No response to a request in time.</summary>
    ResponseTimedOut,

    /// <summary>The peer did not take what we sent.</summary>
    SendTimedOut,

    /// <summary>More connections than there may be.</summary>
    TooManyConnections,

    /// <summary>This side is shutting down, or its caller cancelled.</summary>
    ShutDown,

    /// <summary>A callback of ours failed.</summary>
    Fault,
}

/// <summary>How it ended: a name and one sentence without patient data.</summary>
public sealed record AssociationEnd(EndReason Reason, string Text)
{
    public override string ToString() => $"{Reason}: {Text}";
}
