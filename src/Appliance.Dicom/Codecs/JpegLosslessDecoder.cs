using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>JPEG lossless, process 14: Huffman coding, any of the seven predictors, 2..16 bits, 1..4 components.</summary>
/// <remarks>
/// ISO/IEC 10918-1 annex H; PS3.5 A.4.1, 10.2. One object decodes one frame at a time and keeps its tables and rows for the
/// next. What the image must be is known from the data set: a codestream that says otherwise is refused before it is decoded.
/// </remarks>
internal sealed class JpegLosslessDecoder
{
    private const int TableCount = 4;

    private readonly JpegHuffmanTable[] tables = [new(), new(), new(), new()];
    private readonly JpegHuffmanTable[] scanTables = new JpegHuffmanTable[TableCount];
    private readonly JpegEntropyBits bits = new();
    private short[] differences = [];
    private ushort[] row = [];
    private ushort[] above = [];

    /// <summary>Decodes one frame.</summary>
    /// <param name="codestream">From SOI to EOI; bytes after EOI are not looked at.</param>
    /// <param name="expected">What the data set says the frame is.</param>
    /// <param name="destination"><see cref="PixelDescription.FrameBytes"/> bytes, little endian, components interleaved.</param>
    /// <returns>Null, or what is wrong; then the destination holds part of an image.</returns>
    public Malformed? Decode(ReadOnlySpan<byte> codestream, PixelDescription expected, Span<byte> destination)
    {
        foreach (JpegHuffmanTable table in tables)
        {
            table.Forget();
        }

        JpegFrame? frame = null;
        JpegMarkerReader markers = new(codestream);
        int restartSamples = 0;
        int componentsDone = 0;
        if (!markers.TryNext(out JpegSegment segment) || segment.Marker != JpegMarker.StartOfImage)
        {
            return Bad(0, "a JPEG codestream starts with another marker than SOI");
        }

        while (markers.TryNext(out segment) && segment.Marker != JpegMarker.EndOfImage)
        {
            Malformed? malformed = segment.Marker switch
            {
                JpegMarker.DefineHuffmanTables => DefineTables(segment, markers.Bytes(segment)),
                JpegMarker.StartOfFrameLossless when frame is null =>
                    JpegFrame.Read(segment, markers.Bytes(segment), expected, out frame),
                JpegMarker.DefineRestartInterval => ReadRestartInterval(segment, markers.Bytes(segment), out restartSamples),
                JpegMarker.StartOfScan when frame is not null =>
                    DecodeScan(ref markers, segment, frame, restartSamples, ref componentsDone, destination),
                _ when JpegMarker.MayBeSkipped(segment.Marker) => null,
                _ => Bad(
                    segment.Offset, $"JPEG marker FF{segment.Marker:X2} has no place in a lossless codestream, whose frame header is FFC3"),
            };
            if (malformed is not null)
            {
                return malformed;
            }
        }

        return frame is not null && componentsDone == (1 << frame.Components) - 1
            ? null
            : Bad(markers.Position, "a JPEG codestream ends before its image is complete");
    }

    private Malformed? DefineTables(JpegSegment segment, ReadOnlySpan<byte> bytes)
    {
        const int LengthCounts = 16;
        while (bytes.Length > LengthCounts)
        {
            (int tableClass, int id) = (bytes[0] >> 4, bytes[0] & 15);
            ReadOnlySpan<byte> lengths = bytes.Slice(1, LengthCounts);
            int values = 0;
            foreach (byte count in lengths)
            {
                values += count;
            }

            bytes = bytes[(1 + LengthCounts)..];
            if (id >= TableCount || tableClass > 1 || values > bytes.Length)
            {
                return Bad(segment.Offset, "a Huffman table of a JPEG codestream is cut short or has an unknown number");
            }

            // AC tables (class 1) are of no use to the lossless process; some encoders write the standard ones all the same.
            if (tableClass == 0 && !tables[id].Define(lengths, bytes[..values]))
            {
                return Bad(segment.Offset, "a Huffman table of a JPEG codestream is no prefix code for prediction differences");
            }

            bytes = bytes[values..];
        }

        return bytes.Length == 0 ? null : Bad(segment.Offset, "a DHT segment of a JPEG codestream has bytes left over");
    }

    private static Malformed? ReadRestartInterval(JpegSegment segment, ReadOnlySpan<byte> bytes, out int samples)
    {
        bool isRead = bytes.Length == 2;
        samples = isRead ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : 0;
        return isRead ? null : Bad(segment.Offset, "a DRI segment of a JPEG codestream has not two bytes");
    }

