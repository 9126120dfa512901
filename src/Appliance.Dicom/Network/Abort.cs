namespace Appliance.Dicom.Network;

/// <summary>A-ABORT: source and reason (PS3.8 table 9-26).</summary>
public readonly record struct Abort(byte Source, byte Reason)
{
    private const byte User = 0;
    private const byte Provider = 2;

    public static readonly Abort ByUser = new(User, 0);
    public static readonly Abort NoReason = new(Provider, 0);
    public static readonly Abort UnrecognizedPdu = new(Provider, 1);
    public static readonly Abort UnexpectedPdu = new(Provider, 2);
    public static readonly Abort UnrecognizedParameter = new(Provider, 4);
    public static readonly Abort UnexpectedParameter = new(Provider, 5);
    public static readonly Abort InvalidParameterValue = new(Provider, 6);

    public bool IsByUser => Source == User;

    /// <summary>The names of table 9-26.</summary>
    public override string ToString() => (Source, Reason) switch
    {
        (User, _) => "by the service user",
        (Provider, 0) => "by the service provider, reason not specified",
        (Provider, 1) => "by the service provider, unrecognized PDU",
        (Provider, 2) => "by the service provider, unexpected PDU",
        (Provider, 4) => "by the service provider, unrecognized PDU parameter",
        (Provider, 5) => "by the service provider, unexpected PDU parameter",
        (Provider, 6) => "by the service provider, invalid PDU parameter value",
        _ => $"by source {Source}, reason {Reason}",
    };
}
