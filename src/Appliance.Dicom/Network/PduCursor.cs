using System.Buffers.Binary;

namespace Appliance.Dicom.Network;

/// <summary>Big-endian reading with one rule: past the end everything is zero or empty, and <see cref="Failed"/> says so.</summary>
/// <remarks>So a reader is a straight line and asks once, at its end.</remarks>
internal ref struct PduCursor(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public bool Failed { get; private set; }

    public readonly bool AtEnd => rest.IsEmpty;

    public byte Byte() => Bytes(1) is { Length: 1 } taken ? taken[0] : (byte)0;

    public ushort UInt16() => Bytes(2) is { Length: 2 } taken ? BinaryPrimitives.ReadUInt16BigEndian(taken) : (ushort)0;

    public uint UInt32() => Bytes(4) is { Length: 4 } taken ? BinaryPrimitives.ReadUInt32BigEndian(taken) : 0;

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > rest.Length)
        {
            Failed = true;
            rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    public ReadOnlySpan<byte> Rest() => Bytes(rest.Length);

    /// <summary>A 16-bit length and that many bytes.</summary>
    public ReadOnlySpan<byte> Counted() => Bytes(UInt16());

    /// <summary>An item or sub-item: type, reserved byte, 16-bit length, content (PS3.8 9.3.1).</summary>
    public byte Item(out PduCursor content)
    {
        byte type = Byte();
        Byte();
        content = new PduCursor(Counted());
        return type;
    }

    public string CountedText() => Text(Counted());

    public string RestText() => Text(Rest());

    /// <summary>Text of a PDU without padding. What is not printable ASCII becomes '?': such text reaches logs and is compared.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.Trim(" \0"u8);
        return string.Create(bytes.Length, bytes, static (text, source) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = source[i] is >= 0x20 and < 0x7F ? (char)source[i] : '?';
            }
        });
    }
}
