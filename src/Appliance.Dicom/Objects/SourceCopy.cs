using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>Copies of source elements that an object of ours needs in another form than the source has them.</summary>
internal static class SourceCopy
{
    /// <summary>Leaves the element out where the source has none. Text that a source padded with NUL is padded with spaces.</summary>
    public static DataSet Copy(DataSet source, DataSet target, Tag tag)
    {
        target.CopyFrom(source, tag);
        return target[tag] is { Value.Span: [.., 0] } element && element.Vr.IsText() && element.Vr != Vr.UI
            ? target.SetString(tag, element.Vr, target.GetStrings(tag))
            : target;
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
}
