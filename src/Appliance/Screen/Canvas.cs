using Appliance.Kernels;
using SkiaSharp;

namespace Appliance.Daemon.Screen;

/// <summary>One picture in the making: samples become grey or coloured pixels and then a file that a browser shows.</summary>
/// <remarks>All memory is kept for the next picture of that size. One caller at a time.</remarks>
public sealed unsafe class Canvas : IDisposable
{
    /// <summary>How much of an organ's colour covers what lies under it.</summary>
    private const double Filling = 0.42;

    /// <summary>How much of it an outline has, against what was wished.</summary>
    private const double Line = 1.25;

    private Pixels<float> samples = new(0);
    private Pixels<short> grey = new(0);
    private Pixels<byte> labels = new(0);
    private Pixels<byte> outline = new(0);
    private Pixels<byte> colours = new(0);
    private Pixels<int> screen = new(0);
    private readonly Pixels<int> palette = new(256);

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>[row][column], 0 black to 255 white; whoever draws fills it.</summary>
    public View<float> Samples => samples.View;

    /// <summary>[row][column][red, green, blue]; whoever draws in colour fills it.</summary>
    public View<byte> Colours => colours.View;

    /// <summary>[row][column] of organs' numbers, 0 for none; whoever draws fills it.</summary>
    public Span<byte> Labels => labels.Span(0, Width * Height);

    public void Resize(int width, int height)
    {
        (Width, Height) = (width, height);
        if (samples.Length < (long)width * height)
        {
            Free();
            int pixels = width * height;
            samples = new Pixels<float>(pixels);
            grey = new Pixels<short>(pixels);
            labels = new Pixels<byte>(pixels);
            outline = new Pixels<byte>(pixels);
            colours = new Pixels<byte>(3L * pixels);
            screen = new Pixels<int>(pixels);
        }
    }

    /// <summary>The samples as a grey picture.</summary>
    /// <returns>Bytes that the picture has in <paramref name="file"/>, which grows as needed, after <paramref name="from"/>.</returns>
    public int EncodeGrey(bool fine, ref byte[] file, int from)
    {
        // Without the fraction, as under labels: beside each other both pictures have the same grey.
        byte* to = outline.View.Pointer;
        float* value = samples.View.Pointer;
        for (int i = 0; i < Width * Height; i++)
        {
            to[i] = (byte)value[i];
        }

        return Encode(new SKImageInfo(Width, Height, SKColorType.Gray8, SKAlphaType.Opaque), outline.Address, fine, ref file, from);
    }

    /// <summary>The picture with the labels in their colours over it: thinly filled, with a clear outline.</summary>
    /// <param name="overColours">Over the colours; else over the samples in grey.</param>
    /// <param name="colourOf">256 colours 0xbbggrr.</param>
    /// <param name="strength">0 to 1.</param>
    public int EncodeLabelled(bool overColours, ReadOnlySpan<int> colourOf, double strength, bool fine, ref byte[] file, int from)
    {
        colourOf.CopyTo(palette.Span(0, 256));
        int alpha = (int)(256 * Filling * strength);
        if (overColours)
        {
            TintColours(alpha);
        }
        else
        {
            TintGrey(alpha);
        }

        Outline();
        Compose((int)(256 * Math.Min(1, Line * strength)));
        return Encode(new SKImageInfo(Width, Height, SKColorType.Rgb888x, SKAlphaType.Opaque), screen.Address, fine, ref file, from);
    }

