using System.Numerics;

namespace Appliance.Tests.Dicom.Codecs;

/// <summary>Writes lossless JPEG as encoders may but dcmtk's does not: restarts, point transform, one scan for each component.</summary>
/// <remarks>ISO/IEC 10918-1 annex H. Its codestreams are shown to dcmdjpeg before they judge our decoder.</remarks>
internal sealed class JpegLosslessWriter(int rows, int columns, int components, int precision)
{
    private readonly List<byte> bytes = [];
    private ulong buffer;
    private int bufferedBits;

    public int Predictor { get; init; } = 1;

    public int PointTransform { get; init; }

    /// <summary>0 for none.</summary>
    public int RestartRows { get; init; }

    public bool HasScanPerComponent { get; init; }

    /// <param name="samples">Row by row, components interleaved, within the precision.</param>
    public byte[] Write(ReadOnlySpan<ushort> samples)
    {
        bytes.AddRange([0xFF, 0xD8]);
        Segment(0xC3, [(byte)precision, High(rows), Low(rows), High(columns), Low(columns), (byte)components,
            .. Enumerable.Range(1, components).SelectMany(id => new byte[] { (byte)id, 0x11, 0 })]);

        // 16 codes of 5 bits and one of 6: categories 0..16, none of them the code of ones alone.
        Segment(0xC4, [0, 0, 0, 0, 0, 16, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Enumerable.Range(0, 17).Select(i => (byte)i)]);
        if (RestartRows > 0)
        {
            Segment(0xDD, [High(RestartRows * columns), Low(RestartRows * columns)]);
        }

        for (int first = 0; first < components; first += HasScanPerComponent ? 1 : components)
        {
            int count = HasScanPerComponent ? 1 : components;
            Segment(0xDA, [(byte)count, .. Enumerable.Range(first + 1, count).SelectMany(id => new byte[] { (byte)id, 0 }),
                (byte)Predictor, 0, (byte)PointTransform]);
            Scan(samples, first, count);
        }

        bytes.AddRange([0xFF, 0xD9]);
        return [.. bytes];
    }

    private void Scan(ReadOnlySpan<ushort> samples, int first, int count)
    {
        for (int y = 0; y < rows; y++)
        {
            bool isStart = y == 0 || (RestartRows > 0 && y % RestartRows == 0);
            if (isStart && y > 0)
            {
                Flush();
                bytes.AddRange([0xFF, (byte)(0xD0 + (((y / RestartRows) - 1) % 8))]);
            }

            for (int x = 0; x < columns; x++)
            {
                for (int c = first; c < first + count; c++)
                {
                    int sample = At(samples, y, x, c);
                    Put((short)(sample - Prediction(samples, y, x, c, isStart)));
                }
            }
        }

        Flush();
    }

    private int Prediction(ReadOnlySpan<ushort> samples, int y, int x, int c, bool isStart)
    {
        if (x == 0)
        {
            return isStart ? 1 << (precision - PointTransform - 1) : At(samples, y - 1, 0, c);
        }

        int left = At(samples, y, x - 1, c);
        if (isStart)
        {
            return left;
        }

        int above = At(samples, y - 1, x, c);
        int corner = At(samples, y - 1, x - 1, c);
        return Predictor switch
        {
            1 => left,
            2 => above,
            3 => corner,
            4 => left + above - corner,
            5 => left + ((above - corner) >> 1),
            6 => above + ((left - corner) >> 1),
            _ => (left + above) >> 1,
        };
    }

    private int At(ReadOnlySpan<ushort> samples, int y, int x, int c) => samples[(((y * columns) + x) * components) + c] >> PointTransform;

    private void Put(short difference)
    {
        int category = difference == short.MinValue ? 16 : 32 - BitOperations.LeadingZeroCount((uint)Math.Abs((int)difference));
        Bits(category < 16 ? (uint)category : 32u, category < 16 ? 5 : 6);
        if (category is > 0 and < 16)
        {
            Bits((uint)(difference < 0 ? difference - 1 : difference) & ((1u << category) - 1), category);
        }
    }

    private void Bits(uint value, int count)
    {
        buffer = (buffer << count) | value;
        bufferedBits += count;
        while (bufferedBits >= 8)
        {
            bufferedBits -= 8;
            byte next = (byte)(buffer >> bufferedBits);
            bytes.Add(next);
            if (next == 0xFF)
            {
                bytes.Add(0);
            }
        }
    }

    private void Flush()
    {
        int pad = (8 - bufferedBits) % 8;
        Bits((1u << pad) - 1, pad);
    }

    private void Segment(byte marker, byte[] content) =>
        bytes.AddRange([0xFF, marker, High(content.Length + 2), Low(content.Length + 2), .. content]);

    private static byte High(int value) => (byte)(value >> 8);

    private static byte Low(int value) => (byte)value;
}
