using System.Buffers.Binary;
using System.Globalization;

namespace Appliance.Dicom.Data;

/// <summary>Reading values. A missing, empty or unreadable value is null (or an empty array): the caller is the door.</summary>
public sealed partial class DataSet
{
    /// <summary>The first value of a text element without padding, or null.</summary>
    public string? GetString(Tag tag) => GetStrings(tag) is { Length: > 0 } values ? values[0] : null;

    /// <summary>All values of a text element, padding removed; empty where absent.</summary>
    public string[] GetStrings(Tag tag) => this[tag] is { Items: null, Fragments: null } element && element.Value.Length > 0
        ? TextOf(element)
        : [];

    /// <summary>The first value as an integer, whatever the VR (IS, US, SS, UL, SL, UV, SV, DS), or null.</summary>
    public long? GetInteger(Tag tag) => GetDoubles(tag) is { Length: > 0 } values
        && double.IsInteger(values[0]) && Math.Abs(values[0]) < 9e18 ? (long)values[0] : null;

    /// <summary>The first value as a number, whatever the VR (DS, IS, FD, FL, integers), or null.</summary>
    public double? GetDouble(Tag tag) => GetDoubles(tag) is { Length: > 0 } values ? values[0] : null;

    /// <summary>All values as numbers; empty where absent or where one of them is no number.</summary>
    public double[] GetDoubles(Tag tag)
    {
        if (this[tag] is not { Items: null, Fragments: null } element)
        {
            return [];
        }

        return element.Vr.IsText() ? NumbersOfText(element) : NumbersOfBinary(element.Vr, element.Value.Span);
    }

    /// <summary>The items of a sequence; empty where absent.</summary>
    public IReadOnlyList<DataSet> GetItems(Tag tag) => this[tag]?.Items ?? [];

    /// <summary>The only or first item of a sequence, or null.</summary>
    public DataSet? GetItem(Tag tag) => GetItems(tag) is { Count: > 0 } items ? items[0] : null;

    /// <summary>The value field as bytes, little endian; empty where absent.</summary>
    public ReadOnlyMemory<byte> GetBytes(Tag tag) => this[tag]?.Value ?? default;

    private double[] NumbersOfText(Element element)
    {
        string[] texts = TextOf(element);
        double[] numbers = new double[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            if (!double.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                || !double.IsFinite(numbers[i]))
            {
                return [];
            }
        }

        return numbers;
    }

    private static double[] NumbersOfBinary(Vr vr, ReadOnlySpan<byte> value)
    {
        int size = vr switch
        {
            Vr.US or Vr.SS or Vr.OW => 2,
            Vr.UL or Vr.SL or Vr.FL or Vr.OF or Vr.OL => 4,
            Vr.UV or Vr.SV or Vr.FD or Vr.OD or Vr.OV => 8,
            _ => 0,
        };
        if (size == 0)
        {
            return [];
        }

        double[] numbers = new double[value.Length / size];
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> at = value[(i * size)..];
            numbers[i] = vr switch
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

        return numbers;
    }
}
