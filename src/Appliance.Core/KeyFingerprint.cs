using System.Buffers;
using System.Security.Cryptography;

namespace Appliance.Core;

/// <summary>How people and sshd name a public key: <c>SHA256:</c> and 43 characters of Base64 (ssh-keygen(1), -l).</summary>
public static class KeyFingerprint
{
    private const string Prefix = "SHA256:";

    // 256 bits at six a character, the padding left out.
    private const int DigestChars = 43;

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <param name="key">In its wire form (RFC 4253 6.6).</param>
    public static string Of(ReadOnlySpan<byte> key) => Prefix + Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=');

    public static bool Is(string text) => text.Length == Prefix.Length + DigestChars && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Base64) < 0;
}
