using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>A series as it lay in the journal when the daemon started.</summary>
/// <param name="IsSettled">It is not to be analysed (again).</param>
/// <param name="NotAnalysed">Why a settled series has no results, or null where it has.</param>
/// <param name="IsDrawing">Its documents are there; of its pictures some are still to be drawn.</param>
public sealed record ScannedSeries(string Series, bool IsSettled, Refusal? NotAnalysed, bool IsDrawing = false);

/// <summary>A study as it lay in the journal when the daemon started.</summary>
/// <param name="Objects">All originals and results, in the order in which they came; without what arrived since start.</param>
/// <param name="Conflicts">Objects kept for a human (<see cref="Kept.Conflict"/>).</param>
/// <param name="Series">Its series of originals.</param>
/// <param name="Owed">By destination: what it has not accepted. A destination that is not named is owed nothing of this study.</param>
public sealed record ScannedStudy(
    string Study,
    IReadOnlyList<JournalEntry> Objects,
    int Conflicts,
    IReadOnlyList<ScannedSeries> Series,
    IReadOnlyDictionary<string, IReadOnlyList<OwedObject>> Owed,
    DateTimeOffset LastArrival);

/// <summary>Reads the journal after a start. It goes on while new objects arrive; nothing waits for it.</summary>
public static class JournalScan
{
    /// <summary>The studies that were there at start, one after the other.</summary>
    /// <param name="damaged">Told of a study that cannot be read; the others are not held up by it.</param>
    public static IEnumerable<ScannedStudy> Studies(
        Journal journal, IReadOnlyList<DestinationSettings> destinations, Action<Exception> damaged)
    {
        foreach (string folder in Directory.EnumerateDirectories(journal.Studies))
        {
            ScannedStudy? study = null;
            try
            {
                study = Read(journal, folder, destinations, journal.IsFresh);
            }
            catch (Exception unreadable) when (DiskFault.Is(unreadable))
            {
                damaged(unreadable);
            }

            if (study is not null)
            {
                yield return study;
            }
        }

        journal.ScanEnds();
    }

    /// <summary>One study as it lies there now, or null.</summary>
    public static ScannedStudy? Study(Journal journal, string study, IReadOnlyList<DestinationSettings> destinations) =>
        Directory.Exists(journal.FolderOf(study)) ? Read(journal, journal.FolderOf(study), destinations, _ => false) : null;

    private static ScannedStudy? Read(
        Journal journal, string folder, IReadOnlyList<DestinationSettings> destinations, Func<JournalEntry, bool> isFresh)
    {
        string study = Path.GetFileName(folder);
        List<(JournalEntry Entry, DateTime Arrived)> objects = [];
        List<ScannedSeries> found = [];
        int conflicts = 0;
        foreach (string seriesFolder in Directory.EnumerateDirectories(folder))
        {
            string series = Path.GetFileName(seriesFolder);
            bool hasOriginals = false;
            foreach (FileInfo file in new DirectoryInfo(seriesFolder).EnumerateFiles("*" + JournalEntry.Extension))
            {
                JournalEntry entry = new(study, series, file.Name);
                hasOriginals |= !entry.IsResult;
                if (entry.IsConflict)
                {
                    conflicts++;
                }
                else if (!isFresh(entry))
                {
                    objects.Add((entry, file.LastWriteTimeUtc));
                }
            }

            if (hasOriginals)
            {
                bool isSettled = journal.IsSettled(study, series);
                bool isDrawing = !isSettled && journal.DocumentsOf(study, series) is not null;
                found.Add(new ScannedSeries(
                    series, isSettled || isDrawing, isSettled ? journal.NotAnalysed(study, series) : null, isDrawing));
            }
        }

        // Results of an analysis that did not come to its end are made again; those of earlier versions are what they are.
        foreach (ScannedSeries unsettled in found.Where(series => !series.IsSettled))
        {
            HashSet<string> kept = journal.SupersededNames(study, unsettled.Series);
            objects.RemoveAll(pair =>
                pair.Entry.IsResult && pair.Entry.SourceSeries == unsettled.Series && !kept.Contains(pair.Entry.Name));
        }

        objects.Sort((a, b) => a.Arrived.CompareTo(b.Arrived));
        JournalEntry[] entries = [.. objects.Select(pair => pair.Entry)];
        return objects.Count == 0 && conflicts == 0
            ? null
            : new ScannedStudy(study, entries, conflicts, found, OwedTo(folder, entries, destinations), ArrivalOf(folder, objects));
    }

    private static Dictionary<string, IReadOnlyList<OwedObject>> OwedTo(
        string folder, JournalEntry[] entries, IReadOnlyList<DestinationSettings> destinations)
    {
        Dictionary<string, IReadOnlyList<OwedObject>> owed = [];
        foreach (DestinationSettings destination in destinations.Where(each => DeliveryLog.Exists(folder, each.Name)))
        {
            Dictionary<string, ushort> delivered = DeliveryLog.Read(folder, destination.Name);
            owed.Add(
                destination.Name,
                [.. Owed.To(destination, entries).Where(each => !delivered.ContainsKey(each.Entry.Relative))]);
        }

        return owed;
    }

    private static DateTimeOffset ArrivalOf(string folder, List<(JournalEntry Entry, DateTime Arrived)> objects) =>
        new(objects.Count > 0 ? objects[^1].Arrived : Directory.GetLastWriteTimeUtc(folder));
}
