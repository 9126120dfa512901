using System.Text;
using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Daemon;

/// <summary>What became of an object that arrived.</summary>
public enum Kept
{
    /// <summary>Its first copy.</summary>
    New,

    /// <summary>The same bytes under the same UID were there already: nothing more to do.</summary>
    Duplicate,

    /// <summary>Other bytes under the same UID: kept beside the first for a human to decide, neither analysed nor forwarded.</summary>
    Conflict,
}

/// <summary>Every acknowledged object, on disk, until all destinations have it and the space is needed. It is also the outbox.</summary>
/// <remarks>
/// Layout below the data folder:
/// <code>
/// incoming/N.part                      arriving, removed at start
/// journal/STUDY/SERIES/SOP.dcm         an original, complete and synced; names are hashes of UIDs
/// journal/STUDY/SERIES/SOP.conflict-N.dcm
/// journal/STUDY/results-SERIES/SOP-KIND-APP.dcm  what we made of that series
/// journal/STUDY/results-SERIES/analysed  the documents of the analysis, which are owed, and the notes for its pictures
/// journal/STUDY/SERIES/settled         analysed or refused, nothing more to be made: not to be analysed again
/// journal/STUDY/SERIES/attempts        one byte for each begun analysis that has not come to an end
/// journal/STUDY/sent-DESTINATION.log   what that destination has; a file not named there is still owed to it
/// removing/STUDY-N                     no longer needed, being deleted
/// </code>
/// A file has its final name only when its content is on the disk, and is acknowledged only when that name is on the disk too.
/// There is no second book that could disagree: what is owed is what lies here and is not in the log.
/// </remarks>
public sealed partial class Journal
{
    private const string SettledName = "settled";
    private const string AttemptsName = "attempts";
    private const string AnalysedText = "analysed";

    private readonly string incoming;
    private readonly string studies;
    private readonly string removing;
    private readonly IReadOnlyList<string> destinations;
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> changesOfStudy = [];
    private readonly HashSet<string> durable = [];
    private HashSet<JournalEntry>? placedSinceStart = [];
    private long nextPart;

    /// <summary>Opens or makes the journal; what was half-written when the power went is removed.</summary>
    /// <exception cref="IOException">The data folder cannot be used.</exception>
    public Journal(string dataFolder, IReadOnlyList<string> destinations)
    {
        this.destinations = destinations;
        incoming = Path.Combine(dataFolder, "incoming");
        studies = Path.Combine(dataFolder, "journal");
        removing = Path.Combine(dataFolder, "removing");
        Directory.CreateDirectory(studies);
        Directory.CreateDirectory(removing);
        if (Directory.Exists(incoming))
        {
            Directory.Delete(incoming, recursive: true);
        }

        Directory.CreateDirectory(incoming);
        DurableDirectory.Sync(dataFolder);
        durable.Add(studies);
    }

    /// <summary>The folder of all studies.</summary>
    public string Studies => studies;

    public string FolderOf(string study) => Path.Combine(studies, study);

    /// <summary>Where the results of a series lie, or will.</summary>
    public string ResultsFolderOf(string study, string series) => Path.Combine(studies, study, JournalEntry.ResultsPrefix + series);

    public string PathOf(JournalEntry entry) => Path.Combine(studies, entry.Study, entry.Series, entry.Name);

    /// <summary>Opens a file for an object that begins to arrive.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public ArrivingInstance Begin(string sopClassUid, string sopInstanceUid, TransferSyntax syntax, string sourceAeTitle)
    {
        return new ArrivingInstance(NextPart(), sopClassUid, sopInstanceUid, syntax, sourceAeTitle);
    }

    /// <summary>Gives an object its place. When this returns it survives a power cut and may be acknowledged.</summary>
    /// <returns>What became of it, and where it (or its first copy) lies.</returns>
    /// <exception cref="IOException">The disk is full or failed: nothing may be acknowledged.</exception>
    public (Kept Kept, JournalEntry Entry) Commit(ArrivingInstance arriving, JournalEntry place)
    {
        arriving.Sync();
        for (int number = 0; ; number++)
        {
            JournalEntry entry = number == 0 ? place : place.Conflict(number);
            if (Claim(arriving, entry))
            {
                MakeDurable(entry);
                return (number == 0 ? Kept.New : Kept.Conflict, entry);
            }

            // The first copy may have its name but not yet its durability: its own association is just about to sync it.
            if (SameInstance.Is(PathOf(entry), arriving.FilePath))
            {
                MakeDurable(entry);
                return (Kept.Duplicate, entry);
            }
        }
    }

    /// <summary>Notes that a series needs no (further) analysis.</summary>
    /// <param name="notAnalysed">Why it has no results, or null where it has.</param>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public void Settle(string study, string series, Refusal? notAnalysed)
    {
        string text = notAnalysed is null ? AnalysedText : $"{notAnalysed.Reason} {notAnalysed.Text}";
        string folder = Path.Combine(studies, study, series);
        string part = NextPart();
        DurableFile.WritePart(part, file => file.Write(Encoding.UTF8.GetBytes(text + "\n")));
        File.Move(part, Path.Combine(folder, SettledName), overwrite: true);
        File.Delete(Path.Combine(folder, AttemptsName));
        DurableDirectory.Sync(folder);
    }

