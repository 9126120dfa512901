using System.Diagnostics;
using System.Text;

namespace Appliance.Dicom.Data;

/// <summary>Text in and out of the bytes of an element, in the character set of the data set (PS3.3 C.12.1.1.2).</summary>
/// <remarks>
/// A character that the character set lacks is never replaced: the data set changes to ISO_IR 192, with all that is in it. Our own
/// objects are ISO_IR 192 from the start (<see cref="UseUtf8"/>).
/// </remarks>
public sealed partial class DataSet
{
    /// <summary>By (0008,0005) of this set.</summary>
    private SpecificCharacterSet? own;

    /// <summary>By the set around this item.</summary>
    private SpecificCharacterSet? inherited;

    /// <summary>
    /// (0008,0005) was put here because a text needed it, not by the caller: it goes again where the set around has the same.
    /// </summary>
    private bool isUtf8ByNeed;

    /// <summary>How text is encoded: by (0008,0005) here, or of the set around this item, else ISO 646.</summary>
    public SpecificCharacterSet CharacterSet => own ?? inherited ?? SpecificCharacterSet.Default;

    /// <summary>Puts (0008,0005) ISO_IR 192 and encodes again what is here.</summary>
    public DataSet UseUtf8() => Put(Element.FromBytes(Tags.SpecificCharacterSet, Vr.CS, "ISO_IR 192"u8.ToArray()));

    /// <summary>For the reader: an item of <paramref name="parent"/>, whose (0008,0005) has been read.</summary>
    internal void Inherit(DataSet parent) => inherited = parent.CharacterSet;

    /// <summary>For the reader: takes note of (0008,0005); the text is encoded so already.</summary>
    private void NoteCharacterSet(Element element) => own = element.Value.Length == 0 ? null : SpecificCharacterSet.Of(element.Value.Span);

    private void TakeCharacterSetOf(DataSet other) => (own, inherited, isUtf8ByNeed) = (other.own, other.inherited, other.isUtf8ByNeed);

    /// <summary>Text without padding; leading spaces count in LT, ST, UT and PN (PS3.5 6.2).</summary>
    private string[] TextOf(Element element)
    {
        string text = WholeTextOf(element);
        string[] values = element.Vr.IsMultiValuedText() ? text.Split('\\') : [text];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = LeadingSpacesCount(element.Vr) ? values[i].TrimEnd(' ', '\0') : values[i].Trim(' ', '\0');
        }

