using System.Diagnostics;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>Decompression for a receiver that takes no other transfer syntax.</summary>
public static class Transcode
{
    /// <summary>The same image in explicit little endian.</summary>
    /// <remarks>
    /// PS3.5 A.2, annex D; PS3.3 C.7.6.1.1.3 asks for another SOP Instance UID where pixels are derived: here they are the same, so it
    /// stays, as does everything else but what describes the encoding of the pixels.
    /// </remarks>
    /// <returns>
    /// The file, whose values are shared with the original where they do not change; or <see cref="MalformedReason.TransferSyntax"/>
    /// where that would not be lossless or is not supported, or what is wrong with the pixel data.
    /// </returns>
    public static Parsed<DicomFile> ToExplicitLittleEndian(DicomFile file)
    {
        TransferSyntax target = TransferSyntax.ExplicitLittleEndian;
        if (file.Syntax.Uid == target.Uid)
        {
            return file;
        }

        if (file.Syntax.IsEncapsulated && (file.Syntax.IsLossy || !PixelDataReader.Supports(file.Syntax)))
        {
            return new Malformed(MalformedReason.TransferSyntax, 0, $"not decompressed without loss: transfer syntax {file.Syntax.Name}");
        }

        DataSet dataSet = file.DataSet.Copy();
        Malformed? malformed = file.Syntax.IsEncapsulated ? Decompress(file, dataSet) : Reorder(file, dataSet);
        if (malformed is not null)
        {
            return malformed;
        }

        DataSet meta = file.Meta.Copy().SetString(Tags.TransferSyntaxUID, Vr.UI, target.Uid);
        return new DicomFile(meta, target, dataSet);
    }

    /// <summary>Values are kept little endian, so only cells wider than the words of their VR have to be looked at.</summary>
    private static Malformed? Reorder(DicomFile file, DataSet dataSet)
    {
        if (!file.Syntax.IsBigEndian || dataSet[Tags.PixelData] is not { Vr: Vr.OW } element)
        {
            return null;
        }

        Parsed<PixelDescription> description = PixelDescription.Read(dataSet);
        if (description.Failed)
        {
            return description.Malformed;
        }

        if (PixelDataReader.HasSwappedHalves(file.Syntax, element, description.Value))
        {
            byte[] cells = element.Value.ToArray();
            NativePixels.SwapHalves(cells.AsSpan(0, cells.Length & ~3));
            dataSet.SetBytes(Tags.PixelData, Vr.OW, cells);
        }

        return null;
    }

    private static Malformed? Decompress(DicomFile file, DataSet dataSet)
    {
        // 1. A presentation state or report sent in a compressed syntax has nothing to decompress.
        if (!dataSet.Contains(Tags.PixelData))
        {
            return null;
        }

        Parsed<PixelDataReader> reader = PixelDataReader.Open(dataSet, file.Syntax);
        if (reader.Failed)
        {
            return reader.Malformed;
        }

        // 2. All frames, one after another, colours interleaved.
        PixelDescription description = reader.Value.Description;
        long total = (long)description.FrameBytes * description.Frames;
        if (total > Limits.DecompressedBytes)
        {
            return new Malformed(MalformedReason.TooLong, 0, "pixel data is too long to be decompressed");
        }

        byte[] pixels = new byte[total + (total & 1)];
        for (int frame = 0; frame < description.Frames; frame++)
        {
            Span<byte> destination = pixels.AsSpan(frame * description.FrameBytes, description.FrameBytes);
            if (reader.Value.DecodeInto(frame, destination) is Malformed malformed)
            {
                return malformed;
            }
        }

        // 3. What describes them.
        Debug.Assert(description.BitsAllocated >= 8);
        dataSet.SetBytes(Tags.PixelData, description.BitsAllocated > 8 ? Vr.OW : Vr.OB, pixels);
        dataSet.Remove(Tags.ExtendedOffsetTable);
        dataSet.Remove(Tags.ExtendedOffsetTableLengths);
        if (description.Samples > 1)
        {
            dataSet.SetUInt16(Tags.PlanarConfiguration, 0);
            dataSet.SetString(Tags.PhotometricInterpretation, Vr.CS, reader.Value.DecodedPhotometric);
        }

        return null;
    }
}
