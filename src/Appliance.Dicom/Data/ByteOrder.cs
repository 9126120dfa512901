using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Appliance.Dicom.Data;

/// <summary>Values of big-endian data sets into the order that elements keep (PS3.5 7.3).</summary>
internal static class ByteOrder
{
    /// <summary>A copy with each word turned round; the same memory where words are single bytes. Bytes of a last, cut word stay.</summary>
    public static ReadOnlyMemory<byte> Swapped(ReadOnlyMemory<byte> value, int wordLength)
    {
        int whole = value.Length - (value.Length % wordLength);
        if (wordLength == 1 || whole == 0)
        {
            return value;
        }

        byte[] swapped = value.ToArray();
        Span<byte> words = swapped.AsSpan(0, whole);
        switch (wordLength)
        {
            case 2:
                Span<ushort> shorts = MemoryMarshal.Cast<byte, ushort>(words);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                Span<uint> ints = MemoryMarshal.Cast<byte, uint>(words);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            default:
                Span<ulong> longs = MemoryMarshal.Cast<byte, ulong>(words);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }

        return swapped;
    }
}
