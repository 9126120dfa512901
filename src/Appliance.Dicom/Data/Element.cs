namespace Appliance.Dicom.Data;

/// <summary>One data element. Its value is bytes, or items (a sequence), or fragments (encapsulated pixel data).</summary>
/// <remarks>
/// PS3.5 7.1, 7.5, A.4. Bytes are kept little endian whatever the stream was, even length, padding included; they are
/// decoded when asked for, so that what is only passed on stays bit-identical.
/// </remarks>
public sealed class Element
{
    private Element(
        Tag tag,
        Vr vr,
        ReadOnlyMemory<byte> value,
        IReadOnlyList<DataSet>? items,
        IReadOnlyList<ReadOnlyMemory<byte>>? fragments)
    {
        Tag = tag;
        Vr = vr;
        Value = value;
        Items = items;
        Fragments = fragments;
    }

    public Tag Tag { get; }

    public Vr Vr { get; }

    /// <summary>The value field, little endian, padded; empty for a sequence and for fragments.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>The items of a sequence (SQ), else null.</summary>
    public IReadOnlyList<DataSet>? Items { get; }

    /// <summary>The fragments of encapsulated pixel data, the first being the basic offset table; else null (PS3.5 A.4).</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Fragments { get; }

    public bool IsEmpty => Items is null or { Count: 0 } && Fragments is null && Value.Length == 0;

    /// <param name="value">Little endian; an odd length is padded here.</param>
    public static Element FromBytes(Tag tag, Vr vr, ReadOnlyMemory<byte> value)
    {
        if ((value.Length & 1) == 1)
        {
            byte[] padded = new byte[value.Length + 1];
            value.Span.CopyTo(padded);
            padded[^1] = vr.Padding();
            value = padded;
        }

        return new Element(tag, vr, value, null, null);
    }

    public static Element FromItems(Tag tag, IReadOnlyList<DataSet> items) => new(tag, Vr.SQ, default, items, null);

    public static Element FromFragments(Tag tag, Vr vr, IReadOnlyList<ReadOnlyMemory<byte>> fragments) =>
        new(tag, vr, default, null, fragments);
}
