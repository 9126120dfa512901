namespace Appliance.Dicom.Data;

/// <summary>Steps through the elements of a data set that still arrives, until its pixel data.</summary>
/// <remarks>
/// Only what has undefined length is entered; the levels alternate between elements (the data set itself, items) and items
/// (sequences, fragments). PS3.5 7.5.
/// </remarks>
internal sealed class HeaderWalk
{
    public const int LongestHeaderBytes = 12;

    /// <summary>(7FE0,0008) float, (7FE0,0009) double float, (7FE0,0010) integer; the offset tables before belong to the header.</summary>
    private const uint FirstPixelTag = 0x7FE00008;

    private const uint LastPixelTag = 0x7FE00010;

    private readonly Layout[] layouts = new Layout[(Limits.NestingLevels * 2) + 2];
    private int level;
    private bool isFirst = true;

    public HeaderWalk(Layout declared)
    {
        layouts[0] = declared;
    }

    public enum Result
    {
        More,
        PixelData,
        Malformed,
    }

    /// <summary>Up to where the bytes have been looked at; may lie beyond those that have arrived.</summary>
    public int Position { get; private set; }

    /// <summary>Where the last header began.</summary>
    public int ElementOffset { get; private set; }

    public bool IsBetweenElements => level == 0;

    public PixelDataPlace? PixelData { get; private set; }

    public Malformed? Malformed { get; private set; }

    /// <param name="bytes">All bytes that have arrived, from the first one.</param>
    public Result Advance(ReadOnlySpan<byte> bytes)
    {
        while (Position < bytes.Length)
        {
            ReadOnlySpan<byte> at = bytes[Position..];
            bool inItems = (level & 1) == 1;
            if (isFirst && !inItems && !SettleLayout(at))
            {
                return Result.More;
            }

            int size = ElementHeader.Read(at, layouts[level], out ElementHeader header);
            if (size == 0)
            {
                return Result.More;
            }

            if (level == 0 && header.Tag >= FirstPixelTag && !header.IsDelimiter)
            {
                return AtPixelData(header, size);
            }

            ElementOffset = Position;
            Malformed = inItems ? StepItem(header, size) : StepElement(header, size);
            if (Malformed is not null)
            {
                return Result.Malformed;
            }
        }

        return Result.More;
    }

    /// <summary>The first element of a data set or item shows its VR form; false where it has not arrived.</summary>
    private bool SettleLayout(ReadOnlySpan<byte> at)
    {
        if (at.Length < 8)
        {
            return false;
        }

        isFirst = false;
        layouts[level] = level == 0
            ? ElementHeader.ShownBy(at, layouts[0])
            : ElementHeader.ImplicitWhereNoVr(at, layouts[level]);
        return true;
    }

    private Result AtPixelData(ElementHeader header, int size)
    {
        if (header.Tag <= LastPixelTag)
        {
            Tag tag = new(header.Tag);
            Vr vr = layouts[0] == Layout.ImplicitLittle ? DataDictionary.VrOf(tag) : (Vr)header.Code;
            PixelData = new PixelDataPlace(tag, vr, Position, Position + size, header.IsUndefined ? null : header.Length);
        }

        return Result.PixelData;
    }

    private Malformed? StepElement(ElementHeader header, int size)
    {
        if (header.IsDelimiter)
        {
            if (header.Tag == ElementHeader.Item || (level > 0 && header.Tag != ElementHeader.ItemEnd))
            {
                return Wrong(MalformedReason.StrayDelimiter, "an item or delimiter stands where an element has to be");
            }

            level -= level > 0 ? 1 : 0;
            return Skip(size);
        }

        Layout inside = layouts[level];
        if (inside != Layout.ImplicitLittle)
        {
            if (!header.HasLetters)
            {
                return Wrong(MalformedReason.BadVr, "a VR is no pair of letters");
            }

            // UN of undefined length is implicit VR little endian inside (PS3.5 6.2.2).
            inside = !((Vr)header.Code).IsKnown() || (Vr)header.Code == Vr.UN ? Layout.ImplicitLittle : inside;
        }

        return header.IsUndefined ? Enter(size, inside) : Skip(size + (long)header.Length);
    }

    private Malformed? StepItem(ElementHeader header, int size)
    {
        if (header.Tag == ElementHeader.SequenceEnd)
        {
            level--;
            return Skip(size);
        }

        if (header.Tag != ElementHeader.Item)
        {
            return Wrong(MalformedReason.NotAnItem, "something else than an item in a sequence");
        }

        return header.IsUndefined ? Enter(size, layouts[level]) : Skip(size + (long)header.Length);
    }

    private Malformed? Enter(int size, Layout layout)
    {
        if (level + 1 >= layouts.Length)
        {
            return Wrong(MalformedReason.NestedTooDeep, $"sequences nested deeper than {Limits.NestingLevels} levels");
        }

        layouts[++level] = layout;
        isFirst = (level & 1) == 0;
        return Skip(size);
    }

    private Malformed? Skip(long count)
    {
        if (Position + count > int.MaxValue)
        {
            return Wrong(MalformedReason.TooLong, "a value of more than 2 GB in the header");
        }

        Position += (int)count;
        return null;
    }

    private Malformed Wrong(MalformedReason reason, string text) => new(reason, ElementOffset, text);
}
