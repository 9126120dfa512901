namespace Appliance.Dicom.Data;

/// <summary>One data element. Its value is bytes, or items (a sequence), or fragments (encapsulated pixel data).</summary>
/// <remarks>
/// PS3.5 7.1, 7.5, A.4. Bytes are kept little endian whatever the stream was, even length, padding included; they are
/// decoded when asked for, so that what is only passed on stays bit-identical.
/// </remarks>
public sealed class Element
{
    private ReadOnlyMemory<byte> value;

    private Element(
        Tag tag,
        Vr vr,
        ReadOnlyMemory<byte> value,
        IReadOnlyList<DataSet>? items,
        IReadOnlyList<ReadOnlyMemory<byte>>? fragments)
    {
        Tag = tag;
        Vr = vr;
        this.value = value;
        Items = items;
        Fragments = fragments;
    }

    public Tag Tag { get; }

    public Vr Vr { get; }

    /// <summary>The value field, little endian, padded; empty for a sequence and for fragments.</summary>
    public ReadOnlyMemory<byte> Value => Parts is not null && value.IsEmpty ? value = Joined(Parts) : value;

    /// <summary>The value field as it was given in parts, one behind the other; else null.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Parts { get; private init; }

    /// <summary>Length of <see cref="Value"/>, for which parts need not be joined.</summary>
    public int ValueBytes => Parts?.Sum(part => part.Length) ?? value.Length;

    /// <summary>The items of a sequence (SQ), else null.</summary>
    public IReadOnlyList<DataSet>? Items { get; }

    /// <summary>The fragments of encapsulated pixel data, the first being the basic offset table; else null (PS3.5 A.4).</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Fragments { get; }

    public bool IsEmpty => Items is null or { Count: 0 } && Fragments is null && ValueBytes == 0;

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

    /// <summary>A long value that lies in several places: it is written from there.</summary>
    /// <param name="parts">Of an even length altogether.</param>
    public static Element FromParts(Tag tag, Vr vr, IReadOnlyList<ReadOnlyMemory<byte>> parts) =>
        new(tag, vr, default, null, null) { Parts = parts };

    public static Element FromItems(Tag tag, IReadOnlyList<DataSet> items) => new(tag, Vr.SQ, default, items, null);

    public static Element FromFragments(Tag tag, Vr vr, IReadOnlyList<ReadOnlyMemory<byte>> fragments) =>
        new(tag, vr, default, null, fragments);

    private static byte[] Joined(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        byte[] joined = new byte[parts.Sum(part => part.Length)];
        int at = 0;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            part.CopyTo(joined.AsMemory(at));
            at += part.Length;
        }

        return joined;
    }
}