    /// <summary>Notes that an analysis of the series begins. A settled series has no attempts.</summary>
    /// <returns>How often one has begun, this time included, since the series was last settled.</returns>
    public long CountAttempt(string study, string series)
    {
        using FileStream file = new(Path.Combine(studies, study, series, AttemptsName), FileMode.Append);
        file.WriteByte((byte)'x');
        return file.Length;
    }

    /// <summary>The originals of a series that are analysed and forwarded, in no order.</summary>
    public IReadOnlyList<JournalEntry> OriginalsOf(string study, string series) =>
    [
        .. new DirectoryInfo(Path.Combine(studies, study, series)).EnumerateFiles("*" + JournalEntry.Extension)
            .Select(file => new JournalEntry(study, series, file.Name))
            .Where(entry => !entry.IsConflict),
    ];

    public bool IsSettled(string study, string series) => File.Exists(Path.Combine(studies, study, series, SettledName));

    /// <summary>Why a settled series has no results, or null where it has.</summary>
    public Refusal? NotAnalysed(string study, string series)
    {
        string text = File.ReadAllText(Path.Combine(studies, study, series, SettledName)).TrimEnd('\n');
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return text == AnalysedText ? null
            : space > 0 && Enum.TryParse(text[..space], out RefusalReason reason) ? new Refusal(reason, text[(space + 1)..])
            : new Refusal(RefusalReason.AnalysisFailed, text);
    }

    /// <summary>How often something was added to the study since start; a decision to remove it is made against this number.</summary>
    public int ChangesOf(string study)
    {
        lock (gate)
        {
            return changesOfStudy.GetValueOrDefault(study);
        }
    }

    /// <summary>Takes the study out of the journal unless something was added since the caller looked.</summary>
    /// <returns>False where it has changed or is not there.</returns>
    public bool Remove(string study, int changes)
    {
        string folder = FolderOf(study);
        string target = Path.Combine(removing, $"{study}-{Interlocked.Increment(ref nextPart)}");
        lock (gate)
        {
            if (changesOfStudy.GetValueOrDefault(study) != changes || !Directory.Exists(folder))
            {
                return false;
            }

            Directory.Move(folder, target);
            changesOfStudy.Remove(study);
            durable.RemoveWhere(path => path.StartsWith(folder, StringComparison.Ordinal));
        }

        Directory.Delete(target, recursive: true);
        return true;
    }

    /// <summary>Writes, syncs and deletes a byte.</summary>
    /// <exception cref="IOException">The data folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for a file system that has become read-only.</exception>
    public void TryWriting()
    {
        using FileStream file = new(NextPart(), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        file.WriteByte(0);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Whether the object was placed since start, so that its intake has told everyone and the scan need not.</summary>
    public bool IsFresh(JournalEntry entry)
    {
        lock (gate)
        {
            return placedSinceStart?.Contains(entry) ?? true;
        }
    }

    /// <summary>The scan is over: nobody asks any more which objects are fresh.</summary>
    public void ScanEnds()
    {
        lock (gate)
        {
            placedSinceStart = null;
        }
    }

    /// <summary>Deletes what a removal left behind when the power went.</summary>
    public void FinishRemovals()
    {
        foreach (string folder in Directory.GetDirectories(removing))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string NextPart() => Path.Combine(incoming, $"{Interlocked.Increment(ref nextPart)}.part");

    private bool Claim(ArrivingInstance arriving, JournalEntry entry)
    {
        lock (gate)
        {
            Open(entry);
            string path = PathOf(entry);
            if (File.Exists(path))
            {
                return false;
            }

            File.Move(arriving.FilePath, path);
            arriving.Keep();
            NotePlaced(entry);
            return true;
        }
    }

    private void NotePlaced(JournalEntry entry)
    {
        changesOfStudy[entry.Study]++;
        placedSinceStart?.Add(entry);
    }

    /// <summary>Makes the folders, and with the study the logs that say to whom it is owed. Under the gate.</summary>
    private void Open(JournalEntry entry)
    {
        if (!changesOfStudy.ContainsKey(entry.Study))
        {
            Directory.CreateDirectory(FolderOf(entry.Study));
            foreach (string destination in destinations)
            {
                DeliveryLog.Create(FolderOf(entry.Study), destination);
            }

            // Last: where the disk was full for a log, the next object tries again.
            changesOfStudy[entry.Study] = 0;
        }

        Directory.CreateDirectory(Path.Combine(studies, entry.Study, entry.Series));
    }

    /// <summary>Syncs the folder of the file, and above it each folder whose own name is not known to be on the disk.</summary>
    public void MakeDurable(JournalEntry entry)
    {
        string study = FolderOf(entry.Study);
        string series = Path.Combine(study, entry.Series);
        DurableDirectory.Sync(series);
        if (!IsDurable(series))
        {
            DurableDirectory.Sync(study);
            NoteDurable(series);
        }

        if (!IsDurable(study))
        {
            DurableDirectory.Sync(studies);
            NoteDurable(study);
        }
    }

    private bool IsDurable(string folder)
    {
        lock (gate)
        {
            return durable.Contains(folder);
        }
    }

    private void NoteDurable(string folder)
    {
        lock (gate)
        {
            durable.Add(folder);
        }
    }
}
