using System.Buffers.Binary;
using Appliance.Dicom.Data;

namespace Appliance.Phantom.Modality;

/// <summary>The DICOM files below a folder, ready to send. Files without UIDs get new ones.</summary>
/// <remarks>
/// A file that has its UIDs is sent bit-identically. What lacks them (anonymisers take UIDs away) cannot be told apart by any
/// receiver, so: class and instance come from the file meta information where it has them; study, series and frame of reference
/// are new, one for each folder.
/// </remarks>
public sealed class FolderObjects
{
    private const int PreambleBytes = 132;

    private readonly Dictionary<string, NewUids> ofFolder = [];

    private FolderObjects()
    {
    }

    public List<Outgoing> Objects { get; } = [];

    /// <summary>Files that are no DICOM, or no composite object.</summary>
    public int Passed { get; private set; }

    /// <summary>Files that lacked a UID.</summary>
    public int Completed { get; private set; }

    /// <summary>Looks through a folder and all below it, in the order of names.</summary>
    public static FolderObjects Below(string folder)
    {
        FolderObjects found = new();
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            found.Add(path);
        }

        return found;
    }

    private void Add(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        Parsed<DicomFile> read = DicomFileReader.Read(bytes);
        if (read.Failed || Uid(read.Value, Tags.SOPClassUID, Tags.MediaStorageSOPClassUID) is not string sopClass
            || sopClass == Uids.MediaStorageDirectoryStorage)
        {
            Passed++;
            return;
        }

        DicomFile file = read.Value;
        string instance = Uid(file, Tags.SOPInstanceUID, Tags.MediaStorageSOPInstanceUID) ?? UidGenerator.New();
        Dictionary<Tag, string> missing = Missing(file.DataSet, Path.GetDirectoryName(path)!, sopClass, instance);
        Completed += missing.Count > 0 ? 1 : 0;
        string Of(Tag tag) => missing.TryGetValue(tag, out string? uid) ? uid : file.DataSet.GetString(tag)!;
        Objects.Add(new Outgoing(
            sopClass, instance, Of(Tags.StudyInstanceUID), Of(Tags.SeriesInstanceUID), file.Syntax, () => DataSetOf(path, missing)));
    }

    private Dictionary<Tag, string> Missing(DataSet set, string folder, string sopClass, string instance)
    {
        if (!ofFolder.TryGetValue(folder, out NewUids? fresh))
        {
            fresh = new NewUids(UidGenerator.New(), UidGenerator.New(), UidGenerator.New());
            ofFolder.Add(folder, fresh);
        }

        Dictionary<Tag, string> missing = [];
        (Tag Tag, string Uid, bool Needed)[] rows =
        [
            (Tags.SOPClassUID, sopClass, true), (Tags.SOPInstanceUID, instance, true), (Tags.StudyInstanceUID, fresh.Study, true),
            (Tags.SeriesInstanceUID, fresh.Series, true),
            (Tags.FrameOfReferenceUID, fresh.FrameOfReference, set.HasValue(Tags.ImagePositionPatient)),
        ];
        foreach ((Tag tag, string uid, bool needed) in rows)
        {
            if (needed && string.IsNullOrEmpty(set.GetString(tag)))
            {
                missing.Add(tag, uid);
            }
        }

        return missing;
    }

    private static ReadOnlyMemory<byte> DataSetOf(string path, Dictionary<Tag, string> missing)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (missing.Count == 0 && DataSetOffset(bytes) is int offset)
        {
            return bytes.AsMemory(offset);
        }

        DicomFile file = DicomFileReader.Read(bytes).Value ?? throw new IOException($"{path} changed while it was being sent");
        foreach ((Tag tag, string uid) in missing)
        {
            file.DataSet.SetString(tag, Vr.UI, uid);
        }

        return DataSetWriter.Write(file.DataSet, file.Syntax);
    }

    /// <summary>Where the data set starts, by the length of the file meta information (PS3.10 7.1); null where that is not told.</summary>
    private static int? DataSetOffset(ReadOnlySpan<byte> bytes)
    {
        const int groupLengthBytes = 12;
        ReadOnlySpan<byte> groupLength = [2, 0, 0, 0, (byte)'U', (byte)'L', 4, 0];
        if (bytes.Length < PreambleBytes + groupLengthBytes || !bytes[PreambleBytes..].StartsWith(groupLength))
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(PreambleBytes + groupLength.Length)..]);
        return length < bytes.Length - PreambleBytes - groupLengthBytes ? PreambleBytes + groupLengthBytes + (int)length : null;
    }

    private static string? Uid(DicomFile file, Tag inDataSet, Tag inMeta) =>
        file.DataSet.GetString(inDataSet) is { Length: > 0 } own ? own
        : file.Meta.GetString(inMeta) is { Length: > 0 } meta ? meta : null;

    private sealed record NewUids(string Study, string Series, string FrameOfReference);
}
