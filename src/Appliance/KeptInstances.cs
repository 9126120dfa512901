using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;

namespace Appliance.Daemon;

/// <summary>Which of some instances are kept here, for who wants to delete its own copies.</summary>
public sealed class KeptInstances(Journal journal)
{
    /// <summary>The N-EVENT-REPORT's information for a request (PS3.4 table J.3-2): what is kept, what is not and why.</summary>
    /// <remarks>Kept means here: the object and all names above it are on the disk when this returns.</remarks>
    /// <exception cref="IOException">The disk failed.</exception>
    public DataSet Report(string transaction, IReadOnlyList<(string SopClassUid, string SopInstanceUid)> asked)
    {
        Dictionary<string, Found> found = Look(asked);
        List<DataSet> kept = [], failed = [];
        foreach ((string sopClass, string sopInstance) in asked)
        {
            DataSet item = new DataSet()
                .SetString(Tags.ReferencedSOPClassUID, Vr.UI, sopClass)
                .SetString(Tags.ReferencedSOPInstanceUID, Vr.UI, sopInstance);
            if (FaultOf(found.GetValueOrDefault(JournalEntry.NameOf(sopInstance)), sopClass) is Status reason)
            {
                failed.Add(item.SetUInt16(Tags.FailureReason, (ushort)reason));
            }
            else
            {
                kept.Add(item);
            }
        }

        DataSet report = new DataSet().SetString(Tags.TransactionUID, Vr.UI, transaction);
        if (kept.Count > 0)
        {
            report.SetItems(Tags.ReferencedSOPSequence, [.. kept]);
        }

        return failed.Count > 0 ? report.SetItems(Tags.FailedSOPSequence, [.. failed]) : report;
    }

    /// <summary>Why an instance does not count as kept (PS3.3 C.14.1.1), or null where it does.</summary>
    private static Status? FaultOf(Found? found, string sopClass) => found switch
    {
        null => Status.NoSuchSopInstance,

        // Which of the two the sender means is not known; it had better keep its own.
        { IsDisputed: true } => Status.ProcessingFailure,
        _ => found.SopClassUid == sopClass ? null : Status.ClassInstanceConflict,
    };

    /// <summary>By name; what is not here is not in it.</summary>
    private Dictionary<string, Found> Look(IReadOnlyList<(string SopClassUid, string SopInstanceUid)> asked)
    {
        HashSet<string> left = [.. asked.Select(pair => JournalEntry.NameOf(pair.SopInstanceUid))];

        // Who asks has just sent: the youngest folders first, and each read once.
        Dictionary<string, Found> found = [];
        foreach (DirectoryInfo series in new DirectoryInfo(journal.Studies).EnumerateDirectories()
            .OrderByDescending(study => study.LastWriteTimeUtc).SelectMany(study => study.EnumerateDirectories()))
        {
            if (left.Count == 0)
            {
                break;
            }

            if (!series.Name.StartsWith(JournalEntry.ResultsPrefix, StringComparison.Ordinal))
            {
                LookIn(series, left, found);
            }
        }

        return found;
    }

    private void LookIn(DirectoryInfo series, HashSet<string> left, Dictionary<string, Found> found)
    {
        FileInfo[] files = series.GetFiles("*" + JournalEntry.Extension);
        HashSet<string> disputed =
        [
            .. files.Where(file => EntryOf(file).IsConflict)
                .Select(file => file.Name[..file.Name.IndexOf('.', StringComparison.Ordinal)] + JournalEntry.Extension),
        ];
        bool isSynced = false;
        foreach (FileInfo file in files.Where(file => left.Remove(file.Name)))
        {
            found.Add(file.Name, new Found(ClassOf(file), disputed.Contains(file.Name)));
            if (!isSynced)
            {
                journal.MakeDurable(EntryOf(file));
                isSynced = true;
            }
        }
    }

    private static JournalEntry EntryOf(FileInfo file) => new(file.Directory!.Parent!.Name, file.Directory.Name, file.Name);

    private static string ClassOf(FileInfo file)
    {
        using FileStream stream = file.OpenRead();
        return MetaOfFile.Read(stream).SopClassUid;
    }

    /// <param name="IsDisputed">Other content came under its UID.</param>
    private sealed record Found(string SopClassUid, bool IsDisputed);
}
