using System.Buffers.Binary;
using Appliance.Dicom.Data;

namespace Appliance.Daemon;

/// <summary>Whether a data set that has arrived ends where its pixel data says, so that a cut one is refused and not stored.</summary>
/// <remarks>The header was checked as it arrived; of the pixels only lengths are read, none of their bytes.</remarks>
public static class DataSetEnd
{
    private const uint Item = 0xFFFEE000;
    private const uint SequenceDelimitation = 0xFFFEE0DD;
    private const int ItemHeaderBytes = 8;

    /// <param name="read">Reads from an offset in the data set; the number of bytes read.</param>
    /// <param name="length">Of the data set, in bytes.</param>
    public static Malformed? Check(Func<byte[], long, int> read, long length, PixelDataPlace place, TransferSyntax syntax)
    {
        long end = place.Length is uint known ? place.ValueOffset + known : EndOfFragments(read, length, place.ValueOffset);
        if (end < 0 || end > length)
        {
            return new Malformed(MalformedReason.LengthBeyondEnd, place.Offset, "the data set ends inside its pixel data");
        }

        if (end == length || length - end > Limits.TrailingBytes)
        {
            return null;
        }

        byte[] trailing = new byte[length - end];
        return read(trailing, end) == trailing.Length
            ? DataSetReader.Read(trailing, syntax).Malformed
            : new Malformed(MalformedReason.Truncated, end, "the end of the data set cannot be read");
    }

    /// <summary>Steps over the items of encapsulated pixel data (PS3.5 A.4); -1 where they are broken.</summary>
    private static long EndOfFragments(Func<byte[], long, int> read, long length, long at)
    {
        byte[] header = new byte[ItemHeaderBytes];
        while (at + ItemHeaderBytes <= length && read(header, at) == ItemHeaderBytes)
        {
            uint group = BinaryPrimitives.ReadUInt16LittleEndian(header);
            uint tag = (group << 16) | BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(2));
            at += ItemHeaderBytes;
            if (tag == SequenceDelimitation)
            {
                return at;
            }

            if (tag != Item)
            {
                return -1;
            }

            at += BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
        }

        return -1;
    }
}
