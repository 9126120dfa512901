namespace Appliance.Dicom.Network;

/// <summary>Unique identifiers (PS3.5 9.1).</summary>
public static class Uid
{
    /// <summary>Digits and single dots between them, 1 to 64 characters: safe as a file name. Leading zeros pass: they exist.</summary>
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
}
