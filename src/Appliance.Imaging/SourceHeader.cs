using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>The header of a source image, kept for the results while the image itself is not.</summary>
public static class SourceHeader
{
    /// <summary>A copy without pixel data, private and bulk elements, that shares no memory with the file it came from.</summary>
    public static DataSet Keep(DataSet source)
    {
        // A copy first, so that texts stay in the character set of the source, items' texts too.
        DataSet kept = source.Copy();
        foreach (Element element in source)
        {
            if (!IsKept(element))
            {
                kept.Remove(element.Tag);
            }
            else if (element.Items is null)
            {
                kept.Put(Element.FromBytes(element.Tag, element.Vr, element.Value.ToArray()));
            }
            else
            {
                kept.Put(Element.FromItems(element.Tag, [.. element.Items.Select(Keep)]));
            }
        }

        return kept;
    }

    /// <summary>Groups from 0x5000 on hold curves, overlays and pixels.</summary>
    private static bool IsKept(Element element) =>
        element.Fragments is null && !element.Tag.IsPrivate && element.Tag.Group < 0x5000
        && element.Value.Length <= Limits.HeaderElementBytes;
}
