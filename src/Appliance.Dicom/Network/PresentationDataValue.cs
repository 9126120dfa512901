using System.Buffers.Binary;

namespace Appliance.Dicom.Network;

/// <summary>One presentation data value: a fragment of a command or of a data set (PS3.8 9.3.5.1, annex E).</summary>
public readonly record struct PresentationDataValue(byte ContextId, bool IsCommand, bool IsLast, ReadOnlyMemory<byte> Fragment);

/// <summary>Walks the presentation data values of one P-DATA-TF body without copying.</summary>
/// <param name="body">A body that <see cref="IsWellFormed"/>.</param>
public struct PresentationDataValues(ReadOnlyMemory<byte> body)
{
    private const int LengthBytes = 4;
    private const byte CommandBit = 1;
    private const byte LastBit = 2;

    private ReadOnlyMemory<byte> rest = body;

    public readonly bool HasMore => !rest.IsEmpty;

    public bool TryNext(out PresentationDataValue value)
    {
        if (rest.IsEmpty)
        {
            value = default;
            return false;
        }

        ReadOnlySpan<byte> bytes = rest.Span;
        int length = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes);
        byte control = bytes[LengthBytes + 1];
        value = new PresentationDataValue(
            bytes[LengthBytes], (control & CommandBit) != 0, (control & LastBit) != 0, rest.Slice(LengthBytes + 2, length - 2));
        rest = rest[(LengthBytes + length)..];
        return true;
    }

    /// <summary>At least one value, each with context identifier and control header, filling the body exactly.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return false;
        }

        while (!body.IsEmpty)
        {
            if (body.Length < LengthBytes + 2)
            {
                return false;
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(body);
            if (length < 2 || length > (uint)(body.Length - LengthBytes))
            {
                return false;
            }

            body = body[(LengthBytes + (int)length)..];
        }

        return true;
    }
}
