using System.Text;

namespace Appliance.Dicom.Data;

/// <summary>Text in and out of the bytes of an element.</summary>
public sealed partial class DataSet
{
    internal void Inherit(DataSet parent)
    {
    }

    private string[] TextOf(Element element)
    {
        string text = Encoding.UTF8.GetString(element.Value.Span);
        string[] values = element.Vr.IsMultiValuedText() ? text.Split('\\') : [text];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = element.Vr is Vr.LT or Vr.ST or Vr.UT or Vr.UC or Vr.UR or Vr.PN
                ? values[i].TrimEnd(' ', '\0')
                : values[i].Trim(' ', '\0');
        }

        return values;
    }

    private byte[] BytesOf(Vr vr, string text) => Encoding.UTF8.GetBytes(text);

    private Element Adopt(Element element) => element;

    private void ChangeCharacterSet(Element element) => Store(element);

    private void TakeCharacterSetOf(DataSet other)
    {
    }
}
