using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using SkiaSharp;

namespace Appliance.Daemon.Screen;

/// <summary>Pixels of one slice of the journal as rescaled values of 16 bits, or as colours, in memory that it uses again.</summary>
/// <remarks>
/// For the eye, not for the analysis: what has no rescale (MR, US) is shown as stored. A multi-frame image is read once for all of its
/// frames, and kept until another one is asked for. One caller at a time.
/// </remarks>
public sealed class SliceReader
{
    /// <summary>What is added to each value, so that air is not below zero: the ray caster's grey is a multiple of the value.</summary>
    public const int Lift = 1024;

    private byte[] file = [];
    private byte[] cells = [];
    private int[] stored = [];
    private string path = "";
    private DicomFile? image;

    /// <summary>Null where the pixels are not decoded by <see cref="PixelDataReader"/>.</summary>
    private PixelDataReader? pixels;

    /// <summary>The frames of a lossy JPEG, which only the eye may see.</summary>
    private EncapsulatedFrames? lossy;

    /// <summary>Of an image whose values are entries of one.</summary>
    private ColourPalette? palette;

    /// <summary>Every <paramref name="shrink"/>-th row and column into <paramref name="target"/>.</summary>
    /// <returns>False where it cannot be shown, or has not that shape.</returns>
    /// <exception cref="IOException">It has gone.</exception>
    public bool Read(SliceFile slice, int rows, int columns, int shrink, Span<short> target)
    {
        if (ReadStored(slice, rows, columns) is not PixelDescription it)
        {
            return false;
        }

        (double slope, double intercept) = (slice.Slope, slice.Intercept + Lift);
        if (it.Photometric == PhotometricInterpretation.Inverted)
        {
            (slope, intercept) = (-slope, intercept + (slope * ((1L << it.BitsStored) - 1)));
        }

        Rescale(it, shrink, slope, intercept, target);
        return true;
    }

    /// <summary>The same in colour: red, green and blue of each pixel. What is grey among them comes through the window.</summary>
    /// <returns>As <see cref="Read"/>.</returns>
    /// <exception cref="IOException">It has gone.</exception>
    public bool ReadColours(SliceFile slice, int rows, int columns, int shrink, Window window, Span<byte> target)
    {
        if (ReadStored(slice, rows, columns) is not PixelDescription it)
        {
            return false;
        }

        ColourSamples samples = new(it, lossy is null ? pixels!.DecodedPhotometric : PhotometricInterpretation.Rgb, palette, slice, window);
        int at = 0;
        for (int y = 0; y + shrink <= it.Rows; y += shrink)
        {
            ReadOnlySpan<int> row = stored.AsSpan(y * it.Columns * it.Samples, it.Columns * it.Samples);
            for (int x = 0; x + shrink <= it.Columns; x += shrink, at += 3)
            {
                int colour = samples.ToRgb(row.Slice(x * it.Samples, it.Samples));
                (target[at], target[at + 1], target[at + 2]) = ((byte)colour, (byte)(colour >> 8), (byte)(colour >> 16));
            }
        }

        return true;
    }

    /// <summary>Gives back what it has of the last image: hundreds of megabytes where that has many frames.</summary>
    public void Forget() => (path, image, pixels, lossy, palette, file) = ("", null, null, null, null, []);

    /// <summary>Fills <see cref="stored"/>; null where it cannot be shown, or has not that shape.</summary>
    private PixelDescription? ReadStored(SliceFile slice, int rows, int columns)
    {
        Load(slice.Path);
        if (image is null || PixelDescription.Read(image.DataSet).Value is not PixelDescription it
            || it.Rows != rows || it.Columns != columns || it.Cells != PixelCells.Integer || it.BitsAllocated < 8)
        {
            return null;
        }

        int frame = (slice.Frame ?? 1) - 1;
        Grow(ref stored, it.FrameSamples);
        return (lossy is null ? Decode(frame) : DecodeLossy(frame, it)) ? it : null;
    }

    /// <summary>One frame into <see cref="stored"/>.</summary>
    private bool Decode(int frame)
    {
        if (pixels?.Description is not PixelDescription it)
        {
            return false;
        }

        Grow(ref cells, it.FrameBytes);
        if (pixels.DecodeInto(frame, cells.AsSpan(0, it.FrameBytes)) is not null)
        {
            return false;
        }

        DecodedFrame decoded = new(
            it.Rows, it.Columns, it.Samples, it.BitsAllocated, it.BitsStored, it.HighBit, it.IsSigned, it.Cells, it.Photometric,
            cells.AsMemory(0, it.FrameBytes));
        decoded.CopyStoredValues(stored.AsSpan(0, it.FrameSamples));
        return true;
    }

    /// <summary>The same for JPEG of eight bits, as ultrasound is stored: to the eye it is what a browser shows.</summary>
    private bool DecodeLossy(int frame, PixelDescription it)
    {
        using SKBitmap? shown = frame < lossy!.Count
            ? SKBitmap.Decode(
                LossyJpeg.WithColourSpace(lossy[frame], it),
                new SKImageInfo(it.Columns, it.Rows, SKColorType.Rgba8888, SKAlphaType.Opaque))
            : null;
        if (shown is null)
        {
            return false;
        }

        // Red, green and blue are the same where there is one sample.
        ReadOnlySpan<byte> rgba = shown.GetPixelSpan();
        for (int pixel = 0, at = 0; pixel < it.Rows * it.Columns; pixel++)
        {
            for (int sample = 0; sample < it.Samples; sample++)
            {
                stored[at++] = rgba[(4 * pixel) + Math.Min(sample, 2)];
            }
        }

        return true;
    }

    private void Rescale(PixelDescription it, int shrink, double slope, double intercept, Span<short> target)
    {
        int at = 0;
        for (int y = 0; y + shrink <= it.Rows; y += shrink)
        {
            ReadOnlySpan<int> row = stored.AsSpan(y * it.Columns * it.Samples, it.Columns * it.Samples);
            for (int x = 0; x + (shrink * it.Samples) <= row.Length; x += shrink * it.Samples)
            {
                target[at++] = (short)Math.Clamp((row[x] * slope) + intercept, short.MinValue, short.MaxValue);
            }
        }
    }

    private void Load(string of)
    {
        if (path == of)
        {
            return;
        }

        (path, image, pixels, lossy, palette) = ("", null, null, null, null);
        using FileStream stream = new(of, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        int length = (int)Math.Min(stream.Length, int.MaxValue);
        Grow(ref file, length);
        stream.ReadExactly(file.AsSpan(0, length));
        path = of;
        image = DicomFileReader.Read(file.AsMemory(0, length)).Value;
        palette = image?.DataSet.GetString(Tags.PhotometricInterpretation) == PhotometricInterpretation.PaletteColour
            ? ColourPalette.Read(image.DataSet).Value
            : null;
        if (image?.Syntax.Uid == TransferSyntax.JpegBaseline.Uid)
        {
            lossy = EncapsulatedFrames.Split(image.DataSet, SourceFrames.CountOf(image.DataSet)).Value;
        }
        else if (image is not null)
        {
            pixels = PixelDataReader.Open(image.DataSet, image.Syntax).Value;
        }
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = GC.AllocateUninitializedArray<T>(length);
        }
    }
}
