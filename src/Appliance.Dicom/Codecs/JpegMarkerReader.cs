using System.Buffers.Binary;

namespace Appliance.Dicom.Codecs;

/// <summary>The second byte of the markers that matter here.</summary>
/// <remarks>ISO/IEC 10918-1 table B.1.</remarks>
internal static class JpegMarker
{
    public const byte StartOfFrameLossless = 0xC3;
    public const byte DefineHuffmanTables = 0xC4;
    public const byte FirstRestart = 0xD0;
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte DefineRestartInterval = 0xDD;
    public const byte FirstApplication = 0xE0;
    public const byte Application14 = 0xEE;

    private const byte DefineQuantisationTables = 0xDB;
    private const byte LastApplication = 0xEF;
    private const byte Comment = 0xFE;

    /// <summary>Application data, comments and quantisation tables say nothing about lossless samples.</summary>
    public static bool MayBeSkipped(byte marker) =>
        marker is (>= FirstApplication and <= LastApplication) or Comment or DefineQuantisationTables;
}

/// <summary>A marker and where it is.</summary>
/// <param name="Offset">Of the marker's first byte.</param>
/// <param name="Start">Of the first byte after the length field.</param>
/// <param name="Length">Of what follows the length field; 0 for a marker without segment.</param>
internal readonly record struct JpegSegment(byte Marker, int Offset, int Start, int Length);

/// <summary>Goes from marker to marker through a JPEG codestream.</summary>
/// <remarks>ISO/IEC 10918-1 B.1.1.</remarks>
internal ref struct JpegMarkerReader(ReadOnlySpan<byte> codestream)
{
    private const byte Prefix = 0xFF;
    private const int LengthFieldBytes = 2;

    private readonly ReadOnlySpan<byte> codestream = codestream;

    public int Position { get; private set; }

    public readonly ReadOnlySpan<byte> Rest => codestream[Position..];

    public readonly ReadOnlySpan<byte> Bytes(JpegSegment segment) => codestream.Slice(segment.Start, segment.Length);

    public void Skip(int bytes) => Position += bytes;

    /// <summary>The next marker with its segment; false at the end, or where there is no marker or its segment is cut short.</summary>
    public bool TryNext(out JpegSegment segment)
    {
        segment = default;
        int offset = Position;
        int at = Position;
        if (at >= codestream.Length || codestream[at] != Prefix)
        {
            return false;
        }

        // Any number of fill bytes FF may stand before a marker.
        while (at < codestream.Length && codestream[at] == Prefix)
        {
            at++;
        }

        if (at >= codestream.Length)
        {
            return false;
        }

        byte marker = codestream[at++];
        int length = 0;
        if (marker is not (JpegMarker.StartOfImage or JpegMarker.EndOfImage))
        {
            if (codestream.Length - at < LengthFieldBytes)
            {
                return false;
            }

            length = BinaryPrimitives.ReadUInt16BigEndian(codestream[at..]) - LengthFieldBytes;
            at += LengthFieldBytes;
            if (length < 0 || length > codestream.Length - at)
            {
                return false;
            }
        }

        segment = new JpegSegment(marker, offset, at, length);
        Position = at + length;
        return true;
    }

    /// <summary>Takes the restart marker of that number (0..7), fill bytes before it allowed.</summary>
    public bool TryRestart(int number)
    {
        int at = Position;
        while (at < codestream.Length && codestream[at] == Prefix)
        {
            at++;
        }

        if (at == Position || at >= codestream.Length || codestream[at] != JpegMarker.FirstRestart + number)
        {
            return false;
        }

        Position = at + 1;
        return true;
    }
}
