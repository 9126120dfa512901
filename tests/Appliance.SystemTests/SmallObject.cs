using System.Security.Cryptography;
using System.Text;

namespace Appliance.SystemTests;

/// <summary>A small CT object in explicit little endian, written by hand: 64 x 64 random pixels, no geometry.</summary>
internal static class SmallObject
{
    private static long count;

    public static string NewUid() =>
        $"1.2.826.0.1.3680043.9.7.{Environment.ProcessId}.{Environment.TickCount64}.{Interlocked.Increment(ref count)}";

    public static byte[] Make(string studyUid, string seriesUid, string instanceUid) =>
        Make(studyUid, seriesUid, instanceUid, new Person("NOBODY^NOWHERE", "TEST-1", "", null));

    public static byte[] Make(string studyUid, string seriesUid, string instanceUid, Person person)
    {
        List<byte> bytes = [];
        Add(bytes, 0x0008, 0x0016, "UI", Text("1.2.840.10008.5.1.4.1.1.2", '\0'));
        Add(bytes, 0x0008, 0x0018, "UI", Text(instanceUid, '\0'));
        Add(bytes, 0x0008, 0x0050, "SH", Text(person.Accession, ' '));
        Add(bytes, 0x0008, 0x0060, "CS", Text("CT", ' '));
        if (person.Seed is not null)
        {
            Add(bytes, 0x0008, 0x0090, "PN", Text(person.Name, ' '));
            Add(bytes, 0x0008, 0x1030, "LO", Text($"of {person.Id}", ' '));
        }

        Add(bytes, 0x0010, 0x0010, "PN", Text(person.Name, ' '));
        Add(bytes, 0x0010, 0x0020, "LO", Text(person.Id, ' '));
        Add(bytes, 0x0020, 0x000D, "UI", Text(studyUid, '\0'));
        Add(bytes, 0x0020, 0x000E, "UI", Text(seriesUid, '\0'));
        Add(bytes, 0x0028, 0x0002, "US", [1, 0]);
        Add(bytes, 0x0028, 0x0004, "CS", Text("MONOCHROME2", ' '));
        Add(bytes, 0x0028, 0x0010, "US", [64, 0]);
        Add(bytes, 0x0028, 0x0011, "US", [64, 0]);
        Add(bytes, 0x0028, 0x0100, "US", [16, 0]);
        Add(bytes, 0x0028, 0x0101, "US", [16, 0]);
        Add(bytes, 0x0028, 0x0102, "US", [15, 0]);
        Add(bytes, 0x0028, 0x0103, "US", [0, 0]);
        byte[] pixels = new byte[64 * 64 * 2];
        if (person.Seed is int seed)
        {
            new Random(seed).NextBytes(pixels);
        }
        else
        {
            RandomNumberGenerator.Fill(pixels);
        }

        bytes.AddRange([0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'W', 0, 0, .. BitConverter.GetBytes(pixels.Length)]);
        bytes.AddRange(pixels);
        return [.. bytes];
    }

    /// <summary>A part 10 file around it, so that dcmtk's senders can read it.</summary>
    public static void WriteFile(string path, byte[] dataSet, string instanceUid)
    {
        List<byte> meta = [];
        meta.AddRange([2, 0, 1, 0, (byte)'O', (byte)'B', 0, 0, 2, 0, 0, 0, 0, 1]);
        Add(meta, 0x0002, 0x0002, "UI", Text("1.2.840.10008.5.1.4.1.1.2", '\0'));
        Add(meta, 0x0002, 0x0003, "UI", Text(instanceUid, '\0'));
        Add(meta, 0x0002, 0x0010, "UI", Text("1.2.840.10008.1.2.1", '\0'));
        Add(meta, 0x0002, 0x0012, "UI", Text("1.2.3.4", '\0'));
        byte[] length = [2, 0, 0, 0, (byte)'U', (byte)'L', 4, 0, .. BitConverter.GetBytes(meta.Count)];
        File.WriteAllBytes(path, [.. new byte[128], .. "DICM"u8, .. length, .. meta, .. dataSet]);
    }

    private static void Add(List<byte> bytes, ushort group, ushort element, string vr, byte[] value)
    {
        bytes.AddRange([(byte)group, (byte)(group >> 8), (byte)element, (byte)(element >> 8), (byte)vr[0], (byte)vr[1]]);
        bytes.AddRange([(byte)value.Length, (byte)(value.Length >> 8), .. value]);
    }

    /// <param name="Seed">Of the pixels, so that the same object can be made twice; null for any.</param>
    internal sealed record Person(string Name, string Id, string Accession, int? Seed);

    private static byte[] Text(string text, char padding) => Encoding.ASCII.GetBytes(text.Length % 2 == 0 ? text : text + padding);
}
