using System.Text;

namespace Appliance.Dicom.Data;

/// <summary>How a repertoire takes part in ISO 2022 code extension (PS3.5 6.1.2.3).</summary>
internal enum CodeElement
{
    /// <summary>ISO 646: G0, the bytes below 0x80.</summary>
    Ascii,

    /// <summary>One byte from 0xA0 on, G1.</summary>
    SingleByte,

    /// <summary>JIS X 0201: katakana from 0xA1 on in G1, romaji (ISO 646 but for two characters) in G0.</summary>
    Katakana,

    /// <summary>Two bytes from 0x21 on, G0.</summary>
    DoubleByteG0,

    /// <summary>Two bytes from 0xA1 on, G1.</summary>
    DoubleByteG1,

    /// <summary>No code extension: UTF-8, GB18030, GBK.</summary>
    Whole,
}

/// <summary>A row of the tables of defined terms for Specific Character Set (PS3.3 C.12-2 to C.12-5).</summary>
/// <param name="Registration">The number in the term, without "ISO_IR " or "ISO 2022 IR ".</param>
/// <param name="CodePage">Whose tables map it; code page 20932 is EUC of JIS X 0208 and, second byte below 0x80, 0212.</param>
/// <param name="Escape">What designates it, without ESC; empty where nothing does.</param>
internal sealed record CharacterRepertoire(string Registration, int CodePage, CodeElement Kind, string Escape)
{
    public static readonly CharacterRepertoire Ascii = new("6", 28591, CodeElement.Ascii, "(B");
    public static readonly CharacterRepertoire Katakana = new("13", 932, CodeElement.Katakana, ")I");
    public static readonly CharacterRepertoire Utf8 = new("192", 65001, CodeElement.Whole, "");

    /// <summary>The romaji half of JIS X 0201; its two odd characters, yen and overline, are read as ISO 646.</summary>
    public const string RomajiEscape = "(J";

    private static readonly CharacterRepertoire[] All =
    [
        Ascii,
        Utf8,
        new("100", 28591, CodeElement.SingleByte, "-A"),
        new("101", 28592, CodeElement.SingleByte, "-B"),
        new("109", 28593, CodeElement.SingleByte, "-C"),
        new("110", 28594, CodeElement.SingleByte, "-D"),
        new("144", 28595, CodeElement.SingleByte, "-L"),
        new("127", 28596, CodeElement.SingleByte, "-G"),
        new("126", 28597, CodeElement.SingleByte, "-F"),
        new("138", 28598, CodeElement.SingleByte, "-H"),
        new("148", 28599, CodeElement.SingleByte, "-M"),
        new("203", 28605, CodeElement.SingleByte, "-b"),
        new("166", 874, CodeElement.SingleByte, "-T"),
        Katakana,
        new("87", 20932, CodeElement.DoubleByteG0, "$B"),
        new("159", 20932, CodeElement.DoubleByteG0, "$(D"),
        new("149", 949, CodeElement.DoubleByteG1, "$)C"),
        new("58", 20936, CodeElement.DoubleByteG1, "$)A"),
        new("GB18030", 54936, CodeElement.Whole, ""),
        new("GBK", 936, CodeElement.Whole, ""),
    ];

    private readonly Lazy<Encoding> encoding = new(() => EncodingOf(CodePage));

    /// <summary>Encodes what it lacks as no byte at all, decodes what it lacks as U+FFFD.</summary>
    public Encoding Encoding => encoding.Value;

    /// <summary>The repertoire of a defined term, bent spellings such as "ISO-IR 100" included; null for an unknown one.</summary>
    public static CharacterRepertoire? OfTerm(ReadOnlySpan<char> term)
    {
        ReadOnlySpan<char> trimmed = term.Trim(" \0");
        if (trimmed.IsEmpty)
        {
            return Ascii;
        }

        int last = trimmed.LastIndexOfAny(" _-");
        ReadOnlySpan<char> registration = trimmed.StartsWith("ISO", StringComparison.OrdinalIgnoreCase) ? trimmed[(last + 1)..] : trimmed;
        foreach (CharacterRepertoire repertoire in All)
        {
            if (registration.Equals(repertoire.Registration, StringComparison.OrdinalIgnoreCase))
            {
                return repertoire;
            }
        }

        return null;
    }

    /// <summary>The repertoire whose designation <paramref name="after"/> (behind ESC) begins with; null where there is none.</summary>
    public static CharacterRepertoire? OfEscape(ReadOnlySpan<byte> after)
    {
        foreach (CharacterRepertoire repertoire in All)
        {
            if (repertoire.Escape.Length > 0 && StartsWith(after, repertoire.Escape))
            {
                return repertoire;
            }
        }

        return null;
    }

    public static bool StartsWith(ReadOnlySpan<byte> bytes, string ascii)
    {
        if (bytes.Length < ascii.Length)
        {
            return false;
        }

        for (int i = 0; i < ascii.Length; i++)
        {
            if (bytes[i] != ascii[i])
            {
                return false;
            }
        }

        return true;
    }

    private static Encoding EncodingOf(int codePage)
    {
        if (codePage == 65001)
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }

        // The provider has the tables that the base library lacks; asked directly, nothing is registered for the process.
        EncoderReplacementFallback nothing = new("");
        DecoderReplacementFallback unknown = new("\uFFFD");
        return CodePagesEncodingProvider.Instance.GetEncoding(codePage, nothing, unknown)
            ?? Encoding.GetEncoding(codePage, nothing, unknown);
    }
}
