using System.Buffers.Binary;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>Size, components and tile-parts of a JPEG 2000 codestream, looked at before a decoder allocates what they ask for.</summary>
/// <remarks>ISO/IEC 15444-1 A.4.2 (SOT), A.5.1 (SIZ), and annex I.5 for the boxes of a JP2 file.</remarks>
internal static class Jpeg2000Codestream
{
    private const uint StartAndSize = 0xFF4FFF51;
    private const uint CodestreamBox = 0x6A703263;
    private const int BoxHeaderBytes = 8;
    private const int SizFixedBytes = 40;
    private const int StartOfTilePart = 0xFF90;
    private const int TilePartHeaderBytes = 12;

    /// <summary>The first twelve bytes of a JP2 file, which a fragment ought not to hold but sometimes does.</summary>
    private static ReadOnlySpan<byte> Jp2Signature => [0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A];

    public static bool IsJp2File(ReadOnlySpan<byte> source) => source.StartsWith(Jp2Signature);

    /// <summary>The codestream within a JP2 file, or the whole where it is none; empty where the file has none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> source)
    {
        if (!IsJp2File(source))
        {
            return source;
        }

        while (source.Length >= BoxHeaderBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(source);
            if (BinaryPrimitives.ReadUInt32BigEndian(source[4..]) == CodestreamBox)
            {
                return source[BoxHeaderBytes..];
            }

            if (length < BoxHeaderBytes || length > source.Length)
            {
                break;
            }

            source = source[(int)length..];
        }

        return [];
    }

    /// <summary>Null where size and components are those of the data set, and all tiles are there.</summary>
    public static Malformed? Check(ReadOnlySpan<byte> source, PixelDescription expected)
    {
        ReadOnlySpan<byte> codestream = Find(source);
        if (codestream.Length < 4 + SizFixedBytes || BinaryPrimitives.ReadUInt32BigEndian(codestream) != StartAndSize)
        {
            return Bad("a JPEG 2000 codestream does not start with SOC and SIZ");
        }

        // Lsiz, Rsiz, Xsiz, Ysiz, XOsiz, YOsiz, XTsiz, YTsiz, XTOsiz, YTOsiz, Csiz, then three bytes for each component.
        ReadOnlySpan<byte> siz = codestream[4..];
        long width = (long)Word(siz, 4) - Word(siz, 12);
        long height = (long)Word(siz, 8) - Word(siz, 16);
        int components = BinaryPrimitives.ReadUInt16BigEndian(siz[36..]);
        if (width != expected.Columns || height != expected.Rows || components != expected.Samples)
        {
            return Bad("a JPEG 2000 codestream has other rows, columns or components than its data set");
        }

        if (siz.Length < 38 + (3 * components))
        {
            return Bad("a JPEG 2000 codestream is cut short within its SIZ segment");
        }

        for (int i = 0; i < components; i++)
        {
            ReadOnlySpan<byte> component = siz.Slice(38 + (3 * i), 3);
            bool isSameDepth = component[0] == siz[38];
            if (!isSameDepth || (component[0] & 0x7F) + 1 > expected.BitsAllocated || component[1] != 1 || component[2] != 1)
            {
                return Bad("the components of a JPEG 2000 codestream are subsampled, unequal, or wider than the data set's samples");
            }
        }

        return CheckTiles(codestream, siz);
    }

    /// <summary>
    /// Every tile is there and every tile-part complete. The library decodes what it finds, and would hand out an image whose
    /// last tiles are empty.
    /// </summary>
    private static Malformed? CheckTiles(ReadOnlySpan<byte> codestream, ReadOnlySpan<byte> siz)
    {
        long across = Tiles(Word(siz, 4), Word(siz, 12), Word(siz, 20), Word(siz, 28));
        long down = Tiles(Word(siz, 8), Word(siz, 16), Word(siz, 24), Word(siz, 32));
        if (across == 0 || down == 0 || across * down > Limits.Jpeg2000Tiles)
        {
            return Bad("a JPEG 2000 codestream has no tile, or more than this device decodes");
        }

        Span<byte> parts = stackalloc byte[(int)(across * down)];
        Span<byte> announced = stackalloc byte[parts.Length];
        parts.Clear();
        announced.Clear();
        int at = FirstTilePart(codestream);
        while (at >= 0 && codestream.Length - at >= TilePartHeaderBytes && Marker(codestream, at) == StartOfTilePart)
        {
            ReadOnlySpan<byte> header = codestream.Slice(at, TilePartHeaderBytes);
            int tile = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(header[6..]);
            if (tile >= parts.Length || header[10] != parts[tile] || parts[tile] == byte.MaxValue)
            {
                return Bad("a tile-part of a JPEG 2000 codestream has no place where it is");
            }

            parts[tile]++;
            announced[tile] = Math.Max(announced[tile], header[11]);

            // Length 0 is the last tile-part, up to the end of the codestream, which then has to be there.
            long end = length == 0 ? LastEndOfCodestream(codestream) : at + (long)length;
            if (end < at + TilePartHeaderBytes || end > codestream.Length)
            {
                return Bad("a tile-part of a JPEG 2000 codestream is cut short");
            }

            at = (int)end;
        }

        for (int tile = 0; tile < parts.Length; tile++)
        {
            if (parts[tile] == 0 || parts[tile] < announced[tile])
            {
                return Bad("a JPEG 2000 codestream lacks tiles");
            }
        }

        return null;
    }

    /// <summary>Tiles along one axis; 0 where the first tile holds nothing of the image, or tiles have no size.</summary>
    private static long Tiles(long end, long start, long tile, long tileStart) =>
        tile == 0 || tileStart > start || tileStart + tile <= start ? 0 : (end - tileStart + tile - 1) / tile;

    /// <summary>Behind the segments of the main header; -1 where they are cut short.</summary>
    private static int FirstTilePart(ReadOnlySpan<byte> codestream)
    {
        int at = 2;
        while (codestream.Length - at >= 4 && Marker(codestream, at) != StartOfTilePart)
        {
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(codestream[(at + 2)..]);
        }

        return codestream.Length - at >= 4 ? at : -1;
    }

    private static int LastEndOfCodestream(ReadOnlySpan<byte> codestream) =>
        codestream.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]);

    private static int Marker(ReadOnlySpan<byte> codestream, int at) => BinaryPrimitives.ReadUInt16BigEndian(codestream[at..]);

    private static uint Word(ReadOnlySpan<byte> siz, int at) => BinaryPrimitives.ReadUInt32BigEndian(siz[at..]);

    private static Malformed Bad(string text) => new(MalformedReason.BadPixelStream, 0, text);
}
