namespace Appliance.Dicom.Network;

/// <summary>A-ASSOCIATE-RJ: result, source and reason (PS3.8 table 9-21).</summary>
public readonly record struct AssociateReject(byte Result, byte Source, byte Reason)
{
    private const byte Permanent = 1;
    private const byte Transient = 2;
    private const byte User = 1;
    private const byte ProviderAcse = 2;
    private const byte ProviderPresentation = 3;

    public static readonly AssociateReject NoReason = new(Permanent, User, 1);
    public static readonly AssociateReject ApplicationContext = new(Permanent, User, 2);
    public static readonly AssociateReject CallingAeTitle = new(Permanent, User, 3);
    public static readonly AssociateReject CalledAeTitle = new(Permanent, User, 7);
    public static readonly AssociateReject ProtocolVersion = new(Permanent, ProviderAcse, 2);
    public static readonly AssociateReject TemporaryCongestion = new(Transient, ProviderPresentation, 1);

    /// <summary>Too many associations, or too little disk: the peer may try again later.</summary>
    public static readonly AssociateReject LocalLimit = new(Transient, ProviderPresentation, 2);

    public bool IsTransient => Result == Transient;

    /// <summary>The names of table 9-21.</summary>
    public override string ToString() => (Source, Reason) switch
    {
        (User, 1) => "no reason given",
        (User, 2) => "application context name not supported",
        (User, 3) => "calling AE title not recognized",
        (User, 7) => "called AE title not recognized",
        (ProviderAcse, 1) => "no reason given",
        (ProviderAcse, 2) => "protocol version not supported",
        (ProviderPresentation, 1) => "temporary congestion",
        (ProviderPresentation, 2) => "local limit exceeded",
        _ => $"reason {Result}/{Source}/{Reason}",
    };
}
