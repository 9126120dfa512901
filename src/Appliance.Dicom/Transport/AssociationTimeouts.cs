namespace Appliance.Dicom.Transport;

/// <summary>How long to wait for what. The defaults are those of <see cref="Limits"/>.</summary>
public sealed record AssociationTimeouts
{
    public static readonly AssociationTimeouts Default = new();

    /// <summary>For an A-ASSOCIATE PDU after the connection, and for the peer to close after the end (PS3.8 9.1.4).</summary>
    public TimeSpan Artim { get; init; } = TimeSpan.FromSeconds(Limits.ArtimSeconds);

    /// <summary>Provider: between two messages.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(Limits.IdleSeconds);

    /// <summary>Provider: for the next PDU of a message.</summary>
    public TimeSpan MidMessage { get; init; } = TimeSpan.FromSeconds(Limits.MidMessageSeconds);

    /// <summary>While one write makes no progress.</summary>
    public TimeSpan Send { get; init; } = TimeSpan.FromSeconds(Limits.SendSeconds);

    /// <summary>User: for the transport connection.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(Limits.ConnectSeconds);

    /// <summary>User: from the end of a request to the end of its response.</summary>
    public TimeSpan Response { get; init; } = TimeSpan.FromSeconds(Limits.ResponseSeconds);
}
