using Appliance.Dicom.Codecs;

namespace Appliance.Daemon.Screen;

/// <summary>JPEG streams as DICOM has them: which colours they hold is said by the data set, and not always by the stream.</summary>
public static class LossyJpeg
{
    private const byte App0 = 0xE0, App14 = 0xEE, StartOfScan = 0xDA;

    /// <summary>
    /// A stream that says itself whether its three components are RGB or YCbCr: with the segment that Adobe made for it (T.872, 6.5.3),
    /// unless there is one, or one of JFIF, which always is YCbCr.
    /// </summary>
    public static ReadOnlySpan<byte> WithColourSpace(ReadOnlyMemory<byte> jpeg, PixelDescription it)
    {
        ReadOnlySpan<byte> stream = jpeg.Span;
        if (it.Samples != 3 || stream.Length < 4 || SaysColourSpace(stream))
        {
            return stream;
        }

        byte transform = it.Photometric == "RGB" ? (byte)0 : (byte)1;
        return (byte[])[.. stream[..2], 0xFF, App14, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform, .. stream[2..]];
    }

    private static bool SaysColourSpace(ReadOnlySpan<byte> stream)
    {
        for (int at = 2; at + 4 <= stream.Length && stream[at] == 0xFF && stream[at + 1] != StartOfScan;)
        {
            ReadOnlySpan<byte> segment = stream[(at + 4)..];
            if ((stream[at + 1] == App0 && segment.StartsWith("JFIF"u8)) || (stream[at + 1] == App14 && segment.StartsWith("Adobe"u8)))
            {
                return true;
            }

            at += 2 + ((stream[at + 2] << 8) | stream[at + 3]);
        }

        return false;
    }
}
