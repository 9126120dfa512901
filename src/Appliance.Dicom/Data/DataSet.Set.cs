using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace Appliance.Dicom.Data;

/// <summary>Writing values. The VR is the dictionary's; where it offers several, the caller names one.</summary>
public sealed partial class DataSet
{
    /// <summary>Text values joined by backslash; no value makes an empty (type 2) element.</summary>
    /// <remarks>A text that the character set of this data set lacks changes it to ISO_IR 192 (DataSet.Text.cs).</remarks>
    /// <exception cref="ArgumentException">A VR of the default repertoire and a character beyond ISO 8859-1: a defect.</exception>
    public DataSet SetString(Tag tag, Vr vr, params ReadOnlySpan<string?> values) =>
        Put(Element.FromBytes(tag, vr, BytesOf(vr, string.Join('\\', values))));

    /// <summary>DS values, at most 16 characters each, the shortest text that is exact or nearest (PS3.5 6.2).</summary>
    public DataSet SetDecimal(Tag tag, params ReadOnlySpan<double> values)
    {
        string[] texts = new string[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            texts[i] = DecimalString(values[i]);
        }

        return SetString(tag, Vr.DS, texts);
    }

    /// <summary>IS values.</summary>
    public DataSet SetIntegerString(Tag tag, params ReadOnlySpan<int> values)
    {
        string[] texts = new string[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            texts[i] = values[i].ToString(CultureInfo.InvariantCulture);
        }

        return SetString(tag, Vr.IS, texts);
    }

    public DataSet SetUInt16(Tag tag, params ReadOnlySpan<ushort> values)
    {
        byte[] bytes = new byte[values.Length * 2];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * 2), values[i]);
        }

        return Put(Element.FromBytes(tag, Vr.US, bytes));
    }

    public DataSet SetInt16(Tag tag, short value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteInt16LittleEndian(bytes, value);
        return Put(Element.FromBytes(tag, Vr.SS, bytes));
    }

    public DataSet SetInt32(Tag tag, params ReadOnlySpan<int> values)
    {
        byte[] bytes = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), values[i]);
        }

        return Put(Element.FromBytes(tag, Vr.SL, bytes));
    }

    public DataSet SetUInt32(Tag tag, params ReadOnlySpan<uint> values)
    {
        byte[] bytes = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), values[i]);
        }

        return Put(Element.FromBytes(tag, Vr.UL, bytes));
    }

    /// <summary>FD values.</summary>
    public DataSet SetFloat64(Tag tag, params ReadOnlySpan<double> values)
    {
        byte[] bytes = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * 8), values[i]);
        }

        return Put(Element.FromBytes(tag, Vr.FD, bytes));
    }

    /// <summary>FL values.</summary>
    public DataSet SetFloat32(Tag tag, params ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), values[i]);
        }

        return Put(Element.FromBytes(tag, Vr.FL, bytes));
    }

    /// <summary>AT values: tags that an element points to.</summary>
    public DataSet SetTag(Tag tag, params ReadOnlySpan<Tag> values)
    {
        byte[] bytes = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * 4), values[i].Group);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan((i * 4) + 2), values[i].Element);
        }

        return Put(Element.FromBytes(tag, Vr.AT, bytes));
    }

    public DataSet SetBytes(Tag tag, Vr vr, ReadOnlyMemory<byte> value) => Put(Element.FromBytes(tag, vr, value));

    public DataSet SetItems(Tag tag, params ReadOnlySpan<DataSet> items) => Put(Element.FromItems(tag, items.ToArray()));

    /// <summary>
    /// Takes the element from another set, or leaves it out where that has none. Text is encoded again where the character sets differ.
    /// </summary>
    public DataSet CopyFrom(DataSet other, Tag tag)
    {
        if (other[tag] is not Element element)
        {
            return this;
        }

        return !ReferenceEquals(CharacterSet, other.CharacterSet) && IsForeign(element)
            ? Put(Element.FromBytes(tag, element.Vr, BytesOf(element.Vr, other.WholeTextOf(element))))
            : Put(element);
    }

    private static string DecimalString(double value)
    {
        Debug.Assert(double.IsFinite(value), "DS has no infinity and no not-a-number");
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        for (int digits = 16; text.Length > 16; digits--)
        {
            text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        }

        return text;
    }
}
