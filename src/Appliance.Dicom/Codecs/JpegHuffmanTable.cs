using System.Diagnostics;

namespace Appliance.Dicom.Codecs;

/// <summary>A Huffman table of JPEG's lossless process: bits to prediction difference.</summary>
/// <remarks>
/// ISO/IEC 10918-1 annexes C, F.2.2.3 and H.1.2.2. One look at the next 12 bits gives code and difference where both fit
/// into them, which they do for nearly every sample of a CT slice; the rest walks the code lengths.
/// </remarks>
internal sealed class JpegHuffmanTable
{
    /// <summary>No code and its additional bits together are longer: 16 + 15 (category 16 has no additional bits).</summary>
    public const int LongestBits = 31;

    public const int LookupBits = 12;

    private const int LongestCodeBits = 16;
    private const int HighestCategory = 16;

    private readonly uint[] lookup = new uint[1 << LookupBits];
    private readonly byte[] categories = new byte[HighestCategory + 1];
    private readonly int[] firstCode = new int[LongestCodeBits + 1];
    private readonly int[] firstIndex = new int[LongestCodeBits + 1];
    private readonly int[] counts = new int[LongestCodeBits + 1];

    /// <summary>For each value of the next 12 bits: difference in the upper half, bits it takes below; 0 where they do not say.</summary>
    public ReadOnlySpan<uint> Lookup => lookup;

    public bool IsDefined { get; private set; }

    public void Forget() => IsDefined = false;

    /// <summary>Takes the table of a DHT segment.</summary>
    /// <param name="lengths">Number of codes of 1..16 bits.</param>
    /// <param name="values">The category of each code, as many as <paramref name="lengths"/> count.</param>
    /// <returns>False where the lengths are no prefix code or a category is above 16 or repeated.</returns>
    public bool Define(ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> values)
    {
        Debug.Assert(lengths.Length == LongestCodeBits);
        IsDefined = false;
        if (values.Length is 0 or > HighestCategory + 1 || values.IndexOfAnyExceptInRange((byte)0, (byte)HighestCategory) >= 0)
        {
            return false;
        }

        values.CopyTo(categories);
        Array.Clear(lookup);
        int code = 0;
        int index = 0;
        for (int length = 1; length <= LongestCodeBits; length++)
        {
            int count = lengths[length - 1];
            if (code + count > 1 << length)
            {
                return false;
            }

            (firstCode[length], firstIndex[length], counts[length]) = (code, index, count);
            for (int i = 0; i < count; i++)
            {
                FillLookup(code + i, length, categories[index + i]);
            }

            index += count;
            code = (code + count) << 1;
        }

        IsDefined = true;
        return true;
    }

    /// <summary>Code and difference at the top of <paramref name="buffer"/>, packed as in <see cref="Lookup"/>; 0 for no code.</summary>
    public uint Walk(ulong buffer)
    {
        for (int length = 1; length <= LongestCodeBits; length++)
        {
            int offset = (int)(buffer >> (64 - length)) - firstCode[length];
            if (offset >= 0 && offset < counts[length])
            {
                int category = categories[firstIndex[length] + offset];
                int extra = AdditionalBits(category);
                uint bits = extra == 0 ? 0 : (uint)((buffer << length) >> (64 - extra));
                return Pack(Difference(category, bits), length + extra);
            }
        }

        return 0;
    }

    private void FillLookup(int code, int length, int category)
    {
        int spare = LookupBits - length - AdditionalBits(category);
        if (spare < 0)
        {
            return;
        }

        int start = code << (LookupBits - length);
        for (uint bits = 0; bits < 1u << AdditionalBits(category); bits++)
        {
            uint entry = Pack(Difference(category, bits), length + AdditionalBits(category));
            lookup.AsSpan(start + (int)(bits << spare), 1 << spare).Fill(entry);
        }
    }

    private static int AdditionalBits(int category) => category == HighestCategory ? 0 : category;

    private static int Difference(int category, uint bits)
    {
        if (category is 0 or HighestCategory)
        {
            return category == 0 ? 0 : 1 << (HighestCategory - 1);
        }

        return bits >= 1u << (category - 1) ? (int)bits : (int)bits - (1 << category) + 1;
    }

    private static uint Pack(int difference, int bits) => ((uint)difference << 16) | (uint)bits;
}
