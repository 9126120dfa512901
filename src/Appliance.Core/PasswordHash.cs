using System.Globalization;
using System.Security.Cryptography;

namespace Appliance.Core;

/// <summary>A password as it is stored: salted and stretched, so that whoever reads the settings cannot log in.</summary>
/// <remarks>
/// <c>pbkdf2-sha256:ITERATIONS:SALT:HASH</c>, the last two in base 64. PBKDF2 of RFC 8018 5.2 with HMAC-SHA-256. NIST SP 800-132 asks for a
/// salt of 128 bits.
/// </remarks>
public static class PasswordHash
{
    private const string Scheme = "pbkdf2-sha256";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>What no password matches, with the cost of one that might: a name that nobody has must not answer faster.</summary>
    public static string Nobody { get; } = Make(Convert.ToHexString(RandomNumberGenerator.GetBytes(HashBytes)));

    public static string Make(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        byte[] hash = Stretch(password, salt, Limits.PasswordIterations);
        string iterations = Limits.PasswordIterations.ToString(CultureInfo.InvariantCulture);
        return $"{Scheme}:{iterations}:{Convert.ToBase64String(salt)}:{Convert.ToBase64String(hash)}";
    }

    /// <summary>Whether the text is one of ours and not weaker than what we make.</summary>
    public static bool IsOne(string text) => Parse(text) is not null;

    /// <summary>Takes about as long whatever the password is.</summary>
    public static bool Matches(string text, string password) => Parse(text) is (int iterations, byte[] salt, byte[] hash)
        && CryptographicOperations.FixedTimeEquals(hash, Stretch(password, salt, iterations));

    private static byte[] Stretch(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);

    private static (int Iterations, byte[] Salt, byte[] Hash)? Parse(string text)
    {
        string[] parts = text.Split(':');
        byte[] salt = new byte[SaltBytes], hash = new byte[HashBytes];
        return parts.Length == 4 && parts[0] == Scheme
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int iterations)
            && iterations >= Limits.PasswordIterations && iterations <= 100 * Limits.PasswordIterations
            && Convert.TryFromBase64String(parts[2], salt, out int saltBytes) && saltBytes == SaltBytes
            && Convert.TryFromBase64String(parts[3], hash, out int hashBytes) && hashBytes == HashBytes
                ? (iterations, salt, hash)
                : null;
    }
}
