namespace Appliance.Dicom.Codecs;

/// <summary>JPEG streams as DICOM has them: which colours they hold is said by the data set, and not always by the stream.</summary>
public static class LossyJpeg
{
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

        byte transform = it.Photometric == PhotometricInterpretation.Rgb ? (byte)0 : (byte)1;
        return (byte[])[.. stream[..2], 0xFF, JpegMarker.Application14, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform, .. stream[2..]];
    }

    private static bool SaysColourSpace(ReadOnlySpan<byte> stream)
    {
        JpegMarkerReader markers = new(stream);
        while (markers.TryNext(out JpegSegment segment) && segment.Marker != JpegMarker.StartOfScan)
        {
            ReadOnlySpan<byte> said = markers.Bytes(segment);
            if ((segment.Marker == JpegMarker.FirstApplication && said.StartsWith("JFIF"u8))
                || (segment.Marker == JpegMarker.Application14 && said.StartsWith("Adobe"u8)))
            {
                return true;
            }
        }

        return false;
    }
}
