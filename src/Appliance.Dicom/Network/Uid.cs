namespace Appliance.Dicom.Network;

/// <summary>Unique identifiers (PS3.5 9.1).</summary>
public static class Uid
{
    /// <summary>Digits and single dots between them, 1 to 64 characters. Leading zeros pass: they exist.</summary>
    public static bool IsValid(string uid)
    {
        if (uid.Length is 0 or > Limits.UidCharacters || uid[0] == '.' || uid[^1] == '.')
        {
            return false;
        }

        for (int i = 0; i < uid.Length; i++)
        {
            if (!char.IsAsciiDigit(uid[i]) && (uid[i] != '.' || uid[i - 1] == '.'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// What is taken as one: also letters, hyphen and underscore, because programs that make files anonymous write such UIDs, and an
    /// image is not lost for that. It begins with a letter or digit and has no separator of folders: it may name a file.
    /// </summary>
    public static bool IsTaken(string uid)
    {
        if (uid.Length is 0 or > Limits.UidCharacters || !char.IsAsciiLetterOrDigit(uid[0]))
        {
            return false;
        }

        foreach (char character in uid)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
