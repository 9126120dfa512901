namespace Appliance.Daemon;

/// <summary>Other content under a UID that was there: it lies beside the first until somebody decides.</summary>
public sealed partial class Journal
{
    /// <summary>What waits for a decision in a study, in the order of its names.</summary>
    public IReadOnlyList<JournalEntry> ConflictsOf(string study) =>
    [
        .. new DirectoryInfo(FolderOf(study)).EnumerateDirectories()
            .SelectMany(series => series.EnumerateFiles("*" + JournalEntry.Extension)
                .Select(file => new JournalEntry(study, series.Name, file.Name)))
            .Where(entry => entry.IsConflict).OrderBy(entry => entry.Relative, StringComparer.Ordinal),
    ];

    /// <summary>The other content is deleted; the first one stays as it is.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    public void Discard(JournalEntry conflict)
    {
        File.Delete(PathOf(conflict));
        DurableDirectory.Sync(Path.Combine(studies, conflict.Study, conflict.Series));
    }

    /// <summary>The other content takes the place of the first, which is deleted here; every destination is owed the study again.</summary>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public void Accept(JournalEntry conflict)
    {
        // What follows from the new content is owed before it is there: a power cut in between costs a second sending.
        Unsettle(conflict.Study, conflict.Series);
        foreach (string destination in destinations)
        {
            DeliveryLog.Clear(FolderOf(conflict.Study), destination);
        }

        File.Move(PathOf(conflict), PathOf(conflict.First), overwrite: true);
        DurableDirectory.Sync(Path.Combine(studies, conflict.Study, conflict.Series));
    }
}
