using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Appliance.Dicom.Data;

/// <summary>An ordered set of data elements, at most one for each tag.</summary>
/// <remarks>
/// PS3.5 7.1. Values are read and written by the partial files DataSet.Get.cs and DataSet.Set.cs, text by DataSet.Text.cs. One
/// sorted array: what a stream holds in order is appended, what is asked for is found by halves.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "DataSet is the noun of the standard.")]
public sealed partial class DataSet : IReadOnlyCollection<Element>
{
    private Element[] elements = [];

    public int Count { get; private set; }

    /// <summary>The element, or null where it is absent.</summary>
    public Element? this[Tag tag] => IndexOf(tag) is >= 0 and int index ? elements[index] : null;

    public bool Contains(Tag tag) => IndexOf(tag) >= 0;

    /// <summary>Present and not empty (a type 1 attribute in order).</summary>
    public bool HasValue(Tag tag) => this[tag] is { IsEmpty: false };

    /// <summary>Adds the element or replaces the one with its tag.</summary>
    /// <remarks>
    /// Its text is taken to be in the character set of this data set; <see cref="CopyFrom"/> takes over text from another
    /// data set. Items inherit the character set. Putting (0008,0005) itself encodes again what is here.
    /// </remarks>
    public DataSet Put(Element element)
    {
        if (element.Items is not null)
        {
            element = Adopt(element);
        }

        if (element.Tag == Tags.SpecificCharacterSet)
        {
            ChangeCharacterSet(element);
        }
        else
        {
            Store(element);
        }

        return this;
    }

    public bool Remove(Tag tag)
    {
        int index = IndexOf(tag);
        if (index < 0)
        {
            return false;
        }

        Count--;
        Array.Copy(elements, index + 1, elements, index, Count - index);
        elements[Count] = null!;
        if (tag == Tags.SpecificCharacterSet)
        {
            own = null;
        }

        return true;
    }

    /// <summary>A second set with the same elements; values are shared, they do not change.</summary>
    public DataSet Copy()
    {
        DataSet copy = new() { elements = elements.AsSpan(0, Count).ToArray(), Count = Count };
        copy.TakeCharacterSetOf(this);
        return copy;
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<Element> IEnumerable<Element>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For the reader: adds at the end without a look at the order; <see cref="Close"/> has to follow.</summary>
    internal void Append(Element element)
    {
        if (Count == elements.Length)
        {
            Array.Resize(ref elements, Count == 0 ? 8 : Count * 2);
        }

        elements[Count++] = element;
        if (element.Tag == Tags.SpecificCharacterSet)
        {
            NoteCharacterSet(element);
        }
    }

    /// <summary>For the reader: puts appended elements in order; of elements with the same tag the last one stays.</summary>
    /// <remarks>One sort at the end: a stream in falling order must not cost the square of its length.</remarks>
    internal Oddities Close()
    {
        int at = 1;
        while (at < Count && elements[at - 1].Tag < elements[at].Tag)
        {
            at++;
        }

        if (at >= Count)
        {
            return Oddities.None;
        }

        ulong[] keys = new ulong[Count];
        for (int i = 0; i < Count; i++)
        {
            keys[i] = ((ulong)elements[i].Tag.Value << 32) | (uint)i;
        }

        Array.Sort(keys, elements, 0, Count);
        int kept = 0;
        Oddities oddities = Oddities.Disordered;
        for (int i = 0; i < Count; i++)
        {
            if (i + 1 < Count && elements[i + 1].Tag == elements[i].Tag)
            {
                oddities |= Oddities.RepeatedElement;
                continue;
            }

            elements[kept++] = elements[i];
        }

        Array.Clear(elements, kept, Count - kept);
        Count = kept;
        return oddities;
    }

    private void Store(Element element)
    {
        if (Count == 0 || elements[Count - 1].Tag < element.Tag)
        {
            Append(element);
            return;
        }

        int index = IndexOf(element.Tag);
        if (index >= 0)
        {
            elements[index] = element;
            return;
        }

        Append(element);
        Array.Copy(elements, ~index, elements, ~index + 1, Count - 1 - ~index);
        elements[~index] = element;
    }

    private int IndexOf(Tag tag)
    {
        int low = 0;
        int high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            uint at = elements[middle].Tag.Value;
            if (at == tag.Value)
            {
                return middle;
            }

            (low, high) = at < tag.Value ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    /// <summary>Walks the elements in ascending order of their tags. The set must not change meanwhile.</summary>
    [SuppressMessage("Design", "CA1034", Justification = "The pattern of foreach: no allocation.")]
    public struct Enumerator : IEnumerator<Element>
    {
        private readonly DataSet set;
        private readonly int count;
        private int index;

        internal Enumerator(DataSet set)
        {
            this.set = set;
            count = set.Count;
            index = -1;
        }

        public readonly Element Current => set.elements[index];

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            Debug.Assert(count == set.Count, "a data set changed while it was walked");
            return ++index < count;
        }

        public void Reset() => index = -1;

        public readonly void Dispose()
        {
        }
    }
}
