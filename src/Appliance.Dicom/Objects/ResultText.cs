namespace Appliance.Dicom.Objects;

/// <summary>Cuts our own texts to what their value representation holds (PS3.5 6.2). The patient's texts are never cut.</summary>
internal static class ResultText
{
    /// <summary>LO: 64 characters, no backslash (it would separate values).</summary>
    public static string Long(string text) => Cut(text.Replace('\\', '/'), 64);

    /// <summary>ST: 1024 characters.</summary>
    public static string Short(string text) => Cut(text, 1024);

    /// <summary>CS: 16 characters, upper case, digits, space and underscore.</summary>
    public static string Code(string text)
    {
        char[] code = Cut(text.ToUpperInvariant(), 16).ToCharArray();
        for (int i = 0; i < code.Length; i++)
        {
            code[i] = char.IsAsciiLetterUpper(code[i]) || char.IsAsciiDigit(code[i]) || code[i] == ' ' ? code[i] : '_';
        }

        return new string(code);
    }

    private static string Cut(string text, int characters)
    {
        if (text.Length <= characters)
        {
            return text;
        }

        // A surrogate pair is one character and is not to be halved.
        return text[..(char.IsHighSurrogate(text[characters - 1]) ? characters - 1 : characters)];
    }
}
