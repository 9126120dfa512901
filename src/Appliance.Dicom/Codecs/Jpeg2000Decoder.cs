using System.Diagnostics;
using System.Runtime.InteropServices;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>JPEG 2000 by Debian's OpenJPEG.</summary>
/// <remarks>PS3.5 A.4.4, 8.2.4. The library gets the codestream only after its SIZ segment agreed with the data set.</remarks>
internal static unsafe class Jpeg2000Decoder
{
    /// <summary>Decodes one frame.</summary>
    /// <param name="source">A codestream, or a JP2 file around one.</param>
    /// <param name="destination"><see cref="PixelDescription.FrameBytes"/> bytes, little endian, components interleaved.</param>
    /// <returns>Null, or what is wrong: a broken or truncated codestream, another image, no library.</returns>
    public static Malformed? Decode(ReadOnlySpan<byte> source, PixelDescription expected, Span<byte> destination)
    {
        Debug.Assert(destination.Length == expected.FrameBytes);
        if ((OpenJpeg.WhyUnavailable ?? Jpeg2000Codestream.Check(source, expected)) is Malformed malformed)
        {
            return malformed;
        }

        fixed (byte* bytes = source)
        {
            OpenJpeg.Source memory = new() { Bytes = bytes, Length = source.Length };
            nint stream = OpenJpeg.OpenStream(&memory);
            bool isJp2File = Jpeg2000Codestream.IsJp2File(source);
            nint codec = OpenJpeg.CreateDecompress(isJp2File ? OpenJpeg.Format.Jp2File : OpenJpeg.Format.Codestream);
            OpenJpeg.Image* image = null;
            try
            {
                return stream != 0 && codec != 0 && Run(codec, stream, &image)
                    ? Copy(image, expected, destination)
                    : Bad("a JPEG 2000 codestream is broken or cut short");
            }
            finally
            {
                Release(image, codec, stream);
            }
        }
    }

    private static bool Run(nint codec, nint stream, OpenJpeg.Image** image)
    {
        byte* parameters = stackalloc byte[OpenJpeg.DecoderParametersBytes];
        OpenJpeg.SetDefaultDecoderParameters(parameters);
        return OpenJpeg.SetupDecoder(codec, parameters) != 0
            && OpenJpeg.SetStrictMode(codec, 1) != 0
            && OpenJpeg.ReadHeader(stream, codec, out *image) != 0
            && OpenJpeg.Decode(codec, stream, *image) != 0
            && OpenJpeg.EndDecompress(codec, stream) != 0;
    }

    private static void Release(OpenJpeg.Image* image, nint codec, nint stream)
    {
        if (image is not null)
        {
            OpenJpeg.DestroyImage(image);
        }

        if (codec != 0)
        {
            OpenJpeg.DestroyCodec(codec);
        }

        if (stream != 0)
        {
            OpenJpeg.DestroyStream(stream);
        }
    }

    private static Malformed? Copy(OpenJpeg.Image* image, PixelDescription expected, Span<byte> destination)
    {
        if (image->ComponentCount != expected.Samples)
        {
            return Bad("a JPEG 2000 image has other components than its data set");
        }

        for (int i = 0; i < expected.Samples; i++)
        {
            OpenJpeg.Component* component = image->Components + i;
            if (component->Data is null || component->Width != expected.Columns || component->Height != expected.Rows
                || component->Precision is 0 or > 32 || component->Precision > expected.BitsAllocated)
            {
                return Bad("a component of a JPEG 2000 image is missing or has another size than its data set");
            }

            CopyComponent(component, i, expected, destination);
        }

        return null;
    }

    /// <summary>
    /// Writes the samples of a component. Where codestream and data set do not agree about the sign, the data set is believed:
    /// the bits of the codestream's precision are taken as they are, and extended by the sign that the data set gives them.
    /// </summary>
    private static void CopyComponent(OpenJpeg.Component* component, int index, PixelDescription expected, Span<byte> destination)
    {
        ReadOnlySpan<int> samples = new(component->Data, expected.Rows * expected.Columns);
        int stride = expected.Samples;
        int spare = 32 - (int)component->Precision;
        bool extendsSign = expected.IsSigned && component->IsSigned == 0;
        bool dropsSign = !expected.IsSigned && component->IsSigned != 0;
        Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(destination);
        Span<int> longs = MemoryMarshal.Cast<byte, int>(destination);
        for (int i = 0, at = index; i < samples.Length; i++, at += stride)
        {
            int value = samples[i];
            if (extendsSign)
            {
                value = value << spare >> spare;
            }
            else if (dropsSign)
            {
                value = (int)((uint)value << spare >> spare);
            }

            switch (expected.SampleBytes)
            {
                case 1:
                    destination[at] = (byte)value;
                    break;
                case 2:
                    words[at] = (ushort)value;
                    break;
                default:
                    longs[at] = value;
                    break;
            }
        }
    }

    private static Malformed Bad(string text) => new(MalformedReason.BadPixelStream, 0, text);
}
