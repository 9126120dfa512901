namespace Appliance.Dicom.Data;

/// <summary>A data set with its file meta information (PS3.10 7).</summary>
/// <param name="Meta">Group 0002; empty where the file had none.</param>
/// <param name="Syntax">The transfer syntax in which the data set was, or is to be, written.</param>
public sealed record DicomFile(DataSet Meta, TransferSyntax Syntax, DataSet DataSet)
{
    public string? SopInstanceUid => DataSet.GetString(Tags.SOPInstanceUID);

    /// <summary>What was bent in the file that was read.</summary>
    public Oddities Oddities { get; init; }
}
