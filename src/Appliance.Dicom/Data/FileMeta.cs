namespace Appliance.Dicom.Data;

/// <summary>File meta information, group 0002 (PS3.10 7.1).</summary>
public static class FileMeta
{
    /// <summary>The elements that every file has; the writer adds the group length.</summary>
    /// <param name="sourceAeTitle">Who the object came from, or is from; null leaves (0002,0016) out.</param>
    public static DataSet Create(string sopClassUid, string sopInstanceUid, TransferSyntax syntax, string? sourceAeTitle = null)
    {
        DataSet meta = new();
        meta.SetBytes(Tags.FileMetaInformationVersion, Vr.OB, new byte[] { 0, 1 });
        meta.SetString(Tags.MediaStorageSOPClassUID, Vr.UI, sopClassUid);
        meta.SetString(Tags.MediaStorageSOPInstanceUID, Vr.UI, sopInstanceUid);
        meta.SetString(Tags.TransferSyntaxUID, Vr.UI, syntax.Uid);
        meta.SetString(Tags.ImplementationClassUID, Vr.UI, Implementation.ClassUid);
        meta.SetString(Tags.ImplementationVersionName, Vr.SH, Implementation.VersionName);
        if (!string.IsNullOrEmpty(sourceAeTitle))
        {
            meta.SetString(Tags.SourceApplicationEntityTitle, Vr.AE, sourceAeTitle);
        }

        return meta;
    }
}
