using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>The header of a source image, kept for the results while the image itself is not.</summary>
internal static class SourceHeader
{
    /// <summary>A copy without pixel data, private and bulk elements, that shares no memory with the file it came from.</summary>
    public static DataSet Keep(DataSet source)
    {
        DataSet kept = new();
        foreach (Element element in source)
        {
            if (element.Fragments is null && !element.Tag.IsPrivate && element.Tag.Group < 0x5000
                && element.Value.Length <= Limits.HeaderElementBytes)
            {
                kept.Put(element.Items is null
                    ? Element.FromBytes(element.Tag, element.Vr, element.Value.ToArray())
                    : Element.FromItems(element.Tag, [.. element.Items.Select(Keep)]));
            }
        }

        return kept;
    }
}
