namespace Appliance.Dicom;

/// <summary>Bounds of the wire, network part (PS3.8, PS3.7).</summary>
public static partial class Limits
{
    /// <summary>What we announce as the longest P-DATA-TF: the longest that dcmtk sends.</summary>
    public const int ReceivePduBytes = 131072;

    /// <summary>Peers that count the PDU header, or the PDV header, into the maximum exceed it by some bytes; that harms nobody.</summary>
    public const int ReceivePduSlackBytes = 64;

    /// <summary>The longest P-DATA-TF that we send, also to a peer that announces no limit: with its header 128 KiB.</summary>
    public const int SendPduBytes = 131072 - 6;

    /// <summary>128 presentation contexts with twenty transfer syntaxes each stay below this.</summary>
    public const int AssociatePduBytes = 128 * 1024;

    /// <summary>A PDU that carries nothing but reserved bytes, a result or a reason (PS3.8 9.3.4, 9.3.6 to 9.3.8).</summary>
    public const int FixedPduBytes = 4;

    /// <summary>Context identifiers are odd and one byte (PS3.8 9.3.2.2).</summary>
    public const int PresentationContexts = 128;

    /// <summary>A command set holds UIDs, numbers and short text; an attribute list in an N-GET makes the longest.</summary>
    public const int CommandSetBytes = 64 * 1024;

    /// <summary>A request for storage commitment of 20 000 instances, or a procedure step that lists as many.</summary>
    public const int NormalizedDataSetBytes = 4 * 1024 * 1024;

    /// <summary>A peer that releases after its request does so within a round trip; a slow one within this.</summary>
    public const int ReportAfterMs = 500;

    /// <summary>Received and not yet taken bytes of one association: one of the longest PDUs, and room for what follows it.</summary>
    public const int ReceiveBufferBytes = 256 * 1024;

    /// <summary>PDUs that go to the peer in one write: two of the longest.</summary>
    public const int SendBufferBytes = 256 * 1024;

    /// <summary>A provider sends command sets only.</summary>
    public const int ResponseBufferBytes = 4 * 1024;

    /// <summary>PS3.5 9.1.</summary>
    public const int UidCharacters = 64;

    /// <summary>PS3.5 table 6.2-1, AE.</summary>
    public const int AeTitleCharacters = 16;

    /// <summary>Associations at one time. Each holds two buffers of about two PDUs.</summary>
    public const int Associations = 64;

    /// <summary>Connections at one time: those before and after their association as well.</summary>
    public const int Connections = 2 * Associations;

    /// <summary>Connections that the kernel holds for us until they are accepted.</summary>
    public const int ListenBacklog = 128;

    /// <summary>ARTIM: how long a peer may take to ask for an association, or to close one that has ended (PS3.8 9.1.4).</summary>
    public const int ArtimSeconds = 30;

    /// <summary>Between two messages: a modality keeps its association over a whole examination, with pauses.</summary>
    public const int IdleSeconds = 300;

    /// <summary>Within a message, for the next PDU: a sender of one byte a minute does not hold an association.</summary>
    public const int MidMessageSeconds = 30;

    /// <summary>For a TCP connection to a peer to come up.</summary>
    public const int ConnectSeconds = 15;

    /// <summary>A PACS may store and index before it answers.</summary>
    public const int ResponseSeconds = 120;

    /// <summary>While one write to the peer makes no progress.</summary>
    public const int SendSeconds = 60;
}
