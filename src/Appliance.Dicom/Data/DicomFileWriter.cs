namespace Appliance.Dicom.Data;

/// <summary>Writes DICOM files: preamble, file meta information with group length, data set (PS3.10 7.1).</summary>
public static class DicomFileWriter
{
    private const int PreambleBytes = 128;

    public static byte[] Write(DicomFile file) => DataSetWriter.Write(Head(MetaOf(file)), file.DataSet, file.Syntax);

    /// <summary>Writes a file whose data set is encoded in <see cref="DicomFile.Syntax"/>, whatever the meta information says.</summary>
    public static void Write(DicomFile file, Stream stream)
    {
        stream.Write(Head(MetaOf(file)));
        DataSetWriter.Write(file.DataSet, file.Syntax, stream);
    }

    /// <summary>
    /// Everything before the data set: preamble, "DICM" and group 0002 with its length. A receiver writes it and lets the bytes of the
    /// data set follow as they arrived.
    /// </summary>
    public static byte[] Head(DataSet meta)
    {
        meta = meta.Copy();
        meta.Remove(Tags.FileMetaInformationGroupLength);
        long length = DataSetWriter.LengthOf(meta, TransferSyntax.ExplicitLittleEndian);
        meta.SetUInt32(Tags.FileMetaInformationGroupLength, (uint)length);
        byte[] group = DataSetWriter.Write(meta, TransferSyntax.ExplicitLittleEndian);
        byte[] head = new byte[PreambleBytes + 4 + group.Length];
        "DICM"u8.CopyTo(head.AsSpan(PreambleBytes));
        group.CopyTo(head.AsSpan(PreambleBytes + 4));
        return head;
    }

    private static DataSet MetaOf(DicomFile file)
    {
        DataSet meta = FileMeta.Create(
            file.DataSet.GetString(Tags.SOPClassUID) ?? "",
            file.DataSet.GetString(Tags.SOPInstanceUID) ?? "",
            file.Syntax);
        foreach (Element element in file.Meta)
        {
            if (element.Tag != Tags.TransferSyntaxUID && element.Tag.Group == 0x0002)
            {
                meta.Put(element);
            }
        }

        return meta;
    }
}
