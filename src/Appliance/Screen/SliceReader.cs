using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using SkiaSharp;

namespace Appliance.Daemon.Screen;

/// <summary>Pixels of one slice of the journal as rescaled values of 16 bits, in memory that it uses again.</summary>
/// <remarks>
/// For the eye, not for the analysis: what has no rescale (MR, US) is shown as stored, and of colours only the brightness. A multi-frame
/// image is read once for all of its frames, and kept until another one is asked for. One caller at a time.
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

    /// <summary>Every <paramref name="shrink"/>-th row and column into <paramref name="target"/>.</summary>
    /// <returns>False where it cannot be shown, or has not that shape.</returns>
    /// <exception cref="IOException">It has gone.</exception>
    public bool Read(SliceFile slice, int rows, int columns, int shrink, Span<short> target)
    {
        Load(slice.Path);
        if (image is null || PixelDescription.Read(image.DataSet).Value is not PixelDescription it
            || it.Rows != rows || it.Columns != columns || it.Cells != PixelCells.Integer || it.BitsAllocated < 8)
        {
            return false;
        }

        int frame = (slice.Frame ?? 1) - 1;
        Grow(ref stored, it.FrameSamples);
        if (lossy is null ? !Decode(frame) : !DecodeLossy(frame, it))
        {
            return false;
        }

        (double slope, double intercept) = (slice.Slope, slice.Intercept + Lift);
        if (it.Photometric == "MONOCHROME1")
        {
            (slope, intercept) = (-slope, intercept + (slope * ((1L << it.BitsStored) - 1)));
        }

        Rescale(it, shrink, slope, intercept, target);
        return true;
    }

    /// <summary>Gives back what it has of the last image: hundreds of megabytes where that has many frames.</summary>
    public void Forget() => (path, image, pixels, lossy, file) = ("", null, null, null, []);

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
            ? SKBitmap.Decode(lossy[frame].Span, new SKImageInfo(it.Columns, it.Rows, SKColorType.Rgba8888, SKAlphaType.Opaque))
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
        // The second of three samples is green, or of YBR a colour; the first is brightness or red. Either is good enough to see shapes.
        int at = 0, sample = it.Samples > 1 && (lossy is not null || it.Photometric == "RGB") ? 1 : 0;
        for (int y = 0; y + shrink <= it.Rows; y += shrink)
        {
            ReadOnlySpan<int> row = stored.AsSpan(y * it.Columns * it.Samples, it.Columns * it.Samples);
            for (int x = sample; x + (shrink * it.Samples) <= row.Length + sample; x += shrink * it.Samples)
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

        (path, image, pixels, lossy) = ("", null, null, null);
        using FileStream stream = new(of, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        int length = (int)Math.Min(stream.Length, int.MaxValue);
        Grow(ref file, length);
        stream.ReadExactly(file.AsSpan(0, length));
        path = of;
        image = DicomFileReader.Read(file.AsMemory(0, length)).Value;
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
