using System.Buffers.Binary;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>The frame header of a lossless JPEG codestream, found to be what the data set says.</summary>
/// <remarks>ISO/IEC 10918-1 B.2.2, table B.2.</remarks>
/// <param name="Ids">Component identifiers in the order of the frame.</param>
/// <param name="ExtendsSign">The data set's samples are signed and wider than the codestream's.</param>
internal sealed record JpegFrame(int Rows, int Columns, int Precision, byte[] Ids, int SampleBytes, bool ExtendsSign)
{
    private const int FixedBytes = 6;
    private const int ComponentBytes = 3;
    private const byte NotSubsampled = 0x11;

    public int Components => Ids.Length;

    public static Malformed? Read(JpegSegment segment, ReadOnlySpan<byte> bytes, PixelDescription expected, out JpegFrame? frame)
    {
        frame = null;
        if (bytes.Length < FixedBytes || bytes.Length != FixedBytes + (bytes[5] * ComponentBytes))
        {
            return Bad(segment, "a JPEG frame header has another length than its components need");
        }

        int precision = bytes[0];
        int rows = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
        int columns = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        if (rows != expected.Rows || columns != expected.Columns || bytes[5] != expected.Samples)
        {
            return Bad(segment, "a JPEG codestream has other rows, columns or components than its data set");
        }

        if (precision is < 2 or > 16 || precision > expected.BitsAllocated || expected.BitsAllocated > 16)
        {
            return Bad(segment, "the samples of a JPEG codestream are wider than those of its data set");
        }

        byte[] ids = new byte[bytes[5]];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = bytes[FixedBytes + (i * ComponentBytes)];
            bool isSubsampled = ids.Length > 1 && bytes[FixedBytes + (i * ComponentBytes) + 1] != NotSubsampled;
            if (isSubsampled || ids.AsSpan(0, i).Contains(ids[i]))
            {
                return Bad(segment, "a lossless JPEG codestream repeats or subsamples a component");
            }
        }

        bool extendsSign = expected.IsSigned && precision < expected.BitsAllocated;
        frame = new JpegFrame(rows, columns, precision, ids, expected.BitsAllocated / 8, extendsSign);
        return null;
    }

    private static Malformed Bad(JpegSegment segment, string text) => new(MalformedReason.BadPixelStream, segment.Offset, text);
}

/// <summary>The header of one scan.</summary>
/// <remarks>ISO/IEC 10918-1 B.2.3, table B.3.</remarks>
/// <param name="Positions">Which components of the frame it holds, in its order.</param>
/// <param name="Tables">The Huffman table of each.</param>
/// <param name="Predictor">1..7, table H.1.</param>
/// <param name="PointTransform">How many low bits of each sample the encoder dropped.</param>
internal sealed record JpegScan(byte[] Positions, byte[] Tables, int Predictor, int PointTransform)
{
    private const int TrailerBytes = 3;

    public int Count => Positions.Length;

    public int ComponentMask { get; private init; }

    public static Malformed? Read(JpegSegment segment, ReadOnlySpan<byte> bytes, JpegFrame frame, out JpegScan? scan)
    {
        scan = null;
        int count = bytes.Length > 0 ? bytes[0] : 0;
        if (count is 0 or > 4 || bytes.Length != 1 + (2 * count) + TrailerBytes)
        {
            return Bad(segment, "a JPEG scan header has another length than its components need");
        }

        byte[] positions = new byte[count];
        byte[] tables = new byte[count];
        int mask = 0;
        for (int i = 0; i < count; i++)
        {
            int position = frame.Ids.AsSpan().IndexOf(bytes[1 + (2 * i)]);
            int table = bytes[2 + (2 * i)] >> 4;
            if (position < 0 || (mask & (1 << position)) != 0 || table > 3)
            {
                return Bad(segment, "a JPEG scan names an unknown component or table, or a component twice");
            }

            mask |= 1 << position;
            positions[i] = (byte)position;
            tables[i] = (byte)table;
        }

        ReadOnlySpan<byte> trailer = bytes[^TrailerBytes..];
        int pointTransform = trailer[2] & 15;
        if (trailer[0] is 0 or > 7 || trailer[1] != 0 || trailer[2] >> 4 != 0 || pointTransform >= frame.Precision)
        {
            return Bad(segment, "a JPEG scan has no predictor of the lossless process");
        }

        scan = new JpegScan(positions, tables, trailer[0], pointTransform) { ComponentMask = mask };
        return null;
    }

    private static Malformed Bad(JpegSegment segment, string text) => new(MalformedReason.BadPixelStream, segment.Offset, text);
}