        return values;
    }

    /// <summary>The bytes of the first value without padding where they are plain, so that no other value has to be decoded.</summary>
    private static bool TryFirstPlain(Element element, out ReadOnlySpan<byte> first)
    {
        first = element.Value.Span;
        if (!SpecificCharacterSet.IsPlain(first))
        {
            return false;
        }

        if (element.Vr.IsMultiValuedText() && first.IndexOf((byte)'\\') is >= 0 and int end)
        {
            first = first[..end];
        }

        first = LeadingSpacesCount(element.Vr) ? first.TrimEnd(" \0"u8) : first.Trim(" \0"u8);
        return true;
    }

    private static bool LeadingSpacesCount(Vr vr) => vr is Vr.LT or Vr.ST or Vr.UT or Vr.UC or Vr.UR or Vr.PN;

    private string WholeTextOf(Element element) => element.Vr.IsEncodedText()
        ? CharacterSet.Decode(element.Value.Span, element.Vr)
        : Encoding.Latin1.GetString(element.Value.Span);

    /// <summary>Encodes text; where the character set lacks a character, the data set changes to ISO_IR 192 first.</summary>
    /// <exception cref="ArgumentException">A code, date, number, title or UID with a character beyond ISO 8859-1: a defect.</exception>
    private byte[] BytesOf(Vr vr, string text)
    {
        if (!vr.IsEncodedText())
        {
            // What was read from others' bent data sets can be put back as it was; the standard allows ISO 646 only.
            return text.All(character => character <= 0xFF)
                ? Encoding.Latin1.GetBytes(text)
                : throw new ArgumentException($"a value of VR {vr} has characters outside the default repertoire", nameof(text));
        }

        if (CharacterSet.TryEncode(text, vr, out byte[]? bytes))
        {
            return bytes;
        }

        bool isByNeed = own is null;
        UseUtf8();
        isUtf8ByNeed = isByNeed;
        bool encoded = CharacterSet.TryEncode(text, vr, out bytes);
        Debug.Assert(encoded, "UTF-8 encodes everything");
        return bytes!;
    }

    /// <summary>Changes (0008,0005). Where what is here cannot be encoded in the new one, ISO_IR 192 is put instead.</summary>
    private void ChangeCharacterSet(Element element)
    {
        SpecificCharacterSet before = CharacterSet;
        SpecificCharacterSet after = element.Value.Length == 0
            ? inherited ?? SpecificCharacterSet.Default
            : SpecificCharacterSet.Of(element.Value.Span);
        isUtf8ByNeed = false;
        if (!TryEncodeAgain(before, after))
        {
            UseUtf8();
            return;
        }

        Store(element);
        NoteCharacterSet(element);
    }

    /// <summary>Encodes all text here and in items that inherit; leaves all as it is where that is not possible.</summary>
    private bool TryEncodeAgain(SpecificCharacterSet before, SpecificCharacterSet after)
    {
        if (ReferenceEquals(before, after))
        {
            return true;
        }

        Element[] again = elements.AsSpan(0, Count).ToArray();
        foreach (ref Element element in again.AsSpan())
        {
            if (element.Items is not null)
            {
                element = InCharacterSet(element, after);
            }
            else if (IsForeign(element))
            {
                if (!after.TryEncode(before.Decode(element.Value.Span, element.Vr), element.Vr, out byte[]? bytes))
                {
                    return false;
                }

                element = Element.FromBytes(element.Tag, element.Vr, bytes);
            }
        }

        elements = again;
        return true;
    }

    /// <summary>Lets the items of an element inherit from this set.</summary>
    private Element Adopt(Element element) => InCharacterSet(element, CharacterSet);

    /// <summary>
    /// The element with items that inherit <paramref name="outer"/>. Items of another data set whose text means something else there are
    /// copied, never changed.
    /// </summary>
    private static Element InCharacterSet(Element element, SpecificCharacterSet outer)
    {
        DataSet[]? copies = null;
        IReadOnlyList<DataSet> items = element.Items!;
        for (int i = 0; i < items.Count; i++)
        {
            DataSet item = items[i].Inheriting(outer);
            if (!ReferenceEquals(item, items[i]))
            {
                copies ??= [.. items];
                copies[i] = item;
            }
        }

        return copies is null ? element : Element.FromItems(element.Tag, copies);
    }

    private DataSet Inheriting(SpecificCharacterSet outer)
    {
        bool isBuiltHere = inherited is null || ReferenceEquals(inherited, SpecificCharacterSet.Default);
        if (own is not null && isUtf8ByNeed && isBuiltHere && outer.IsUtf8)
        {
            Remove(Tags.SpecificCharacterSet);
            isUtf8ByNeed = false;
            inherited = outer;
            return this;
        }

        if (own is not null || ReferenceEquals(inherited, outer))
        {
            return this;
        }

        if (inherited is not null && HasForeignText())
        {
            return CopyInheriting(outer);
        }

        if (isBuiltHere)
        {
            inherited = outer;
            for (int i = 0; i < Count; i++)
            {
                elements[i] = elements[i].Items is null ? elements[i] : InCharacterSet(elements[i], outer);
            }
        }

        return this;
    }

    private DataSet CopyInheriting(SpecificCharacterSet outer)
    {
        DataSet copy = Copy();
        if (copy.TryEncodeAgain(CharacterSet, outer))
        {
            copy.inherited = outer;
        }
        else
        {
            copy.UseUtf8();
            copy.isUtf8ByNeed = true;
        }

        return copy;
    }

    /// <summary>Whether text here, or in an item that inherits, means something else in another character set.</summary>
    private bool HasForeignText()
    {
        foreach (Element element in this)
        {
            if (IsForeign(element) || (element.Items?.Any(item => item.own is null && item.HasForeignText()) ?? false))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsForeign(Element element) =>
        element.Vr.IsEncodedText() && element.Items is null && !SpecificCharacterSet.IsPlain(element.Value.Span);
}