    private Malformed? DecodeScan(
        ref JpegMarkerReader markers, JpegSegment segment, JpegFrame frame, int restartSamples,
        ref int componentsDone, Span<byte> destination)
    {
        // 1. What the scan holds: components, predictor, point transform; each component once in the image.
        Malformed? malformed = JpegScan.Read(segment, markers.Bytes(segment), frame, out JpegScan? scan);
        if (malformed is not null || scan is null)
        {
            return malformed;
        }

        if ((componentsDone & scan.ComponentMask) != 0 || restartSamples % frame.Columns != 0)
        {
            return Bad(segment.Offset, "a JPEG scan repeats a component or restarts within a row");
        }

        Span<JpegHuffmanTable> used = scanTables.AsSpan(0, scan.Count);
        for (int i = 0; i < scan.Count; i++)
        {
            used[i] = tables[scan.Tables[i]];
            if (!used[i].IsDefined)
            {
                return Bad(segment.Offset, "a JPEG scan uses a Huffman table that is not defined");
            }
        }

        // 2. Its rows, restart interval by restart interval.
        componentsDone |= scan.ComponentMask;
        PrepareRows(frame.Columns * scan.Count);
        int intervalRows = restartSamples == 0 ? frame.Rows : restartSamples / frame.Columns;
        for (int start = 0, interval = 0; start < frame.Rows; start += intervalRows, interval++)
        {
            if (start > 0 && !markers.TryRestart((interval - 1) & 7))
            {
                return Bad(markers.Position, "a JPEG restart marker is missing or out of order");
            }

            markers.Skip(bits.Load(markers.Rest, differences.Length));
            int end = Math.Min(frame.Rows, start + intervalRows);
            if (!DecodeRows(start, end, frame, scan, used, destination))
            {
                return Bad(markers.Position, "the entropy-coded data of a JPEG codestream is broken or cut short");
            }
        }

        return null;
    }

    private bool DecodeRows(int start, int end, JpegFrame frame, JpegScan scan, ReadOnlySpan<JpegHuffmanTable> used, Span<byte> destination)
    {
        int samples = frame.Columns * scan.Count;
        Span<short> difference = differences.AsSpan(0, samples);
        for (int y = start; y < end; y++)
        {
            if (!bits.TryReadRow(used, difference))
            {
                return false;
            }

            (row, above) = (above, row);
            Span<ushort> current = row.AsSpan(0, samples);
            if (y == start)
            {
                int half = 1 << (frame.Precision - scan.PointTransform - 1);
                JpegPredictor.FirstRow(difference, current, scan.Count, half);
            }
            else
            {
                JpegPredictor.Row(difference, above.AsSpan(0, samples), current, scan.Count, scan.Predictor);
            }

            Store(current, y, frame, scan, destination);
        }

        return true;
    }

    private static void Store(ReadOnlySpan<ushort> samples, int y, JpegFrame frame, JpegScan scan, Span<byte> destination)
    {
        int rowSamples = frame.Columns * frame.Components;
        Span<byte> bytes = destination.Slice(y * rowSamples * frame.SampleBytes, rowSamples * frame.SampleBytes);
        Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(bytes);
        if (scan.Count == frame.Components && !frame.ExtendsSign && scan.PointTransform == 0)
        {
            if (frame.SampleBytes == 2)
            {
                samples.CopyTo(words);
                return;
            }

            for (int i = 0; i < samples.Length; i++)
            {
                bytes[i] = (byte)samples[i];
            }

            return;
        }

        // A codestream has no sign: the sign bit of the data set's samples is the highest bit of the codestream's.
        int spare = frame.ExtendsSign ? 16 - frame.Precision : 0;
        for (int i = 0; i < samples.Length; i++)
        {
            int at = (i / scan.Count * frame.Components) + scan.Positions[i % scan.Count];
            short value = (short)((short)(samples[i] << (scan.PointTransform + spare)) >> spare);
            if (frame.SampleBytes == 2)
            {
                words[at] = (ushort)value;
            }
            else
            {
                bytes[at] = (byte)value;
            }
        }
    }

    private void PrepareRows(int samples)
    {
        if (differences.Length < samples)
        {
            differences = new short[samples];
            row = new ushort[samples];
            above = new ushort[samples];
        }
    }

    private static Malformed Bad(long offset, string text) => new(MalformedReason.BadPixelStream, offset, text);
}
