using Appliance.Core;
using Appliance.Dicom.Data;
using SkiaSharp;

namespace Appliance.Imaging;

/// <summary>Annotated slices of one analysis: the source in a soft-tissue window, organs over it, the legend beside it.</summary>
/// <remarks>The source's pixels are the top left part of the picture, one to one. One caller at a time: scratch is used again.</remarks>
public sealed class SlicePainter
{
    private readonly Analysis analysis;
    private readonly Decode decode = new();
    private readonly Overlay overlay;
    private readonly Lazy<Legend> legend;
    private readonly OrganClass[] organs;

    public SlicePainter(Analysis analysis)
    {
        this.analysis = analysis;
        overlay = new Overlay(analysis.Stack.Rows, analysis.Stack.Columns);
        legend = new Lazy<Legend>(() => Legend.Draw(analysis, analysis.Stack.Rows));
        organs = [.. analysis.Organs.Select(volume => volume.Organ)];
    }

    public int Columns => analysis.Stack.Columns + legend.Value.Width;

    public int Rows => legend.Value.Height;

    /// <summary>[row][column][red, green, blue] of <see cref="Rows"/> x <see cref="Columns"/>.</summary>
    /// <param name="slice">Index into <see cref="Analysis.Sources"/>.</param>
    /// <param name="source">That source image, with its pixels.</param>
    public Outcome<byte[]> Paint(int slice, DicomFile source)
    {
        Outcome<float[]> hu = decode.Hounsfield(source);
        if (hu.Refused)
        {
            return hu.Refusal;
        }

        int columns = analysis.Stack.Columns, stride = Columns * 3;
        byte[] rgb = new byte[Rows * stride];
        for (int row = 0; row < Rows; row++)
        {
            Span<byte> line = rgb.AsSpan(row * stride, stride);
            legend.Value.Rgb.AsSpan(row * legend.Value.Width * 3, legend.Value.Width * 3).CopyTo(line[(columns * 3)..]);
            if (row < analysis.Stack.Rows)
            {
                Grey(hu.Value.AsSpan(row * columns, columns), line);
            }
        }

        foreach (OrganClass organ in organs)
        {
            overlay.Paint(analysis.LabelsOf(slice), (byte)organ.Value, [.. organ.Rgb], rgb, stride);
        }

        return rgb;
    }

    /// <summary>The same picture as a PNG file.</summary>
    public Outcome<byte[]> PaintPng(int slice, DicomFile source)
    {
        Outcome<byte[]> rgb = Paint(slice, source);
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

    /// <summary>PS3.3 C.11.2.1.2.1, linear.</summary>
    private void Grey(ReadOnlySpan<float> hu, Span<byte> rgb)
    {
        float centre = (float)analysis.Manifest.Display.WindowCenter - 0.5f, width = (float)analysis.Manifest.Display.WindowWidth - 1;
        for (int x = 0; x < hu.Length; x++)
        {
            byte grey = (byte)(Math.Clamp(((hu[x] - centre) / width) + 0.5f, 0, 1) * byte.MaxValue);
            rgb.Slice(x * 3, 3).Fill(grey);
        }
    }
}
