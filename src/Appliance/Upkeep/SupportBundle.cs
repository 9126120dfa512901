using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Appliance.Core;

namespace Appliance.Daemon.Upkeep;

/// <param name="Cms">Encoded (DER).</param>
/// <param name="Listed">A line for each member: name, bytes, SHA-256.</param>
public sealed record SealedBundle(byte[] Cms, IReadOnlyList<string> Listed);

/// <summary>
/// What the makers need to see what is wrong: no patient data, and nobody but the owner of the service key can read it. CMS
/// (RFC 5652, EnvelopedData, AES-256) around a compressed tar: <c>openssl cms -decrypt -inform PEM -inkey service.key</c>.
/// </summary>
public static class SupportBundle
{
    private const string Aes256Cbc = "2.16.840.1.101.3.4.1.42";

    // Of the kernel: what the machine is, and what it has left.
    private static readonly string[] Machine =
        ["/proc/version", "/proc/cpuinfo", "/proc/meminfo", "/proc/loadavg", "/proc/uptime", "/proc/self/status", "/proc/self/limits",
            "/proc/driver/nvidia/version", "/etc/os-release"];

    /// <param name="certificate">The makers' X.509 certificate, PEM.</param>
    /// <param name="members">Name and content, without patient data.</param>
    public static Outcome<SealedBundle> Seal(
        string certificate, IEnumerable<(string Name, byte[] Content)> members, DateTimeOffset when)
    {
        if (certificate.Length == 0 || !File.Exists(certificate))
        {
            return new Refusal(RefusalReason.BadSettings, certificate.Length == 0
                ? "service_certificate is not set: nobody could read the bundle"
                : $"{certificate} is not there");
        }

        try
        {
            using X509Certificate2 service = X509Certificate2.CreateFromPem(File.ReadAllText(certificate));
            (byte[] tar, IReadOnlyList<string> listed) = Pack([.. members, .. OfMachine()], when);
            EnvelopedCms cms = new(new ContentInfo(tar), new AlgorithmIdentifier(new Oid(Aes256Cbc)));
            cms.Encrypt(new CmsRecipient(SubjectIdentifierType.IssuerAndSerialNumber, service, RSAEncryptionPadding.OaepSHA256));
            return new SealedBundle(cms.Encode(), listed);
        }
        catch (CryptographicException bad)
        {
            return new Refusal(RefusalReason.BadSettings, $"{certificate} is no certificate with an RSA key: {bad.Message}");
        }
    }

    private static (byte[] Tar, IReadOnlyList<string> Listed) Pack(
        IReadOnlyList<(string Name, byte[] Content)> members, DateTimeOffset when)
    {
        List<string> listed =
        [
            .. members.Select(member => string.Create(
                CultureInfo.InvariantCulture, $"{member.Name} {member.Content.Length} {Digest(member.Content)}")),
        ];
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (TarWriter tar = new(zip, TarEntryFormat.Ustar))
        {
            byte[] list = Encoding.UTF8.GetBytes(string.Join('\n', listed) + "\n");
            foreach ((string name, byte[] content) in members.Append(("MEMBERS", list)))
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(content),
                    ModificationTime = when,
                });
            }
        }

        return (packed.ToArray(), listed);
    }

    private static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static IEnumerable<(string Name, byte[] Content)> OfMachine() =>
        Machine.Where(File.Exists).Select(path => ($"machine{path}", File.ReadAllBytes(path)));
}
