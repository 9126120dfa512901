using System.Globalization;
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
        float remarkLines = remarks.Sum(remark => Lettering.Wrap(remark, SmallTextSize, StripWidth - (2 * Margin)).Count());
        float least = (3.2f * LineHeight) + (notes.Organs.Count * LineHeight) + (remarkLines * 16) + (4.2f * LineHeight);
        int width = (int)(StripWidth * scale);
        int height = Math.Max(rows, (int)Math.Ceiling(least * scale));
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using SKCanvas canvas = new(bitmap);
        canvas.Clear(Back);
        canvas.Scale(scale);
        canvas.DrawRect(0, 0, 1, height / scale, Lettering.Filled(Line));
        DrawOrgans(canvas, notes, remarks);
        DrawFooter(canvas, notes, height / scale);
        canvas.Flush();
        return new Legend(Lettering.Rgb(bitmap.GetPixelSpan(), width * height), width, height);
    }

    private static void DrawOrgans(SKCanvas canvas, PictureNotes notes, string[] remarks)
    {
        float y = Margin + TextSize;
        Lettering.Write(canvas, "Organs found by AI", Margin, y, TextSize, Text);
        y += 10;
        canvas.DrawRect(Margin, y, StripWidth - (2 * Margin), 1, Lettering.Filled(Line));
        y += LineHeight - 4;
        bool cut = false;
        foreach (NotedOrgan volume in notes.Organs)
        {
            byte[] rgb = [.. volume.Rgb];
            using SKPaint chip = Lettering.Filled(new SKColor(rgb[0], rgb[1], rgb[2]));
            canvas.DrawRoundRect(Margin, y - Chip + 2, Chip, Chip, 3, 3, chip);
            Lettering.Write(canvas, volume.Name, Margin + Chip + 9, y, TextSize, Text);
            Lettering.WriteRight(canvas, (volume.IsCut ? "\u2265 " : "") + Millilitres(volume.Ml), StripWidth - Margin, y, TextSize, Text);
            cut |= volume.IsCut;
            y += LineHeight;
        }

        if (notes.Organs.Count == 0)
        {
            Lettering.Write(canvas, "none", Margin, y, TextSize, Faint);
            y += LineHeight;
        }

        if (cut)
        {
            Lettering.Write(canvas, "\u2265 continues beyond the scan", Margin, y, SmallTextSize, Faint);
            y += LineHeight;
        }

        foreach (string line in remarks.SelectMany(remark => Lettering.Wrap(remark, SmallTextSize, StripWidth - (2 * Margin))))
        {
            Lettering.Write(canvas, line, Margin, y, SmallTextSize, Warning);
            y += 16;
        }
    }

    private static void DrawFooter(SKCanvas canvas, PictureNotes notes, float height)
    {
        float y = height - Margin - 44;
        canvas.DrawRect(Margin, y - 24, StripWidth - (2 * Margin), 1, Lettering.Filled(Line));
        Lettering.Write(canvas, "AI result", Margin, y, TextSize, Warning);
        Lettering.Write(canvas, "Not for diagnostic use", Margin, y + 20, TextSize, Warning);
        Lettering.Write(canvas, $"{notes.App} {notes.Version}", Margin, y + 42, SmallTextSize, Faint);
    }

    internal static string Millilitres(double ml) =>
        (ml < 10 ? ml.ToString("0.0", CultureInfo.InvariantCulture) : ml.ToString("#,0", CultureInfo.InvariantCulture)) + " ml";
}