    /// <summary>The labels alone, filled and outlined as over the grey; always a PNG, for a JPEG has no transparent ground.</summary>
    /// <param name="colourOf">256 colours 0xbbggrr.</param>
    public int EncodeLabels(ReadOnlySpan<int> colourOf, ref byte[] file, int from)
    {
        const int Opaque = byte.MaxValue << 24, Thin = (int)(byte.MaxValue * Filling) << 24;
        Outline();
        byte* label = labels.View.Pointer, edge = outline.View.Pointer;
        int* to = screen.View.Pointer;
        for (int i = 0; i < Width * Height; i++)
        {
            to[i] = label[i] == 0 ? 0 : colourOf[label[i]] | (edge[i] == 0 ? Thin : Opaque);
        }

        return Encode(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), screen.Address, true, ref file, from);
    }

    /// <summary>The colours as they are.</summary>
    public int EncodeColours(bool fine, ref byte[] file, int from)
    {
        byte* source = colours.View.Pointer;
        int* to = screen.View.Pointer;
        for (int i = 0; i < Width * Height; i++, source += 3)
        {
            to[i] = Packed(source);
        }

        return Encode(new SKImageInfo(Width, Height, SKColorType.Rgb888x, SKAlphaType.Opaque), screen.Address, fine, ref file, from);
    }

    public void Dispose()
    {
        Free();
        palette.Dispose();
    }

    private void TintGrey(int alpha)
    {
        short* to = grey.View.Pointer;
        float* value = samples.View.Pointer;
        for (int i = 0; i < Width * Height; i++)
        {
            to[i] = (short)value[i];
        }

        CpuLaunch.Lanes(
            new Overlay.Rgb
            {
                Source = grey.View, Labels = labels.View, Palette = palette.View, Target = colours.View, Width = Width, Height = Height,
                Scale = 1, Alpha = alpha,
            },
            Width, Height, 0, 1);
    }

    /// <summary>
    /// What <see cref="Overlay.Rgb"/> makes of grey, for which alone that kernel is. Images in colour with organs are hardly ever seen,
    /// too seldom for a kernel of their own, and pixels without a label are passed over.
    /// </summary>
    private void TintColours(int alpha)
    {
        byte* label = labels.View.Pointer, colour = colours.View.Pointer;
        int* colourOf = palette.View.Pointer;
        for (int i = 0; i < Width * Height; i++, colour += 3)
        {
            if (label[i] != 0)
            {
                int mixed = Mix(Packed(colour), colourOf[label[i]], alpha);
                (colour[0], colour[1], colour[2]) = ((byte)mixed, (byte)(mixed >> 8), (byte)(mixed >> 16));
            }
        }
    }

    private void Outline() => CpuLaunch.Lanes(
        new Contour.Outline { Source = labels.View, Target = outline.View, Width = Width, Height = Height }, Width, Height, 0, 1);

    /// <summary>Three bytes become four, as Skia takes them; on an outline the colour covers more.</summary>
    private void Compose(int alpha)
    {
        byte* from = colours.View.Pointer, edge = outline.View.Pointer;
        int* to = screen.View.Pointer, colourOf = palette.View.Pointer;
        for (int i = 0; i < Width * Height; i++, from += 3)
        {
            int pixel = Packed(from);
            to[i] = edge[i] == 0 ? pixel : Mix(pixel, colourOf[edge[i]], alpha);
        }
    }

    /// <summary>Red, green and blue as 0xbbggrr.</summary>
    private static int Packed(byte* rgb) => rgb[0] | (rgb[1] << 8) | (rgb[2] << 16);

    private static int Mix(int below, int above, int alpha)
    {
        const int Outer = 0xff00ff, Middle = 0x00ff00;
        int rest = 256 - alpha;
        return (((((below & Outer) * rest) + ((above & Outer) * alpha)) >>> 8) & Outer)
            | (((((below & Middle) * rest) + ((above & Middle) * alpha)) >>> 8) & Middle);
    }

    private static int Encode(SKImageInfo image, nint pixels, bool fine, ref byte[] file, int from)
    {
        const int MovingQuality = 82;
        using SKPixmap pixmap = new(image, pixels);
        using SKDynamicMemoryWStream stream = new();

        // The quickest PNG: the file goes no further than the next screen.
        bool done = fine
            ? pixmap.Encode(stream, new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, 1))
            : pixmap.Encode(
                stream, new SKJpegEncoderOptions(MovingQuality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore));
        int length = done ? (int)stream.BytesWritten : 0;
        if (file.Length < from + length)
        {
            Array.Resize(ref file, from + length + (length / 2));
        }

        fixed (byte* target = file)
        {
            stream.CopyTo((nint)(target + from));
        }

        return length;
    }

    private void Free()
    {
        samples.Dispose();
        grey.Dispose();
        labels.Dispose();
        outline.Dispose();
        colours.Dispose();
        screen.Dispose();
    }
}
