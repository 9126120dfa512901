using System.Globalization;
using System.Reflection;
using SkiaSharp;

namespace Appliance.Imaging;

/// <summary>The strip beside every annotated slice: what the colours mean, how large the organs are, and what this is.</summary>
/// <remarks>
/// It stands beside the image because a legend in a corner hides anatomy of large patients. It is the same for all slices
/// and drawn once a series. It never names the patient.
/// </remarks>
public sealed class Legend
{
    private const float TextSize = 14, SmallTextSize = 12, LineHeight = 24, Margin = 14, Chip = 13;
    private const float StripWidth = 220;

    private static readonly SKColor Back = new(20, 22, 26), Line = new(52, 56, 64), Text = new(226, 229, 234), Faint = new(150, 156, 166);
    private static readonly SKColor Warning = new(240, 190, 80);

    /// <summary>Loaded at the first series: the box has no fonts of its own, so one is embedded.</summary>
    private static readonly Lazy<SKTypeface> Typeface = new(() =>
    {
        using Stream font = Assembly.GetExecutingAssembly().GetManifestResourceStream("DejaVuSans.ttf")!;
        return SKTypeface.FromStream(font);
    });

    private Legend(byte[] rgb, int width, int height)
    {
        Rgb = rgb;
        Width = width;
        Height = height;
    }

    /// <summary>[row][column][red, green, blue].</summary>
    public byte[] Rgb { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Draws the strip for images of that many rows; higher than they are where its lines need it.</summary>
    public static Legend Draw(PictureNotes notes, int rows)
    {
        float scale = Math.Max(1, rows / 512f);
        string[] remarks = [.. notes.Remarks];
        float remarkLines = remarks.Sum(remark => Wrap(remark, SmallTextSize).Count());
        float least = (3.2f * LineHeight) + (notes.Organs.Count * LineHeight) + (remarkLines * 16) + (4.2f * LineHeight);
        int width = (int)(StripWidth * scale);
        int height = Math.Max(rows, (int)Math.Ceiling(least * scale));
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using SKCanvas canvas = new(bitmap);
        canvas.Clear(Back);
        canvas.Scale(scale);
        canvas.DrawRect(0, 0, 1, height / scale, Filled(Line));
        DrawOrgans(canvas, notes, remarks);
        DrawFooter(canvas, notes, height / scale);
        canvas.Flush();
        return new Legend(Opaque(bitmap.GetPixelSpan(), width * height), width, height);
    }

    private static void DrawOrgans(SKCanvas canvas, PictureNotes notes, string[] remarks)
    {
        float y = Margin + TextSize;
        Write(canvas, "Organs found by AI", Margin, y, TextSize, Text);
        y += 10;
        canvas.DrawRect(Margin, y, StripWidth - (2 * Margin), 1, Filled(Line));
        y += LineHeight - 4;
        bool cut = false;
        foreach (NotedOrgan volume in notes.Organs)
        {
            byte[] rgb = [.. volume.Rgb];
            using SKPaint chip = Filled(new SKColor(rgb[0], rgb[1], rgb[2]));
            canvas.DrawRoundRect(Margin, y - Chip + 2, Chip, Chip, 3, 3, chip);
            Write(canvas, volume.Name, Margin + Chip + 9, y, TextSize, Text);
            WriteRight(canvas, (volume.IsCut ? "\u2265 " : "") + Millilitres(volume.Ml), StripWidth - Margin, y, TextSize, Text);
            cut |= volume.IsCut;
            y += LineHeight;
        }

        if (notes.Organs.Count == 0)
        {
            Write(canvas, "none", Margin, y, TextSize, Faint);
            y += LineHeight;
        }

        if (cut)
        {
            Write(canvas, "\u2265 continues beyond the scan", Margin, y, SmallTextSize, Faint);
            y += LineHeight;
        }

        foreach (string line in remarks.SelectMany(remark => Wrap(remark, SmallTextSize)))
        {
            Write(canvas, line, Margin, y, SmallTextSize, Warning);
            y += 16;
        }
    }

    private static void DrawFooter(SKCanvas canvas, PictureNotes notes, float height)
    {
        float y = height - Margin - 44;
        canvas.DrawRect(Margin, y - 24, StripWidth - (2 * Margin), 1, Filled(Line));
        Write(canvas, "AI result", Margin, y, TextSize, Warning);
        Write(canvas, "Not for diagnostic use", Margin, y + 20, TextSize, Warning);
        Write(canvas, $"{notes.App} {notes.Version}", Margin, y + 42, SmallTextSize, Faint);
    }

    private static string Millilitres(double ml) =>
        (ml < 10 ? ml.ToString("0.0", CultureInfo.InvariantCulture) : ml.ToString("#,0", CultureInfo.InvariantCulture)) + " ml";

    private static IEnumerable<string> Wrap(string text, float size)
    {
        using SKFont font = new(Typeface.Value, size);
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && font.MeasureText(longer) > StripWidth - (2 * Margin))
            {
                yield return line;
                longer = word;
            }

            line = longer;
        }

        yield return line;
    }

    private static void Write(SKCanvas canvas, string text, float x, float y, float size, SKColor colour) =>
        Write(canvas, text, x, y, size, colour, SKTextAlign.Left);

    private static void WriteRight(SKCanvas canvas, string text, float x, float y, float size, SKColor colour) =>
        Write(canvas, text, x, y, size, colour, SKTextAlign.Right);

    private static void Write(SKCanvas canvas, string text, float x, float y, float size, SKColor colour, SKTextAlign align)
    {
        using SKFont font = new(Typeface.Value, size) { Edging = SKFontEdging.Antialias, Subpixel = true };
        using SKPaint paint = Filled(colour);
        canvas.DrawText(text, x, y, align, font, paint);
    }

    private static SKPaint Filled(SKColor colour) => new() { Color = colour, IsAntialias = true };

    private static byte[] Opaque(ReadOnlySpan<byte> rgba, int pixels)
    {
        byte[] rgb = new byte[pixels * 3];
        for (int i = 0; i < pixels; i++)
        {
            rgba.Slice(i * 4, 3).CopyTo(rgb.AsSpan(i * 3));
        }

        return rgb;
    }
}
