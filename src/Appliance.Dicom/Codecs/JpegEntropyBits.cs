using System.Buffers.Binary;

namespace Appliance.Dicom.Codecs;

/// <summary>The bits of one entropy-coded segment, its stuffed zero bytes taken out first.</summary>
/// <remarks>
/// ISO/IEC 10918-1 B.1.1.5, F.1.2.3. The copy is followed by zeros, so that a row may be read without looking for the end.
/// </remarks>
internal sealed class JpegEntropyBits
{
    private const byte MarkerPrefix = 0xFF;

    private byte[] data = [];
    private ulong buffer;
    private int bufferedBits;
    private int position;
    private long availableBits;

    /// <summary>Takes the segment at the start of <paramref name="source"/>, up to the next marker or the end.</summary>
    /// <param name="rowSamples">The most samples that one call of <see cref="TryReadRow"/> asks for.</param>
    /// <returns>Length of the segment in <paramref name="source"/>.</returns>
    public int Load(ReadOnlySpan<byte> source, int rowSamples)
    {
        int padding = ((rowSamples * JpegHuffmanTable.LongestBits) / 8) + 32;
        if (data.Length < source.Length + padding)
        {
            data = new byte[source.Length + padding];
        }

        int from = 0;
        int to = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = source[from..];
            int plain = rest.IndexOf(MarkerPrefix);
            bool isStuffed = plain >= 0 && plain + 1 < rest.Length && rest[plain + 1] == 0;
            int take = plain < 0 ? rest.Length : isStuffed ? plain + 1 : plain;
            rest[..take].CopyTo(data.AsSpan(to));
            to += take;
            from += take;
            if (!isStuffed)
            {
                break;
            }

            from++;
        }

        data.AsSpan(to, padding).Clear();
        (buffer, bufferedBits, position, availableBits) = (0, 0, 0, to * 8L);
        return from;
    }

    /// <summary>Reads the differences of one row, components interleaved.</summary>
    /// <returns>False where a code is none of the table's or the segment ends before the row does.</returns>
    public bool TryReadRow(ReadOnlySpan<JpegHuffmanTable> tables, Span<short> differences)
    {
        bool hasCodes = tables.Length == 1
            ? ReadSingle(tables[0], differences)
            : ReadInterleaved(tables, differences);
        return hasCodes && (position * 8L) - bufferedBits <= availableBits;
    }

    private bool ReadSingle(JpegHuffmanTable table, Span<short> differences)
    {
        // Locals, so that they stay in registers: this loop is the time of the decoder.
        (ulong bits, int count, int at) = (buffer, bufferedBits, position);
        ReadOnlySpan<byte> from = data;
        ReadOnlySpan<uint> lookup = table.Lookup;
        for (int i = 0; i < differences.Length; i++)
        {
            if (count < JpegHuffmanTable.LongestBits)
            {
                bits |= BinaryPrimitives.ReadUInt64BigEndian(from[at..]) >> count;
                at += (63 - count) >> 3;
                count |= 56;
            }

            uint entry = lookup[(int)(bits >> (64 - JpegHuffmanTable.LookupBits))];
            if (entry == 0 && (entry = table.Walk(bits)) == 0)
            {
                return false;
            }

            differences[i] = (short)(entry >> 16);
            int length = (int)(entry & 0x3F);
            bits <<= length;
            count -= length;
        }

        (buffer, bufferedBits, position) = (bits, count, at);
        return true;
    }

    private bool ReadInterleaved(ReadOnlySpan<JpegHuffmanTable> tables, Span<short> differences)
    {
        (ulong bits, int count, int at) = (buffer, bufferedBits, position);
        ReadOnlySpan<byte> from = data;
        int component = 0;
        for (int i = 0; i < differences.Length; i++)
        {
            if (count < JpegHuffmanTable.LongestBits)
            {
                bits |= BinaryPrimitives.ReadUInt64BigEndian(from[at..]) >> count;
                at += (63 - count) >> 3;
                count |= 56;
            }

            JpegHuffmanTable table = tables[component];
            component = component + 1 == tables.Length ? 0 : component + 1;
            uint entry = table.Lookup[(int)(bits >> (64 - JpegHuffmanTable.LookupBits))];
            if (entry == 0 && (entry = table.Walk(bits)) == 0)
            {
                return false;
            }

            differences[i] = (short)(entry >> 16);
            int length = (int)(entry & 0x3F);
            bits <<= length;
            count -= length;
        }

        (buffer, bufferedBits, position) = (bits, count, at);
        return true;
    }
}
