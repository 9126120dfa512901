using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Appliance.Dicom.Network;

/// <summary>Big-endian writing into a buffer that grows, with lengths filled in when a block is closed.</summary>
internal sealed class PduBuffer
{
    private byte[] bytes = new byte[512];
    private int count;

    public byte[] ToArray() => bytes[..count];

    public PduBuffer Byte(byte value)
    {
        Claim(1)[0] = value;
        return this;
    }

    public PduBuffer UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Claim(2), value);
        return this;
    }

    public PduBuffer UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Claim(4), value);
        return this;
    }

    public PduBuffer Zeros(int length)
    {
        Claim(length).Clear();
        return this;
    }

    public PduBuffer Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Claim(value.Length));
        return this;
    }

    public PduBuffer Counted(ReadOnlySpan<byte> value) => UInt16(checked((ushort)value.Length)).Bytes(value);

    public PduBuffer CountedText(string value) => Counted(Encoding.ASCII.GetBytes(value));

    /// <summary>Sixteen characters, padded with spaces (PS3.8 table 9-11).</summary>
    public PduBuffer AeTitle(string value)
    {
        Debug.Assert(value.Length is > 0 and <= Limits.AeTitleCharacters, "An AE title has 1 to 16 characters.");
        return Bytes(Encoding.ASCII.GetBytes(value.PadRight(Limits.AeTitleCharacters)));
    }

    /// <summary>PDU header (type, reserved, 32-bit length) around the content.</summary>
    public PduBuffer Pdu(PduType type, Action<PduBuffer> content)
    {
        Byte((byte)type).Byte(0);
        int at = count;
        UInt32(0);
        content(this);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), (uint)(count - at - 4));
        return this;
    }

    /// <summary>Item header (type, reserved, 16-bit length) around the content.</summary>
    public PduBuffer Item(byte type, Action<PduBuffer> content)
    {
        Byte(type).Byte(0);
        int at = count;
        UInt16(0);
        content(this);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), checked((ushort)(count - at - 2)));
        return this;
    }

    public PduBuffer TextItem(byte type, string value) => Item(type, item => item.Bytes(Encoding.ASCII.GetBytes(value)));

    private Span<byte> Claim(int length)
    {
        if (count + length > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, count + length));
        }

        count += length;
        return bytes.AsSpan(count - length, length);
    }
}
