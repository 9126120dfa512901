using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Appliance.Dicom.Data;

namespace Appliance.Tests.Dicom.Data.Judges;

/// <summary>One element as a judge or we see it; the form of the value is described in dump.py.</summary>
internal sealed record DumpLine(string Path, string Vr, string Value, string Raw);

/// <summary>What we read, in the form of dump.py.</summary>
[SuppressMessage("Security", "CA5350", Justification = "SHA-1 names values here, it protects nothing.")]
internal static class OurDump
{
    public static Dictionary<string, DumpLine> Of(DicomFile file)
    {
        Dictionary<string, DumpLine> lines = [];
        Add(file.Meta, "", lines);
        Add(file.DataSet, "", lines);
        return lines;
    }

    private static void Add(DataSet set, string prefix, Dictionary<string, DumpLine> lines)
    {
        foreach (Element element in set)
        {
            string path = $"{prefix}{element.Tag.Value:X8}";
            lines[path] = new DumpLine(path, element.Vr.ToString(), ValueOf(set, element), Sha1(element.Value.Span.TrimEnd(" \0"u8)));
            for (int i = 0; i < (element.Items?.Count ?? 0); i++)
            {
                Add(element.Items![i], $"{path}.{i}.", lines);
            }
        }
    }

    private static string ValueOf(DataSet set, Element element)
    {
        if (element.Items is not null)
        {
            return element.Items.Count.ToString(CultureInfo.InvariantCulture);
        }

        if (element.Fragments is not null)
        {
            return "fragments " + string.Join(' ', element.Fragments.Select(fragment => Sha1(Even(fragment.Span))));
        }

        double[] numbers = element.Vr is Vr.DS or Vr.IS or Vr.US or Vr.SS or Vr.UL or Vr.SL or Vr.FL or Vr.FD or Vr.UV or Vr.SV
            ? set.GetDoubles(element.Tag)
            : [];
        if (numbers.Length > 0)
        {
            return string.Join('\\', numbers.Select(number => $"{BitConverter.DoubleToInt64Bits(number):X16}"));
        }

        if (element.Vr.IsText())
        {
            return string.Join('\\', set.GetStrings(element.Tag).Select(value => Escaped(value.Trim(' ', '\0'))));
        }

        return element.Vr == Vr.AT
            ? string.Join('\\', set.GetTags(element.Tag).Select(tag => $"{tag.Value:X8}"))
            : element.Vr.WordLength() > 1 && element.Vr is not (Vr.OW or Vr.OF or Vr.OL or Vr.OD or Vr.OV)
                ? ""
                : Sha1(element.Value.Span.TrimEnd((byte)0));
    }

    private static ReadOnlySpan<byte> Even(ReadOnlySpan<byte> bytes) => (bytes.Length & 1) == 0 ? bytes : (byte[])[.. bytes, 0];

    private static string Sha1(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA1.HashData(bytes));

    private static string Escaped(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char c in text)
        {
            if (c is < ' ' or '%' or (>= '\x7F' and < '\xA0'))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{(int)c:X4}");
            }
            else
            {
                escaped.Append(c);
            }
        }

        return escaped.ToString();
    }
}
