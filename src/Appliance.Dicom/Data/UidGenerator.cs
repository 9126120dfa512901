using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Appliance.Dicom.Data;

/// <summary>UIDs that need no registered root: a UUID as a decimal number under 2.25 (PS3.5 B.2, ISO/IEC 9834-8).</summary>
public static class UidGenerator
{
    /// <summary>A random UID (UUID version 4), at most 44 characters.</summary>
    public static string New()
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes, bigEndian: true, out _);
        return FromUuid(bytes);
    }

    /// <summary>The same UID for the same name (UUID version 8, from its SHA-256): what is made twice is then the same object.</summary>
    public static string FromName(string name)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return FromUuid(hash[..16]);
    }

    private static string FromUuid(ReadOnlySpan<byte> uuid) => "2.25." + BinaryPrimitives.ReadUInt128BigEndian(uuid).ToString();
}
