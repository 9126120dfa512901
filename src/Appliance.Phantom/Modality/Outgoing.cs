using Appliance.Dicom.Data;

namespace Appliance.Phantom.Modality;

/// <summary>An object to send; its bytes are made or read when its turn comes.</summary>
/// <param name="DataSet">The data set in <paramref name="Syntax"/>.</param>
public sealed record Outgoing(
    string SopClassUid, string SopInstanceUid, string StudyUid, string SeriesUid, TransferSyntax Syntax,
        Func<ReadOnlyMemory<byte>> DataSet);
