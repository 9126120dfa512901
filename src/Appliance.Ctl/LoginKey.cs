using Appliance.Core;

namespace Appliance.Ctl;

/// <summary>The key by which sshd let in whoever asks: many people are user <c>service</c>, the audit tells them apart.</summary>
internal static class LoginKey
{
    /// <summary>Names a file of sshd's with a line for each method that let somebody in (sshd_config(5), ExposeAuthInfo).</summary>
    public const string Variable = "SSH_USER_AUTH";

    private const string PublicKey = "publickey";

    /// <summary>As ssh-keygen -l prints it; null where nobody came by a key of sshd's. Set once, before any command runs.</summary>
    public static string? Fingerprint { get; private set; }

    /// <summary>From the file that sshd wrote for this login.</summary>
    public static void Read()
    {
        try
        {
            Fingerprint = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file ? Of(File.ReadLines(file)) : null;
        }
        catch (Exception gone) when (DiskFault.Is(gone))
        {
            // sshd takes it away when the login ends: who asks is named by the kernel all the same.
            Fingerprint = null;
        }
    }

    /// <summary>Of lines <c>publickey ssh-ed25519 AAAA...</c>.</summary>
    public static string? Of(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            byte[] key = new byte[line.Length];
            if (line.Split(' ') is [PublicKey, _, string text, ..] && Convert.TryFromBase64String(text, key, out int length))
            {
                return KeyFingerprint.Of(key.AsSpan(0, length));
            }
        }

        return null;
    }
}
