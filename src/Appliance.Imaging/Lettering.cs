using System.Reflection;
using SkiaSharp;

namespace Appliance.Imaging;

/// <summary>Words in pictures: the one embedded font, lines that fit, and the pixels that come of it.</summary>
internal static class Lettering
{
    /// <summary>Loaded at the first series: the box has no fonts of its own, so one is embedded.</summary>
    private static readonly Lazy<SKTypeface> Face = new(() =>
    {
        using Stream font = Assembly.GetExecutingAssembly().GetManifestResourceStream("DejaVuSans.ttf")!;
        return SKTypeface.FromStream(font);
    });

    /// <summary>Lines no wider than that, broken between words.</summary>
    public static IEnumerable<string> Wrap(string text, float size, float width)
    {
        using SKFont font = new(Face.Value, size);
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && font.MeasureText(longer) > width)
            {
                yield return line;
                longer = word;
            }

            line = longer;
        }

        yield return line;
    }

    public static void Write(SKCanvas canvas, string text, float x, float y, float size, SKColor colour) =>
        Write(canvas, text, x, y, size, colour, SKTextAlign.Left);

    public static void WriteRight(SKCanvas canvas, string text, float x, float y, float size, SKColor colour) =>
        Write(canvas, text, x, y, size, colour, SKTextAlign.Right);

    private static void Write(SKCanvas canvas, string text, float x, float y, float size, SKColor colour, SKTextAlign align)
    {
        using SKFont font = new(Face.Value, size) { Edging = SKFontEdging.Antialias, Subpixel = true };
        using SKPaint paint = Filled(colour);
        canvas.DrawText(text, x, y, align, font, paint);
    }

    public static SKPaint Filled(SKColor colour) => new() { Color = colour, IsAntialias = true };

    /// <summary>[row][column][red, green, blue].</summary>
    public static byte[] Rgb(ReadOnlySpan<byte> rgba, int pixels)
    {
        byte[] rgb = new byte[pixels * 3];
        for (int i = 0; i < pixels; i++)
        {
            rgba.Slice(i * 4, 3).CopyTo(rgb.AsSpan(i * 3));
        }

        return rgb;
    }
}
