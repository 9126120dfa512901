using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace Appliance.Dicom.Data;

/// <summary>ISO 2022 code extension as PS3.5 6.1.2.5 uses it: one value field decoded or encoded.</summary>
/// <remarks>
/// G0 holds the bytes below 0x80, G1 those above. At the beginning, and after each delimiter and control character, both are those
/// of the first value of (0008,0005).
/// </remarks>
internal ref struct CodeExtension
{
    public const byte Esc = 0x1B;

    private readonly CharacterRepertoire[] repertoires;
    private readonly Vr vr;
    private readonly CharacterRepertoire initialG0;
    private readonly CharacterRepertoire? initialG1;
    private CharacterRepertoire g0;
    private CharacterRepertoire? g1;

    public CodeExtension(CharacterRepertoire[] repertoires, Vr vr)
    {
        this.repertoires = repertoires;
        this.vr = vr;
        initialG0 = repertoires[0].Kind == CodeElement.Katakana ? CharacterRepertoire.Katakana : CharacterRepertoire.Ascii;
        initialG1 = repertoires[0].Kind is CodeElement.SingleByte or CodeElement.Katakana or CodeElement.DoubleByteG1
            ? repertoires[0]
            : null;
        g0 = initialG0;
        g1 = initialG1;
    }

    public string Decode(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[(bytes[0] == Esc ? Designate(bytes[1..]) : DecodeRun(bytes, text))..];
        }

        return text.ToString();
    }

    public bool TryEncode(string text, IBufferWriter<byte> output)
    {
        Span<byte> code = stackalloc byte[8];
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value < 0x80)
            {
                if (IsDelimiter((byte)rune.Value))
                {
                    Return(output);
                }
                else if (g0.Kind == CodeElement.DoubleByteG0)
                {
                    DesignateG0(initialG0, output);
                }

                output.Write([(byte)rune.Value]);
                continue;
            }

            if (Find(rune, code, out int count) is not CharacterRepertoire repertoire)
            {
                return false;
            }

            if (repertoire.Kind == CodeElement.DoubleByteG0 && repertoire != g0)
            {
                DesignateG0(repertoire, output);
            }
            else if (repertoire.Kind != CodeElement.DoubleByteG0 && repertoire != g1)
            {
                DesignateG1(repertoire, output);
            }

            output.Write(code[..count]);
        }

        Return(output);
        return true;
    }

    /// <summary>Takes up the escape sequence; returns how many bytes it has, ESC included.</summary>
    private int Designate(ReadOnlySpan<byte> after)
    {
        if (CharacterRepertoire.StartsWith(after, CharacterRepertoire.RomajiEscape))
        {
            g0 = CharacterRepertoire.Katakana;
            return 1 + CharacterRepertoire.RomajiEscape.Length;
        }

        CharacterRepertoire? repertoire = CharacterRepertoire.OfEscape(after);
        if (repertoire is null)
        {
            return 1;
        }

        if (repertoire.Kind is CodeElement.Ascii or CodeElement.DoubleByteG0)
        {
            g0 = repertoire;
        }
        else
        {
            g1 = repertoire;
        }

        return 1 + repertoire.Escape.Length;
    }

    /// <summary>Decodes the bytes that are read the same way; returns how many.</summary>
    private int DecodeRun(ReadOnlySpan<byte> bytes, StringBuilder text)
    {
        if (g0.Kind == CodeElement.DoubleByteG0 && IsPair(bytes))
        {
            return DecodePairs(bytes, text);
        }

        if (bytes[0] < 0x80)
        {
            text.Append((char)bytes[0]);
            if (IsDelimiter(bytes[0]))
            {
                // Where the first value has no G1, no byte above 0x7F can mean it: some designate once for many lines.
                (g0, g1) = (initialG0, initialG1 ?? g1);
            }

            return 1;
        }

        int count = bytes.IndexOfAnyInRange((byte)0, (byte)0x7F);
        count = count < 0 ? bytes.Length : count;
        text.Append((g1?.Encoding ?? Encoding.Latin1).GetString(bytes[..count]));
        return count;
    }

    private readonly int DecodePairs(ReadOnlySpan<byte> bytes, StringBuilder text)
    {
        int count = 0;
        while (IsPair(bytes[count..]))
        {
            count += 2;
        }

        // Code page 20932 has JIS X 0208 with both bytes high and JIS X 0212 with the first one high.
        byte[] pairs = bytes[..count].ToArray();
        byte second = (byte)(g0.Registration == "159" ? 0 : 0x80);
        for (int i = 0; i < count; i += 2)
        {
            pairs[i] |= 0x80;
            pairs[i + 1] |= second;
        }

        text.Append(g0.Encoding.GetString(pairs));
        return count;
    }

    private static bool IsPair(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 2 && bytes[0] is >= 0x21 and <= 0x7E && bytes[1] is >= 0x21 and <= 0x7E;

    /// <summary>What ends a designation: control characters, and the delimiters of values and of name components.</summary>
    private readonly bool IsDelimiter(byte character) => character switch
    {
        (byte)'\t' or (byte)'\n' or (byte)'\f' or (byte)'\r' => true,
        (byte)'\\' => vr.IsMultiValuedText(),
        (byte)'^' or (byte)'=' => vr == Vr.PN,
        _ => false,
    };

    /// <summary>The first repertoire that has the character: what is designated, then those of (0008,0005) in their order.</summary>
    private readonly CharacterRepertoire? Find(Rune rune, Span<byte> code, out int count)
    {
        if (g1 is not null && (count = Encode(g1, rune, code)) > 0)
        {
            return g1;
        }

        foreach (CharacterRepertoire repertoire in repertoires)
        {
            if ((count = Encode(repertoire, rune, code)) > 0)
            {
                return repertoire;
            }
        }

        count = 0;
        return null;
    }

    private static int Encode(CharacterRepertoire repertoire, Rune rune, Span<byte> code)
    {
        if (repertoire.Kind is CodeElement.Ascii or CodeElement.Whole)
        {
            return 0;
        }

        Span<char> characters = stackalloc char[2];
        if (!repertoire.Encoding.TryGetBytes(characters[..rune.EncodeToUtf16(characters)], code, out int count))
        {
            return 0;
        }

        switch (repertoire.Kind)
        {
            case CodeElement.SingleByte:
                return count == 1 && code[0] >= 0xA0 ? 1 : 0;
            case CodeElement.Katakana:
                return count == 1 && code[0] is >= 0xA1 and <= 0xDF ? 1 : 0;
            case CodeElement.DoubleByteG1:
                return count == 2 && code[0] >= 0xA1 && code[1] >= 0xA1 ? 2 : 0;
            default:
                Debug.Assert(repertoire.Kind == CodeElement.DoubleByteG0, "no other kind is left");
                bool isWanted = count == 2 && code[0] >= 0xA1 && (repertoire.Registration == "159") == (code[1] < 0x80);
                code[0] &= 0x7F;
                code[1] &= 0x7F;
                return isWanted ? 2 : 0;
        }
    }

    /// <summary>Back to what the first value of (0008,0005) designates.</summary>
    private void Return(IBufferWriter<byte> output)
    {
        if (g0 != initialG0)
        {
            DesignateG0(initialG0, output);
        }

        if (g1 != initialG1 && initialG1 is not null)
        {
            DesignateG1(initialG1, output);
        }

        g1 = initialG1;
    }

    private void DesignateG0(CharacterRepertoire repertoire, IBufferWriter<byte> output)
    {
        g0 = repertoire;
        Escape(repertoire.Kind == CodeElement.Katakana ? CharacterRepertoire.RomajiEscape : repertoire.Escape, output);
    }

    private void DesignateG1(CharacterRepertoire repertoire, IBufferWriter<byte> output)
    {
        g1 = repertoire;
        Escape(repertoire.Escape, output);
    }

    private static void Escape(string sequence, IBufferWriter<byte> output)
    {
        Span<byte> at = output.GetSpan(1 + sequence.Length);
        at[0] = Esc;
        output.Advance(1 + Encoding.ASCII.GetBytes(sequence, at[1..]));
    }
}
