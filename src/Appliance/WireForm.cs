using Appliance.Core;
using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;

namespace Appliance.Daemon;

/// <summary>In which transfer syntax an object is sent to a destination that takes only some.</summary>
public static class WireForm
{
    /// <summary>The syntax to send in: the stored one wherever that is accepted, so that the bytes stay as they came.</summary>
    /// <param name="accepted">What the destination takes for this SOP class; empty where it takes the class in no syntax.</param>
    public static Outcome<TransferSyntax> Choose(TransferSyntax stored, IReadOnlyList<TransferSyntax> accepted)
    {
        if (accepted.Contains(stored))
        {
            return stored;
        }

        TransferSyntax? plain = accepted.FirstOrDefault(syntax => syntax == TransferSyntax.ExplicitLittleEndian)
            ?? accepted.FirstOrDefault(syntax => syntax == TransferSyntax.ImplicitLittleEndian);
        if (plain is null)
        {
            return new Refusal(
                RefusalReason.DestinationRefused, "The destination does not take this kind of object. Enable its SOP class there.");
        }

        bool isLossless = !stored.IsEncapsulated || (!stored.IsLossy && PixelDataReader.Supports(stored));
        return isLossless
            ? plain
            : new Refusal(
                RefusalReason.DestinationRefused,
                $"The destination does not take {stored.Name}, which is not decompressed here without loss. Enable it there.");
    }

    /// <summary>The data set of the file, decompressed or re-encoded.</summary>
    /// <param name="syntax">One that <see cref="Choose"/> gave and that is not the file's own.</param>
    public static Outcome<byte[]> Encode(byte[] file, TransferSyntax syntax)
    {
        Parsed<DicomFile> read = DicomFileReader.Read(file);
        Parsed<DicomFile> plain = read.Failed ? read : Transcode.ToExplicitLittleEndian(read.Value);
        return plain.Failed
            ? new Refusal(RefusalReason.DestinationRefused, $"The object cannot be decompressed for the destination: {plain.Malformed}.")
            : DataSetWriter.Write(plain.Value.DataSet, syntax);
    }
}
