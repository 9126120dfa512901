using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Appliance.Dicom.Data;

/// <summary>The value of (0008,0005): how the text of a data set is encoded (PS3.3 C.12.1.1.2, PS3.5 6.1.2).</summary>
/// <remarks>
/// Decoding never fails: what cannot be decoded becomes U+FFFD, bytes above 0x7F where only ISO 646 is declared are read as
/// ISO 8859-1, an unknown term counts as ISO 646. Encoding says when it cannot.
/// </remarks>
public sealed class SpecificCharacterSet
{
    /// <summary>No (0008,0005): ISO 646.</summary>
    public static readonly SpecificCharacterSet Default = new("", [CharacterRepertoire.Ascii]);

    /// <summary>ISO_IR 192, what our own objects use.</summary>
    public static readonly SpecificCharacterSet Utf8 = new("ISO_IR 192", [CharacterRepertoire.Utf8]);

    private static readonly SpecificCharacterSet Latin1 = new("ISO_IR 100", [CharacterRepertoire.OfTerm("ISO_IR 100")!]);

    private readonly CharacterRepertoire[] repertoires;

    private SpecificCharacterSet(string value, CharacterRepertoire[] repertoires)
    {
        Value = value;
        this.repertoires = repertoires;
    }

    /// <summary>The defined terms as they stand in the element, joined by backslash.</summary>
    public string Value { get; }

    public bool IsUtf8 => repertoires[0] == CharacterRepertoire.Utf8;

    /// <summary>Whether each value was a defined term.</summary>
    public bool IsKnown { get; private init; } = true;

    /// <param name="value">The value field of (0008,0005).</param>
    public static SpecificCharacterSet Of(ReadOnlySpan<byte> value)
    {
        value = value.TrimEnd(" \0"u8);
        if (value.SequenceEqual("ISO_IR 100"u8))
        {
            return Latin1;
        }

        if (value.SequenceEqual("ISO_IR 192"u8))
        {
            return Utf8;
        }

        if (value.IsEmpty || value.SequenceEqual("ISO_IR 6"u8))
        {
            return Default;
        }

        string text = Encoding.ASCII.GetString(value);
        List<CharacterRepertoire> repertoires = [];
        bool isKnown = true;
        foreach (string term in text.Split('\\'))
        {
            CharacterRepertoire? repertoire = CharacterRepertoire.OfTerm(term);
            isKnown &= repertoire is not null;
            repertoires.Add(repertoire ?? CharacterRepertoire.Ascii);
        }

        return new SpecificCharacterSet(text, [.. repertoires]) { IsKnown = isKnown };
    }

    /// <summary>Whether bytes mean the same in every character set: ISO 646 without escape sequence.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> bytes) => Ascii.IsValid(bytes) && !bytes.Contains(CodeExtension.Esc);

    /// <summary>The text of a value field; values stay joined by backslash.</summary>
    /// <param name="vr">Says which characters end what an escape sequence has designated (PS3.5 6.1.2.5.3).</param>
    public string Decode(ReadOnlySpan<byte> bytes, Vr vr)
    {
        if (IsPlain(bytes))
        {
            return Encoding.Latin1.GetString(bytes);
        }

        return repertoires[0].Kind == CodeElement.Whole
            ? repertoires[0].Encoding.GetString(bytes)
            : new CodeExtension(repertoires, vr).Decode(bytes);
    }

    /// <summary>Encodes text; false where a character is in none of the repertoires.</summary>
    public bool TryEncode(string text, Vr vr, [NotNullWhen(true)] out byte[]? bytes)
    {
        if (Ascii.IsValid(text))
        {
            bytes = Encoding.Latin1.GetBytes(text);
            return true;
        }

        if (repertoires[0].Kind != CodeElement.Whole)
        {
            ArrayBufferWriter<byte> output = new(text.Length * 2);
            bool encoded = new CodeExtension(repertoires, vr).TryEncode(text, output);
            bytes = encoded ? output.WrittenSpan.ToArray() : null;
            return encoded;
        }

        bytes = repertoires[0].Encoding.GetBytes(text);
        if (repertoires[0].Encoding.GetString(bytes) == text)
        {
            return true;
        }

        // Only lone surrogates fail in UTF-8; they are no text in any character set, so U+FFFD stands for them.
        bytes = IsUtf8 ? bytes : null;
        return bytes is not null;
    }
}
