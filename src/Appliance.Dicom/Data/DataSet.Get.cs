using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Appliance.Dicom.Data;

/// <summary>Reading values. A missing, empty or unreadable value is null (or an empty array): the caller is the door.</summary>
public sealed partial class DataSet
{
    /// <summary>The first value of a text element without padding, or null.</summary>
    public string? GetString(Tag tag)
    {
        if (this[tag] is not { Items: null, Fragments: null } element || element.Value.Length == 0)
        {
            return null;
        }

        return TryFirstPlain(element, out ReadOnlySpan<byte> first) ? Encoding.ASCII.GetString(first) : TextOf(element)[0];
    }

    /// <summary>All values of a text element, padding removed; empty where absent.</summary>
    public string[] GetStrings(Tag tag) => this[tag] is { Items: null, Fragments: null } element && element.Value.Length > 0
        ? TextOf(element)
        : [];

    /// <summary>The first value as an integer, whatever the VR (IS, US, SS, UL, SL, UV, SV, DS), or null.</summary>
    public long? GetInteger(Tag tag) =>
        GetDouble(tag) is double value && double.IsInteger(value) && Math.Abs(value) < 9e18 ? (long)value : null;

    /// <summary>The first value as a number, whatever the VR (DS, IS, FD, FL, integers), or null.</summary>
    public double? GetDouble(Tag tag)
    {
        if (this[tag] is not { Items: null, Fragments: null } element)
        {
            return null;
        }

        if (element.Vr.IsText())
        {
            return TryFirstPlain(element, out ReadOnlySpan<byte> first) && TryNumber(first, out double number) ? number : null;
        }

        int size = NumberBytes(element.Vr);
        return size > 0 && element.Value.Length >= size ? NumberAt(element.Vr, element.Value.Span) : null;
    }

    /// <summary>All values as numbers; empty where absent or where one of them is no number.</summary>
    public double[] GetDoubles(Tag tag)
    {
        if (this[tag] is not { Items: null, Fragments: null } element)
        {
            return [];
        }

        return element.Vr.IsText() ? NumbersOfText(element.Value.Span) : NumbersOfBinary(element.Vr, element.Value.Span);
    }

    /// <summary>All values of an AT element: the tags that it points to; empty where absent.</summary>
    public Tag[] GetTags(Tag tag)
    {
        ReadOnlySpan<byte> value = this[tag] is { Vr: Vr.AT } element ? element.Value.Span : default;
        Tag[] tags = new Tag[value.Length / 4];
        for (int i = 0; i < tags.Length; i++)
        {
            ReadOnlySpan<byte> at = value[(i * 4)..];
            tags[i] = new Tag(BinaryPrimitives.ReadUInt16LittleEndian(at), BinaryPrimitives.ReadUInt16LittleEndian(at[2..]));
        }

        return tags;
    }

    /// <summary>The items of a sequence; empty where absent.</summary>
    public IReadOnlyList<DataSet> GetItems(Tag tag) => this[tag]?.Items ?? [];

    /// <summary>The only or first item of a sequence, or null.</summary>
    public DataSet? GetItem(Tag tag) => GetItems(tag) is { Count: > 0 } items ? items[0] : null;

    /// <summary>The value field as bytes, little endian; empty where absent.</summary>
    public ReadOnlyMemory<byte> GetBytes(Tag tag) => this[tag]?.Value ?? default;

    private static double[] NumbersOfText(ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd(" \0"u8);
        if (text.IsEmpty)
        {
            return [];
        }

        double[] numbers = new double[text.Count((byte)'\\') + 1];
        int at = 0;
        foreach (Range value in text.Split((byte)'\\'))
        {
            if (!TryNumber(text[value].Trim(" \0"u8), out numbers[at++]))
            {
                return [];
            }
        }

        return numbers;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static double[] NumbersOfBinary(Vr vr, ReadOnlySpan<byte> value)
    {
        int size = NumberBytes(vr);
        double[] numbers = size == 0 ? [] : new double[value.Length / size];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = NumberAt(vr, value[(i * size)..]);
        }

        return numbers;
    }

    /// <summary>Bytes of one number; 0 where the VR holds none.</summary>
    private static int NumberBytes(Vr vr) => vr == Vr.AT || vr.WordLength() == 1 ? 0 : vr.WordLength();

    private static double NumberAt(Vr vr, ReadOnlySpan<byte> at) => vr switch
    {
        Vr.SS => BinaryPrimitives.ReadInt16LittleEndian(at),
        Vr.US or Vr.OW => BinaryPrimitives.ReadUInt16LittleEndian(at),
        Vr.SL => BinaryPrimitives.ReadInt32LittleEndian(at),
        Vr.UL or Vr.OL => BinaryPrimitives.ReadUInt32LittleEndian(at),
        Vr.FL or Vr.OF => BinaryPrimitives.ReadSingleLittleEndian(at),
        Vr.FD or Vr.OD => BinaryPrimitives.ReadDoubleLittleEndian(at),
        Vr.SV => BinaryPrimitives.ReadInt64LittleEndian(at),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(at),
    };
}
