using System.Buffers.Binary;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>The palette of a PALETTE COLOR image: from a stored value to a colour.</summary>
/// <remarks>PS3.3 C.7.6.3.1.5 and C.7.6.3.1.6; in segments C.7.9.2.</remarks>
public sealed class ColourPalette
{
    private readonly int first;
    private readonly int[] colours;

    private ColourPalette(int first, int[] colours)
    {
        this.first = first;
        this.colours = colours;
    }

    /// <summary>0xbbggrr. What is below the first value mapped has its colour, what is above the last that of the last.</summary>
    public int this[int stored] => colours[Math.Clamp(stored - first, 0, colours.Length - 1)];

    /// <returns>The palette, or what is wrong with it.</returns>
    public static Parsed<ColourPalette> Read(DataSet dataSet)
    {
        bool isSigned = dataSet.GetInteger(Tags.PixelRepresentation) == 1;
        int[]? colours = null;
        int first = 0;
        foreach ((Tag describedBy, Tag data, Tag segments, int shift) in ((Tag, Tag, Tag, int)[])
        [
            (Tags.RedPaletteColorLookupTableDescriptor, Tags.RedPaletteColorLookupTableData,
                Tags.SegmentedRedPaletteColorLookupTableData, 0),
            (Tags.GreenPaletteColorLookupTableDescriptor, Tags.GreenPaletteColorLookupTableData,
                Tags.SegmentedGreenPaletteColorLookupTableData, 8),
            (Tags.BluePaletteColorLookupTableDescriptor, Tags.BluePaletteColorLookupTableData,
                Tags.SegmentedBluePaletteColorLookupTableData, 16),
        ])
        {
            if (dataSet[describedBy] is not { ValueBytes: >= 6 } described)
            {
                return Bad("a descriptor is missing or too short");
            }

            // How many entries, 0 for 65536; the first value mapped, signed as the pixels are; bits of an entry.
            ReadOnlySpan<byte> descriptor = described.Value.Span;
            int count = BinaryPrimitives.ReadUInt16LittleEndian(descriptor);
            int bits = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[4..]);
            int entries = count == 0 ? 1 << 16 : count;
            first = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[2..]);
            first = isSigned ? (short)first : first;
            colours ??= new int[entries];
            int[]? values = dataSet[data] is Element { IsEmpty: false } plain ? Plain(plain.Value.Span, entries, bits)
                : dataSet[segments] is Element { IsEmpty: false } segmented ? Segmented(segmented.Value.Span, entries, bits)
                : null;
            if (values is null || bits is not (8 or 16) || entries != colours.Length)
            {
                return Bad("a table is missing, shorter than it says, or not like the others");
            }

            // Some write bytes and call them words.
            bool isNarrow = bits == 8 || values.Max() <= byte.MaxValue;
            for (int i = 0; i < entries; i++)
            {
                colours[i] |= ((isNarrow ? values[i] : values[i] >> 8) & byte.MaxValue) << shift;
            }
        }

        return new ColourPalette(first, colours!);
    }

    /// <summary>Words, or bytes where entries have eight bits and there are no more of them.</summary>
    private static int[]? Plain(ReadOnlySpan<byte> data, int entries, int bits)
    {
        bool isPacked = bits == 8 && data.Length < 2 * entries;
        if (data.Length < (isPacked ? entries : 2 * entries))
        {
            return null;
        }

        return Words(data, entries, isPacked ? 1 : 2);
    }

    private static int[] Words(ReadOnlySpan<byte> data, int count, int wordBytes)
    {
        int[] words = new int[count];
        for (int i = 0; i < count; i++)
        {
            words[i] = wordBytes == 1 ? data[i] : BinaryPrimitives.ReadUInt16LittleEndian(data[(2 * i)..]);
        }

        return words;
    }

    /// <summary>Discrete, linear and indirect segments (C.7.9.2.1 to C.7.9.2.3).</summary>
    private static int[]? Segmented(ReadOnlySpan<byte> data, int entries, int bits)
    {
        int wordBytes = bits == 8 ? 1 : 2, offsetWords = sizeof(int) / wordBytes;
        int[] words = Words(data, data.Length / wordBytes, wordBytes);
        List<int> values = [];
        for (int at = 0; values.Count < entries;)
        {
            if (at + 1 + offsetWords < words.Length && words[at] == 2)
            {
                // So many segments that stand at that byte, the lowest word of it first; none of them is indirect itself.
                int from = 0;
                for (int i = 0; i < offsetWords; i++)
                {
                    from |= words[at + 2 + i] << (8 * wordBytes * i);
                }

                from /= wordBytes;
                for (int i = 0; i < words[at + 1]; i++)
                {
                    if (from < 0 || !Append(words, ref from, values, entries))
                    {
                        return null;
                    }
                }

                at += 2 + offsetWords;
            }
            else if (!Append(words, ref at, values, entries))
            {
                return null;
            }
        }

        return [.. values.Take(entries)];
    }

    private static bool Append(int[] words, ref int at, List<int> values, int entries)
    {
        if (at + 2 >= words.Length || words[at + 1] == 0 || words[at] > 1 || values.Count > entries)
        {
            return false;
        }

        int length = words[at + 1];
        if (words[at] == 0)
        {
            if (at + 2 + length > words.Length)
            {
                return false;
            }

            values.AddRange(words.AsSpan(at + 2, length));
            at += 2 + length;
            return true;
        }

        if (values.Count == 0)
        {
            return false;
        }

        int from = values[^1], to = words[at + 2];
        for (int i = 1; i <= length; i++)
        {
            values.Add(from + (int)Math.Round((to - from) * (double)i / length));
        }

        at += 3;
        return true;
    }

    private static Malformed Bad(string text) => new(MalformedReason.BadPixelDescription, 0, $"palette: {text}");
}
