using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;

namespace Appliance.Imaging;

/// <summary>One object that we made, and what it is.</summary>
public sealed record Result(ResultKind Kind, DicomFile File)
{
    internal static Result Of(ResultKind kind, DataSet dataSet)
    {
        TransferSyntax syntax = TransferSyntax.ExplicitLittleEndian;
        DataSet meta = FileMeta.Create(dataSet.GetString(Tags.SOPClassUID)!, dataSet.GetString(Tags.SOPInstanceUID)!, syntax);
        return new Result(kind, new DicomFile(meta, syntax, dataSet));
    }
}
