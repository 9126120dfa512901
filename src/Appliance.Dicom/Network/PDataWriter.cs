using System.Buffers.Binary;
using System.Diagnostics;

namespace Appliance.Dicom.Network;

/// <summary>P-DATA-TF PDUs with one presentation data value each, as the peer's maximum length allows (PS3.8 9.3.5, D.1).</summary>
public static class PDataWriter
{
    /// <summary>Length, context identifier and message control header of a PDV (PS3.8 9.3.5.1).</summary>
    public const int PdvHeaderBytes = 6;

    public const int HeaderBytes = PduFrame.HeaderBytes + PdvHeaderBytes;

    /// <summary>The longest fragment for a peer's announced maximum, 0 being unlimited.</summary>
    public static int FragmentBytes(uint peerMaxPduBytes)
    {
        Debug.Assert(peerMaxPduBytes is 0 or > PdvHeaderBytes, "The reader has refused such a maximum.");
        uint pdu = peerMaxPduBytes is 0 or > Limits.SendPduBytes ? Limits.SendPduBytes : peerMaxPduBytes;
        return (int)pdu - PdvHeaderBytes;
    }

    /// <summary>The twelve bytes before a fragment.</summary>
    public static void Header(Span<byte> to, byte contextId, bool isCommand, bool isLast, int fragmentBytes)
    {
        to[0] = (byte)PduType.PDataTf;
        to[1] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(to[2..], (uint)(fragmentBytes + PdvHeaderBytes));
        BinaryPrimitives.WriteUInt32BigEndian(to[6..], (uint)(fragmentBytes + 2));
        to[10] = contextId;
        to[11] = (byte)((isCommand ? 1 : 0) | (isLast ? 2 : 0));
    }
}
