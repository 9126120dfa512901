using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using SkiaSharp;

namespace Appliance.Daemon.Screen;

/// <summary>Single pictures of one series, drawn on the box from the journal: a glance that reads one file and keeps nothing.</summary>
/// <remarks>One caller at a time.</remarks>
public sealed class SeriesPictures(SeriesFiles files)
{
    private readonly Decode decode = new();

    public SeriesFiles Files => files;

    /// <summary>The slice in grey for a browser: JPEG while somebody scrolls, PNG when they look. Null: it cannot be shown.</summary>
    public byte[]? Grey(int slice, Window window, bool exact)
    {
        SliceFile shown = files.Slices[slice];
        Outcome<float[]> hu = DicomFileReader.Read(File.ReadAllBytes(shown.Path)).Value is DicomFile file
            ? decode.Hounsfield(file)
            : new Refusal(RefusalReason.Malformed, "not readable");
        if (hu.Refused)
        {
            return null;
        }

        byte[] grey = new byte[hu.Value.Length];
        float low = (float)(window.Centre - (window.Width / 2)), scale = (float)(byte.MaxValue / window.Width);
        for (int i = 0; i < grey.Length; i++)
        {
            grey[i] = (byte)Math.Clamp((hu.Value[i] - low) * scale, 0, byte.MaxValue);
        }

        SKImageInfo image = new(shown.Columns, shown.Rows, SKColorType.Gray8, SKAlphaType.Opaque);
        return exact ? Encode(image, grey, SKEncodedImageFormat.Png, 100) : Encode(image, grey, SKEncodedImageFormat.Jpeg, 88);
    }

    /// <summary>The organs of the slice on a transparent ground as PNG, or null where the series is not analysed.</summary>
    public byte[]? Colours(int slice) => files.Labels is not LabelFrames labels
        ? null
        : Encode(
            new SKImageInfo(labels.Columns, labels.Rows, SKColorType.Rgba8888, SKAlphaType.Unpremul),
            labels.Paint(files.Slices[slice].SopInstanceUid),
            SKEncodedImageFormat.Png,
            100);

    private static unsafe byte[] Encode(SKImageInfo image, byte[] pixels, SKEncodedImageFormat format, int quality)
    {
        fixed (byte* at = pixels)
        {
            using SKPixmap pixmap = new(image, (nint)at);

            // The quickest PNG: the file goes no further than this machine.
            using SKData? file = format == SKEncodedImageFormat.Png
                ? pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, 1))
                : pixmap.Encode(format, quality);
            return file?.ToArray() ?? [];
        }
    }
}
