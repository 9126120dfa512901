using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Appliance.Dicom.Data;

/// <summary>Reads a data set whose bytes are all there, in any transfer syntax. Values share memory with them.</summary>
/// <remarks>
/// PS3.5 annex A. Lenient only where nothing is guessed (<see cref="Oddities"/>); anything else is a <see cref="Malformed"/>.
/// <see cref="HeaderReader"/> is for bytes that still arrive.
/// </remarks>
public static class DataSetReader
{
    public static Parsed<DataSet> Read(ReadOnlyMemory<byte> bytes, TransferSyntax syntax) => Read(bytes, syntax, out _);

    /// <param name="oddities">What was bent in the bytes and was read nevertheless.</param>
    public static Parsed<DataSet> Read(ReadOnlyMemory<byte> bytes, TransferSyntax syntax, out Oddities oddities) =>
        Read(bytes, 0, syntax, out oddities);

    internal static Parsed<DataSet> Read(ReadOnlyMemory<byte> bytes, int start, TransferSyntax syntax, out Oddities oddities)
    {
        oddities = Oddities.None;
        if (syntax.IsDeflated)
        {
            Malformed? broken = Inflate(bytes[start..], out ReadOnlyMemory<byte> inflated);
            if (broken is not null)
            {
                return broken;
            }

            (bytes, start) = (inflated, 0);
        }

        DataSetParse parse = new(bytes, start);
        DataSet? set = parse.ReadToEnd(LayoutOf(syntax));
        oddities = parse.Oddities;
        return set is not null ? set : parse.Malformed!;
    }

    internal static Layout LayoutOf(TransferSyntax syntax) =>
        !syntax.IsExplicit ? Layout.ImplicitLittle : syntax.IsBigEndian ? Layout.ExplicitBig : Layout.ExplicitLittle;

    private static Malformed? Inflate(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> inflated)
    {
        inflated = default;
        using MemoryStream source = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count)
            : new MemoryStream(bytes.ToArray());
        using DeflateStream deflate = new(source, CompressionMode.Decompress);
        byte[] buffer = new byte[Math.Clamp(bytes.Length * 4L, 1 << 12, 1 << 26)];
        int used = 0;
        try
        {
            while (deflate.Read(buffer.AsSpan(used)) is > 0 and int count)
            {
                used += count;
                if (used < buffer.Length)
                {
                    continue;
                }

                if (used >= Limits.InflatedBytes)
                {
                    return new Malformed(MalformedReason.TooLong, used, $"more than {Limits.InflatedBytes} bytes when inflated");
                }

                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, Limits.InflatedBytes));
            }
        }
        catch (InvalidDataException)
        {
            return new Malformed(MalformedReason.BadDeflate, used, "the deflated stream is broken");
        }

        inflated = buffer.AsMemory(0, used);
        return null;
    }
}
