namespace Appliance.Dicom.Data;

/// <summary>The lengths of all sequences and items of a data set, counted in one walk and taken up again in the same order.</summary>
internal sealed class DataSetLengths(bool isExplicit)
{
    private const int ItemHeaderBytes = 8;
    private readonly List<long> lengths = [];
    private int next;

    public bool IsExplicit => isExplicit;

    /// <summary>The next length in the order of writing: sequence, first item, what is in it, second item...</summary>
    public uint Take() => checked((uint)lengths[next++]);

    /// <summary>Bytes of the data set when written.</summary>
    public long Measure(DataSet set)
    {
        long total = 0;
        foreach (Element element in set)
        {
            if (IsWritten(element))
            {
                total += HeaderBytes(element, isExplicit) + ValueBytes(element);
            }
        }

        return total;
    }

    /// <summary>Group lengths are retired but in command sets and file meta information, which write their own.</summary>
    public static bool IsWritten(Element element) => element.Tag.Element != 0 || element.Tag.Group < 0x0008;

    /// <summary>
    /// Whether a sequence is written with undefined length: in implicit VR, what is no SQ to the dictionary (private) is known as a
    /// sequence by nothing else.
    /// </summary>
    public bool IsOpenEnded(Element sequence) => !isExplicit && DataDictionary.VrOf(sequence.Tag) != Vr.SQ;

    public static bool HasLongHeader(Element element) => VrWritten(element).HasShortLength() is false;

    /// <summary>UN where the value is too long for its VR (PS3.5 6.2.2) or the VR is not known.</summary>
    public static Vr VrWritten(Element element) =>
        !element.Vr.IsKnown() || (element.Vr.HasShortLength() && element.ValueBytes > Limits.ShortValueBytes) ? Vr.UN : element.Vr;

    private static int HeaderBytes(Element element, bool isExplicit) => isExplicit && HasLongHeader(element) ? 12 : 8;

    private long ValueBytes(Element element)
    {
        if (element.Items is IReadOnlyList<DataSet> items)
        {
            int slot = Reserve();
            long total = 0;
            for (int i = 0; i < items.Count; i++)
            {
                int itemSlot = Reserve();
                lengths[itemSlot] = Measure(items[i]);
                total += ItemHeaderBytes + lengths[itemSlot];
            }

            lengths[slot] = total;
            return IsOpenEnded(element) ? total + ItemHeaderBytes : total;
        }

        if (element.Fragments is IReadOnlyList<ReadOnlyMemory<byte>> fragments)
        {
            long total = ItemHeaderBytes;
            for (int i = 0; i < fragments.Count; i++)
            {
                total += ItemHeaderBytes + fragments[i].Length + (fragments[i].Length & 1);
            }

            return total;
        }

        return element.ValueBytes;
    }

    private int Reserve()
    {
        lengths.Add(0);
        return lengths.Count - 1;
    }
}
