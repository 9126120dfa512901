using System.Buffers.Binary;

namespace Appliance.Dicom.Network;

/// <summary>What the first received bytes are.</summary>
public enum PduFrameKind
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>One whole PDU.</summary>
    Complete,

    /// <summary>The first byte is no PDU type of PS3.8 9.3.1: garbage, or another protocol.</summary>
    UnknownType,

    /// <summary>Longer than what was announced, or than any such PDU needs to be.</summary>
    TooLong,

    /// <summary>A PDU of fixed length that states another one.</summary>
    WrongLength,
}

/// <summary>The next PDU in received bytes: its kind, its type and the length of what follows its 6-byte header.</summary>
/// <remarks>PS3.8 9.3.1. Decides as early as it can: a wrong type with the first byte, a wrong length with the sixth.</remarks>
public readonly record struct PduFrame(PduFrameKind Kind, PduType Type, int BodyBytes)
{
    public const int HeaderBytes = 6;

    /// <summary>Header and body.</summary>
    public int TotalBytes => HeaderBytes + BodyBytes;

    /// <param name="received">All bytes that were received and not yet taken.</param>
    /// <param name="maxPDataBytes">The longest P-DATA-TF body to take.</param>
    public static PduFrame Of(ReadOnlySpan<byte> received, int maxPDataBytes)
    {
        if (received.IsEmpty)
        {
            return default;
        }

        PduType type = (PduType)received[0];
        if (type is < PduType.AssociateRq or > PduType.Abort)
        {
            return new PduFrame(PduFrameKind.UnknownType, type, 0);
        }

        if (received.Length < HeaderBytes)
        {
            return new PduFrame(PduFrameKind.Incomplete, type, 0);
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(received[2..]);
        PduFrameKind wrong = WrongLength(type, length, maxPDataBytes);
        if (wrong != PduFrameKind.Complete)
        {
            return new PduFrame(wrong, type, 0);
        }

        return received.Length < HeaderBytes + (int)length
            ? new PduFrame(PduFrameKind.Incomplete, type, (int)length)
            : new PduFrame(PduFrameKind.Complete, type, (int)length);
    }

    private static PduFrameKind WrongLength(PduType type, uint length, int maxPDataBytes) => type switch
    {
        PduType.PDataTf when length > (uint)maxPDataBytes => PduFrameKind.TooLong,
        PduType.AssociateRq or PduType.AssociateAc when length > Limits.AssociatePduBytes => PduFrameKind.TooLong,
        PduType.AssociateRj or PduType.ReleaseRq or PduType.ReleaseRp or PduType.Abort when length != Limits.FixedPduBytes
            => PduFrameKind.WrongLength,
        _ => PduFrameKind.Complete,
    };
}
