using static Appliance.Dicom.Network.UpperLayerAction;

namespace Appliance.Dicom.Network;

/// <summary>States of the upper layer protocol machine (PS3.8 9.2.1).</summary>
public enum UpperLayerState : byte
{
    /// <summary>Idle.</summary>
    Sta1 = 1,

    /// <summary>Transport connection open, awaiting A-ASSOCIATE-RQ.</summary>
    Sta2,

    /// <summary>Awaiting the local A-ASSOCIATE response.</summary>
    Sta3,

    /// <summary>Awaiting transport connection opening to complete.</summary>
    Sta4,

    /// <summary>Awaiting A-ASSOCIATE-AC or -RJ.</summary>
    Sta5,

    /// <summary>Association established, ready for data transfer.</summary>
    Sta6,

    /// <summary>Awaiting A-RELEASE-RP.</summary>
    Sta7,

    /// <summary>Awaiting the local A-RELEASE response.</summary>
    Sta8,

    /// <summary>Release collision, requestor: awaiting the local A-RELEASE response.</summary>
    Sta9,

    /// <summary>Release collision, acceptor: awaiting A-RELEASE-RP.</summary>
    Sta10,

    /// <summary>Release collision, requestor: awaiting A-RELEASE-RP.</summary>
    Sta11,

    /// <summary>Release collision, acceptor: awaiting the local A-RELEASE response.</summary>
    Sta12,

    /// <summary>Awaiting that the peer closes the transport connection; the association no longer exists.</summary>
    Sta13,
}

/// <summary>Events of table 9-10, numbered as in the standard.</summary>
public enum UpperLayerEvent : byte
{
    AssociateRequest = 1,
    TransportConfirmation = 2,
    AssociateAcPdu = 3,
    AssociateRjPdu = 4,
    TransportIndication = 5,
    AssociateRqPdu = 6,
    AssociateResponseAccept = 7,
    AssociateResponseReject = 8,
    PDataRequest = 9,
    PDataTfPdu = 10,
    ReleaseRequest = 11,
    ReleaseRqPdu = 12,
    ReleaseRpPdu = 13,
    ReleaseResponse = 14,
    AbortRequest = 15,
    AbortPdu = 16,
    TransportClosed = 17,
    ArtimExpired = 18,
    InvalidPdu = 19,
}

/// <summary>Actions of tables 9-6 to 9-9, named as in the standard.</summary>
public enum UpperLayerAction : byte
{
    /// <summary>An empty cell of table 9-10: the event cannot happen in that state.</summary>
    None,
    AE1, AE2, AE3, AE4, AE5, AE6, AE7, AE8,
    DT1, DT2,
    AR1, AR2, AR3, AR4, AR5, AR6, AR7, AR8, AR9, AR10,
    AA1, AA2, AA3, AA4, AA5, AA6, AA7, AA8,
}

/// <summary>The upper layer protocol state transition table (PS3.8 table 9-10): 19 events, 13 states.</summary>
public static class UpperLayerTable
{
    public const int States = 13;

    public const int Events = 19;

    private const UpperLayerAction ____ = None;

    private static readonly UpperLayerAction[] Rows =
    [
        // Sta1 Sta2  Sta3  Sta4  Sta5  Sta6  Sta7  Sta8  Sta9  Sta10 Sta11 Sta12 Sta13
        AE1,  ____, ____, ____, ____, ____, ____, ____, ____, ____, ____, ____, ____, // 1 A-ASSOCIATE request
        ____, ____, ____, AE2,  ____, ____, ____, ____, ____, ____, ____, ____, ____, // 2 transport connect confirmation
        ____, AA1,  AA8,  ____, AE3,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6,  // 3 A-ASSOCIATE-AC PDU
        ____, AA1,  AA8,  ____, AE4,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6,  // 4 A-ASSOCIATE-RJ PDU
        AE5,  ____, ____, ____, ____, ____, ____, ____, ____, ____, ____, ____, ____, // 5 transport connection indication
        ____, AE6,  AA8,  ____, AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA7,  // 6 A-ASSOCIATE-RQ PDU
        ____, ____, AE7,  ____, ____, ____, ____, ____, ____, ____, ____, ____, ____, // 7 A-ASSOCIATE response, accept
        ____, ____, AE8,  ____, ____, ____, ____, ____, ____, ____, ____, ____, ____, // 8 A-ASSOCIATE response, reject
        ____, ____, ____, ____, ____, DT1,  ____, AR7,  ____, ____, ____, ____, ____, // 9 P-DATA request
        ____, AA1,  AA8,  ____, AA8,  DT2,  AR6,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6,  // 10 P-DATA-TF PDU
        ____, ____, ____, ____, ____, AR1,  ____, ____, ____, ____, ____, ____, ____, // 11 A-RELEASE request
        ____, AA1,  AA8,  ____, AA8,  AR2,  AR8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6,  // 12 A-RELEASE-RQ PDU
        ____, AA1,  AA8,  ____, AA8,  AA8,  AR3,  AA8,  AA8,  AR10, AR3,  AA8,  AA6,  // 13 A-RELEASE-RP PDU
        ____, ____, ____, ____, ____, ____, ____, AR4,  AR9,  ____, ____, AR4,  ____, // 14 A-RELEASE response
        ____, ____, AA1,  AA2,  AA1,  AA1,  AA1,  AA1,  AA1,  AA1,  AA1,  AA1,  ____, // 15 A-ABORT request
        ____, AA2,  AA3,  ____, AA3,  AA3,  AA3,  AA3,  AA3,  AA3,  AA3,  AA3,  AA2,  // 16 A-ABORT PDU
        ____, AA5,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AR5,  // 17 transport connection closed
        ____, AA2,  ____, ____, ____, ____, ____, ____, ____, ____, ____, ____, AA2,  // 18 ARTIM timer expired
        ____, AA1,  AA8,  ____, AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA7,  // 19 unrecognized or invalid PDU
    ];

    /// <summary>The cell of the table; <see cref="None"/> where the standard leaves it empty.</summary>
    public static UpperLayerAction ActionOf(UpperLayerEvent happened, UpperLayerState state) =>
        Rows[(((int)happened - 1) * States) + (int)state - 1];
}
