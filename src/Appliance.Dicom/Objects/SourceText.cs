using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>Copies elements of a source into an object of ours, its texts from the source's character sets into UTF-8.</summary>
internal static class SourceText
{
    /// <summary>Leaves the element out where the source has none.</summary>
    public static void Copy(DataSet source, DataSet target, Tag tag)
    {
        if (source[tag] is Element element && element.Fragments is null)
        {
            target.Put(InUtf8(source, element));
        }
    }

    /// <summary>An empty element where the source has none (type 2).</summary>
    public static void CopyOrEmpty(DataSet source, DataSet target, Tag tag, Vr vr)
    {
        Copy(source, target, tag);
        if (!target.Contains(tag))
        {
            target.SetString(tag, vr);
        }
    }

    /// <summary>The items of a code sequence that are whole; the rest of the source's sequence is not ours to repeat.</summary>
    public static void CopyCodes(DataSet source, DataSet target, Tag tag)
    {
        CodedConcept[] codes = [.. source.GetItems(tag).Select(CodedConcept.Of).OfType<CodedConcept>()];
        if (codes.Length > 0)
        {
            target.SetCode(tag, codes);
        }
    }

    private static Element InUtf8(DataSet source, Element element)
    {
        if (element.Items is IReadOnlyList<DataSet> items)
        {
            DataSet[] copies = new DataSet[items.Count];
            for (int i = 0; i < copies.Length; i++)
            {
                copies[i] = new DataSet();
                foreach (Element inner in items[i])
                {
                    copies[i].Put(InUtf8(items[i], inner));
                }

                copies[i].Remove(Tags.SpecificCharacterSet);
            }

            return Element.FromItems(element.Tag, copies);
        }

        return element.Vr.IsEncodedText()
            ? new DataSet().SetString(element.Tag, element.Vr, source.GetStrings(element.Tag))[element.Tag]!
            : element;
    }
}
