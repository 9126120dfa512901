using Appliance.Dicom.Codecs;

namespace Appliance.Daemon.Screen;

/// <summary>What the samples of a pixel look like (PS3.3 C.7.6.3.1.2): red, green and blue of 8 bits.</summary>
/// <param name="photometric">Of the samples as they were decoded.</param>
/// <param name="palette">Of PALETTE COLOR; where it is missing the values are shown as grey.</param>
/// <param name="window">For an image in grey among coloured ones.</param>
public sealed class ColourSamples(PixelDescription it, string photometric, ColourPalette? palette, SliceFile slice, Window window)
{
    private readonly int shift = Math.Max(0, it.BitsStored - 8);
    private readonly bool isYbr = PhotometricInterpretation.IsYbr(photometric);
    private readonly (double Scale, double Offset) grey = window.ToGrey;

    /// <summary>Black is 16 and white 235 (C.7.6.3.1.2, retired).</summary>
    private readonly bool isPartial = photometric.StartsWith("YBR_PARTIAL", StringComparison.Ordinal);

    /// <returns>0xbbggrr.</returns>
    public int ToRgb(ReadOnlySpan<int> samples)
    {
        if (samples.Length < 3)
        {
            return palette is not null ? palette[samples[0]] : Grey(samples[0]) * 0x010101;
        }

        int first = samples[0] >> shift, second = samples[1] >> shift, third = samples[2] >> shift;
        return isYbr ? OfYbr(first, second - 128, third - 128) : Byte(first) | (Byte(second) << 8) | (Byte(third) << 16);
    }

    private int OfYbr(int brightness, int blue, int red)
    {
        double y = isPartial ? (brightness - 16) * (255 / 219.0) : brightness;
        double scale = isPartial ? 255 / 224.0 : 1;
        return Byte((int)Math.Round(y + (1.402 * scale * red)))
            | (Byte((int)Math.Round(y - (0.344136 * scale * blue) - (0.714136 * scale * red))) << 8)
            | (Byte((int)Math.Round(y + (1.772 * scale * blue))) << 16);
    }

    private int Grey(int stored)
    {
        double value = (stored * slice.Slope) + slice.Intercept;
        int shown = Byte((int)((value * grey.Scale) + grey.Offset));
        return it.Photometric == PhotometricInterpretation.Inverted ? byte.MaxValue - shown : shown;
    }

    private static int Byte(int value) => Math.Clamp(value, 0, byte.MaxValue);
}
