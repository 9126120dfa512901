using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>Takes frames out of the pixel data of a data set, whatever its transfer syntax.</summary>
/// <remarks>
/// PS3.5 8, annexes A and G. Transfer syntaxes that are not supported are a <see cref="MalformedReason.TransferSyntax"/>.
/// </remarks>
public sealed class PixelDataReader
{
    private readonly TransferSyntax syntax;
    private readonly Element element;
    private readonly EncapsulatedFrames? encapsulated;

    /// <summary>Its tables and rows are used again by the next frame of the same thread.</summary>
    [ThreadStatic]
    private static JpegLosslessDecoder? jpegLossless;

    private PixelDataReader(PixelDescription description, TransferSyntax syntax, Element element, EncapsulatedFrames? encapsulated)
    {
        Description = description;
        this.syntax = syntax;
        this.element = element;
        this.encapsulated = encapsulated;
    }

    public PixelDescription Description { get; }

    /// <summary>Of the decoded cells: component transforms are undone and half chroma is repeated (PS3.3 C.7.6.3.1.2).</summary>
    public string DecodedPhotometric => Description.Photometric switch
    {
        "YBR_RCT" or "YBR_ICT" when IsJpeg2000(syntax) => "RGB",
        "YBR_FULL_422" => "YBR_FULL",
        string other => other,
    };

    /// <summary>Whether this build decodes pixel data in that syntax; JPEG 2000 needs a library that may be absent.</summary>
    public static bool Supports(TransferSyntax syntax) => !syntax.IsEncapsulated || syntax.Uid == TransferSyntax.RleLossless.Uid
        || IsJpegLossless(syntax) || IsJpeg2000(syntax);

    /// <summary>Reads description and frame index; no pixel is decoded.</summary>
    public static Parsed<PixelDataReader> Open(DataSet dataSet, TransferSyntax syntax)
    {
        if (!Supports(syntax))
        {
            return new Malformed(MalformedReason.TransferSyntax, 0, $"pixel data is not decoded: transfer syntax {syntax.Name}");
        }

        Parsed<PixelDescription> description = PixelDescription.Read(dataSet);
        if (description.Failed)
        {
            return description.Malformed;
        }

        Element? element = dataSet[Tags.PixelData] ?? dataSet[Tags.FloatPixelData] ?? dataSet[Tags.DoubleFloatPixelData];
        if (element is null || element.Items is not null || element.Fragments is not null != syntax.IsEncapsulated)
        {
            return new Malformed(
                MalformedReason.BadPixelStream, 0, "pixel data is missing, or not laid out as its transfer syntax demands");
        }

        if (!syntax.IsEncapsulated)
        {
            return new PixelDataReader(description.Value, syntax, element, null);
        }

        Parsed<EncapsulatedFrames> frames = EncapsulatedFrames.Split(dataSet, description.Value.Frames);
        return frames.Failed ? frames.Malformed : new PixelDataReader(description.Value, syntax, element, frames.Value);
    }

    /// <summary>Decodes one frame of a file, from 0.</summary>
    public static Parsed<DecodedFrame> Decode(DicomFile file, int frame) => Decode(file.DataSet, file.Syntax, frame);

    /// <summary>Decodes one frame of a data set, from 0.</summary>
    public static Parsed<DecodedFrame> Decode(DataSet dataSet, TransferSyntax syntax, int frame)
    {
        Parsed<PixelDataReader> reader = Open(dataSet, syntax);
        return reader.Failed ? reader.Malformed : reader.Value.Decode(frame);
    }

    /// <summary>Decodes one frame, from 0, into new memory.</summary>
    public Parsed<DecodedFrame> Decode(int frame)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(Description.FrameBytes);
        if (DecodeInto(frame, pixels) is Malformed malformed)
        {
            return malformed;
        }

        // A single bit has become a byte.
        int allocated = 8 * Description.SampleBytes;
        return new DecodedFrame(
            Description.Rows, Description.Columns, Description.Samples, allocated, Description.BitsStored, Description.HighBit,
            Description.IsSigned, Description.Cells, DecodedPhotometric, pixels);
    }

    /// <summary>Decodes one frame, from 0, into the caller's memory.</summary>
    /// <param name="destination"><see cref="PixelDescription.FrameBytes"/> bytes; after a failure it holds anything.</param>
    /// <returns>Null, or what is wrong.</returns>
    public Malformed? DecodeInto(int frame, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, Description.FrameBytes);
        if (frame < 0 || frame >= Description.Frames)
        {
            return new Malformed(MalformedReason.BadPixelDescription, 0, "pixel data has no frame of that number");
        }

        if (encapsulated is null)
        {
            return NativePixels.Decode(element.Value.Span, Description, frame, HasSwappedHalves(syntax, element, Description), destination);
        }

        ReadOnlySpan<byte> codestream = encapsulated[frame].Span;
        return syntax.Uid == TransferSyntax.RleLossless.Uid ? RleDecoder.Decode(codestream, Description, destination)
            : IsJpegLossless(syntax) ? (jpegLossless ??= new()).Decode(codestream, Description, destination)
            : Jpeg2000Decoder.Decode(codestream, Description, destination);
    }

    /// <summary>OW is turned word by word, but cells of 32 bits have two words (PS3.5 7.3, 8.1.2).</summary>
    internal static bool HasSwappedHalves(TransferSyntax syntax, Element element, PixelDescription description) =>
        syntax.IsBigEndian && element.Vr == Vr.OW && description is { BitsAllocated: 32, Cells: PixelCells.Integer };

    private static bool IsJpegLossless(TransferSyntax syntax) =>
        syntax.Uid == TransferSyntax.JpegLossless.Uid || syntax.Uid == TransferSyntax.JpegLosslessSv1.Uid;

    private static bool IsJpeg2000(TransferSyntax syntax) =>
        syntax.Uid == TransferSyntax.Jpeg2000Lossless.Uid || syntax.Uid == TransferSyntax.Jpeg2000.Uid;
}
