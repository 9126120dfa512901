using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Appliance.Dicom.Data;

/// <summary>An ordered set of data elements, at most one for each tag.</summary>
/// <remarks>PS3.5 7.1. Values are read and written by the partial files DataSet.Get.cs and DataSet.Set.cs.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "DataSet is the noun of the standard.")]
public sealed partial class DataSet : IReadOnlyCollection<Element>
{
    private readonly SortedList<uint, Element> elements = [];

    public int Count => elements.Count;

    /// <summary>The element, or null where it is absent.</summary>
    public Element? this[Tag tag] => elements.GetValueOrDefault(tag.Value);

    public bool Contains(Tag tag) => elements.ContainsKey(tag.Value);

    /// <summary>Present and not empty (a type 1 attribute in order).</summary>
    public bool HasValue(Tag tag) => this[tag] is { IsEmpty: false };

    /// <summary>Adds the element or replaces the one with its tag.</summary>
    public DataSet Put(Element element)
    {
        elements[element.Tag.Value] = element;
        return this;
    }

    public bool Remove(Tag tag) => elements.Remove(tag.Value);

    public IEnumerator<Element> GetEnumerator() => elements.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A second set with the same elements; values are shared, they do not change.</summary>
    public DataSet Copy()
    {
        DataSet copy = new();
        foreach (Element element in this)
        {
            copy.Put(element);
        }

        return copy;
    }
}
