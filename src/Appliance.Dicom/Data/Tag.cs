namespace Appliance.Dicom.Data;

/// <summary>The number of a data element: group and element, 16 bits each.</summary>
/// <remarks>PS3.5 7.1. Ordered as the standard orders elements in a data set.</remarks>
public readonly record struct Tag(uint Value) : IComparable<Tag>
{
    public Tag(ushort group, ushort element)
        : this(((uint)group << 16) | element)
    {
    }

    public ushort Group => (ushort)(Value >> 16);

    public ushort Element => (ushort)Value;

    /// <summary>Odd groups are private (PS3.5 7.8).</summary>
    public bool IsPrivate => (Group & 1) == 1;

    /// <summary>(gggg,0010-00FF) of an odd group names the owner of a block of private elements.</summary>
    public bool IsPrivateCreator => IsPrivate && Element is >= 0x10 and <= 0xFF;

    public int CompareTo(Tag other) => Value.CompareTo(other.Value);

    public override string ToString() => $"({Group:X4},{Element:X4})";

    public static bool operator <(Tag left, Tag right) => left.Value < right.Value;

    public static bool operator >(Tag left, Tag right) => left.Value > right.Value;

    public static bool operator <=(Tag left, Tag right) => left.Value <= right.Value;

    public static bool operator >=(Tag left, Tag right) => left.Value >= right.Value;
}
