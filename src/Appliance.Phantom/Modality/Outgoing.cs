using Appliance.Dicom.Data;

namespace Appliance.Phantom.Modality;

/// <summary>An object to send; its bytes are made or read when its turn comes.</summary>
/// <param name="DataSet">The data set in <paramref name="Syntax"/>.</param>
public sealed record Outgoing(
    string SopClassUid, string SopInstanceUid, string StudyUid, string SeriesUid, TransferSyntax Syntax,
        Func<ReadOnlyMemory<byte>> DataSet)
{
    /// <summary>The same object, which leaves a DICOM file with just the bytes that go out (PS3.10 7) when its turn comes.</summary>
    public Outgoing KeptIn(string folder) => this with
    {
        DataSet = () =>
        {
            ReadOnlyMemory<byte> bytes = DataSet();
            using FileStream file = File.Create(Path.Combine(folder, SopInstanceUid + ".dcm"));
            file.Write(DicomFileWriter.Head(FileMeta.Create(SopClassUid, SopInstanceUid, Syntax)));
            file.Write(bytes.Span);
            return bytes;
        },
    };
}
