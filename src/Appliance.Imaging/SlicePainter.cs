using Appliance.Core;
using Appliance.Dicom.Data;
using SkiaSharp;

namespace Appliance.Imaging;

/// <summary>Annotated slices of one analysis: the source in a soft-tissue window, organs over it, the legend beside it.</summary>
/// <remarks>The source's pixels are the top left part of the picture, one to one. One caller at a time: scratch is used again.</remarks>
/// <param name="rows">Of the source images, as <paramref name="columns"/>.</param>
public sealed class SlicePainter(PictureNotes notes, int rows, int columns)
{
    private readonly Decode decode = new();
    private readonly Overlay overlay = new(notes, rows, columns);
    private readonly Lazy<Legend> legend = new(() => Legend.Draw(notes, rows));

    public int Columns => columns + legend.Value.Width;

    public int Rows => legend.Value.Height;

    /// <summary>[row][column][red, green, blue] of <see cref="Rows"/> x <see cref="Columns"/>.</summary>
    /// <param name="labels">Of that slice, [row][column], as the notes number them.</param>
    /// <param name="source">The source image, with its pixels.</param>
    public Outcome<byte[]> Paint(ReadOnlySpan<byte> labels, DicomFile source)
    {
        Outcome<float[]> hu = decode.Hounsfield(source);
        if (hu.Refused)
        {
            return hu.Refusal;
        }

        if (hu.Value.Length != rows * columns)
        {
            return new Refusal(RefusalReason.BadPixels, "The image has another size than the series.");
        }

        int stride = Columns * 3;
        byte[] rgb = new byte[Rows * stride];
        for (int row = 0; row < Rows; row++)
        {
            Span<byte> line = rgb.AsSpan(row * stride, stride);
            legend.Value.Rgb.AsSpan(row * legend.Value.Width * 3, legend.Value.Width * 3).CopyTo(line[(columns * 3)..]);
        }

        overlay.Paint(hu.Value, labels, rgb, stride);
        return rgb;
    }

    /// <summary>The same picture as a PNG file.</summary>
    public Outcome<byte[]> PaintPng(ReadOnlySpan<byte> labels, DicomFile source)
    {
        Outcome<byte[]> rgb = Paint(labels, source);
        if (rgb.Refused)
        {
            return rgb.Refusal;
        }

        using SKBitmap bitmap = new(new SKImageInfo(Columns, Rows, SKColorType.Rgba8888, SKAlphaType.Opaque));
        unsafe
        {
            Span<byte> rgba = new((void*)bitmap.GetPixels(), Rows * Columns * 4);
            for (int i = 0; i < Rows * Columns; i++)
            {
                rgb.Value.AsSpan(i * 3, 3).CopyTo(rgba[(i * 4)..]);
                rgba[(i * 4) + 3] = byte.MaxValue;
            }
        }

        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
