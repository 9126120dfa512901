using System.Buffers.Binary;

namespace Appliance.Dicom.Data;

/// <summary>How the bytes of a data set, or of an item, are laid out.</summary>
internal enum Layout
{
    ImplicitLittle,
    ExplicitLittle,
    ExplicitBig,
}

/// <summary>Tag, VR and length of an element as they stand in the stream (PS3.5 7.1.2, 7.1.3, 7.5).</summary>
internal readonly struct ElementHeader
{
    public const uint Undefined = 0xFFFFFFFF;
    public const uint Item = 0xFFFEE000;
    public const uint ItemEnd = 0xFFFEE00D;
    public const uint SequenceEnd = 0xFFFEE0DD;

    private ElementHeader(uint tag, ushort code, uint length)
    {
        Tag = tag;
        Code = code;
        Length = length;
    }

    public uint Tag { get; }

    /// <summary>The two characters of the VR; 0 where the layout has none.</summary>
    public ushort Code { get; }

    public uint Length { get; }

    public bool IsUndefined => Length == Undefined;

    /// <summary>Item, item delimitation or sequence delimitation: no VR in any layout.</summary>
    public bool IsDelimiter => (Tag >> 16) == 0xFFFE;

    public bool HasLetters => IsLetter(Code >> 8) && IsLetter(Code & 0xFF);

    /// <summary>Reads a header; returns its length in bytes, or 0 where <paramref name="at"/> is too short to hold it.</summary>
    public static int Read(ReadOnlySpan<byte> at, Layout layout, out ElementHeader header)
    {
        header = default;
        if (at.Length < 8)
        {
            return 0;
        }

        bool isBig = layout == Layout.ExplicitBig;
        uint tag = isBig
            ? BinaryPrimitives.ReadUInt32BigEndian(at)
            : ((uint)BinaryPrimitives.ReadUInt16LittleEndian(at) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(at[2..]);
        if (layout == Layout.ImplicitLittle || (tag >> 16) == 0xFFFE)
        {
            header = new ElementHeader(tag, 0, UInt32(at[4..], isBig));
            return 8;
        }

        ushort code = BinaryPrimitives.ReadUInt16BigEndian(at[4..]);
        if (((Vr)code).HasShortLength())
        {
            ushort length = isBig ? BinaryPrimitives.ReadUInt16BigEndian(at[6..]) : BinaryPrimitives.ReadUInt16LittleEndian(at[6..]);
            header = new ElementHeader(tag, code, length);
            return 8;
        }

        if (at.Length < 12)
        {
            return 0;
        }

        header = new ElementHeader(tag, code, UInt32(at[8..], isBig));
        return 12;
    }

    /// <summary>Whether two letters stand in the place of the VR, or the element is one that has none.</summary>
    /// <param name="at">Little endian, at least 8 bytes.</param>
    public static bool MayBeExplicit(ReadOnlySpan<byte> at) =>
        (IsLetter(at[4]) && IsLetter(at[5])) || BinaryPrimitives.ReadUInt16LittleEndian(at) == 0xFFFE;

    /// <summary>The layout that the first element of a data set shows: some declare one VR form and use the other.</summary>
    public static Layout ShownBy(ReadOnlySpan<byte> at, Layout declared)
    {
        if (declared != Layout.ImplicitLittle)
        {
            return ImplicitWhereNoVr(at, declared);
        }

        return Read(at, Layout.ExplicitLittle, out ElementHeader header) > 0 && !header.IsDelimiter && ((Vr)header.Code).IsKnown()
            ? Layout.ExplicitLittle
            : declared;
    }

    /// <summary>Explicit little endian is implicit where no letters stand in the place of the first element's VR.</summary>
    public static Layout ImplicitWhereNoVr(ReadOnlySpan<byte> at, Layout declared) =>
        declared == Layout.ExplicitLittle && at.Length >= 8 && !MayBeExplicit(at) ? Layout.ImplicitLittle : declared;

    private static uint UInt32(ReadOnlySpan<byte> at, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);

    private static bool IsLetter(int character) => character is >= 'A' and <= 'Z';
}
