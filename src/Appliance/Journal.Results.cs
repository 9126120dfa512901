using System.Text.Json;
using System.Text.Json.Serialization;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>Results of a series, on the disk but without names: nobody owes or finds them until they are placed.</summary>
public sealed class PreparedResults : IDisposable
{
    private readonly List<(string Part, JournalEntry Entry)> files = [];

    internal IReadOnlyList<(string Part, JournalEntry Entry)> Files => files;

    /// <summary>Takes them back, unless they were placed.</summary>
    public void Dispose() => files.ForEach(file => File.Delete(file.Part));

    internal void Add(string part, JournalEntry entry) => files.Add((part, entry));
}

/// <summary>What is known of a series whose documents are placed and whose pictures are still to be drawn.</summary>
/// <param name="Documents">File names in the folder of results.</param>
public sealed record Documented(IReadOnlyList<string> Documents, PictureNotes Notes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Documented))]
internal sealed partial class DocumentedJson : JsonSerializerContext;

/// <summary>Results, in two steps.</summary>
/// <remarks>
/// Documents first: all are on the disk before the mark that names them, and only with the mark are they owed; a power cut before it
/// leaves nothing and the analysis runs again. Pictures follow, in groups that are on the disk before they have their names; what a power
/// cut left undrawn is drawn after it, from the segmentation, under the names that were written down. Then the series is settled.
/// </remarks>
public sealed partial class Journal
{
    /// <summary>The mark in the folder of results.</summary>
    internal const string DocumentedName = "analysed";

    /// <summary>Writes documents and mark to the disk, without their names.</summary>
    /// <exception cref="IOException">The disk is full or failed; nothing of them is left.</exception>
    public PreparedResults Prepare(string study, string series, IReadOnlyList<Result> documents, PictureNotes notes)
    {
        string folder = JournalEntry.ResultsPrefix + series;
        lock (gate)
        {
            Open(new JournalEntry(study, folder, ""));
        }

        return Filled(prepared =>
        {
            foreach (Result document in documents)
            {
                prepared.Add(NextPart(), EntryOf(study, series, document, notes.App));
            }

            // Each file is synced by itself, all at the same time: the file system then writes its own journal once.
            Documented mark = new([.. prepared.Files.Select(file => file.Entry.Name)], notes);
            prepared.Add(NextPart(), new JournalEntry(study, folder, DocumentedName));
            Parallel.Invoke(
            [
                .. documents.Select((document, i) => (Action)(() => DurableFile.WriteLongPart(
                    prepared.Files[i].Part, file => DicomFileWriter.Write(document.File, file)))),
                () => DurableFile.WritePart(
                    prepared.Files[^1].Part, file => JsonSerializer.Serialize(file, mark, DocumentedJson.Default.Documented)),
                () => MakeDurable(new JournalEntry(study, folder, "")),
            ]);
        });
    }

    /// <summary>Writes pictures to the disk one at a time, without their names.</summary>
    /// <exception cref="IOException">The disk is full or failed; nothing of them is left.</exception>
    /// <param name="app">The app whose results they are, or empty.</param>
    public PreparedResults Prepare(string study, string series, string app, IEnumerable<Result> pictures) => Filled(prepared =>
    {
        foreach (Result picture in pictures)
        {
            prepared.Add(NextPart(), EntryOf(study, series, picture, app));
            using FileStream file = new(prepared.Files[^1].Part, FileMode.CreateNew);
            DicomFileWriter.Write(picture.File, file);
        }

        // One sync for all: one for each of hundreds would keep the disk from those who wait for an answer.
        DurableDirectory.SyncFileSystem(incoming);
    });

    /// <summary>Gives prepared results their names, which are on the disk when this returns: from now on they are owed.</summary>
    /// <returns>Where they lie; marks are left out.</returns>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public IReadOnlyList<JournalEntry> Place(PreparedResults prepared)
    {
        JournalEntry[] objects = [.. prepared.Files.Select(file => file.Entry).Where(entry => entry.Name != DocumentedName)];
        if (prepared.Files.Count == 0)
        {
            return objects;
        }

        lock (gate)
        {
            Open(prepared.Files[0].Entry);
            foreach ((string part, JournalEntry entry) in prepared.Files)
            {
                File.Move(part, PathOf(entry), overwrite: true);
            }

            Array.ForEach(objects, NotePlaced);
        }

        MakeDurable(prepared.Files[0].Entry);
        return objects;
    }

    /// <summary>Where the picture of a slice lies, or will.</summary>
    public static JournalEntry PictureEntry(string study, string series, PictureNotes notes, int slice) =>
        DrawnEntry(study, series, notes, new Drawing(ResultKind.Picture, slice));

    /// <summary>Where what is drawn lies, or will.</summary>
    public static JournalEntry DrawnEntry(string study, string series, PictureNotes notes, Drawing drawing) =>
        JournalEntry.Result(study, series, notes.UidOf(drawing), drawing.Kind, notes.App);

    /// <summary>How many pictures of a series there are.</summary>
    public int PicturesOf(string study, string series)
    {
        DirectoryInfo folder = new(ResultsFolderOf(study, series));
        return folder.EnumerateFiles("*" + JournalEntry.Extension)
            .Count(file => new JournalEntry(study, folder.Name, file.Name).Kind?.IsPicture() == true);
    }

    /// <summary>The documents of a series whose pictures are not all drawn; null where there are none, or some are missing.</summary>
    public Documented? DocumentsOf(string study, string series)
    {
        // One of another version of ours: the analysis is done again and makes the same objects.
        string folder = ResultsFolderOf(study, series);
        string path = Path.Combine(folder, DocumentedName);
        return File.Exists(path) && ReadMark(path) is Documented mark
            && mark.Documents.All(name => File.Exists(Path.Combine(folder, name))) ? mark : null;
    }

    /// <summary>Null where another version of ours wrote it.</summary>
    private static Documented? ReadMark(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DocumentedJson.Default.Documented);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A slice came after the series was analysed: it has to be analysed again.</summary>
    public void Unsettle(string study, string series)
    {
        File.Delete(Path.Combine(studies, study, series, SettledName));
        string results = ResultsFolderOf(study, series);
        if (Directory.Exists(results))
        {
            Supersede(results);
        }
    }

    /// <summary>Deletes what an analysis made that did not come to its end: it is made again. Earlier versions stay.</summary>
    public void DiscardResults(string study, string series)
    {
        string folder = ResultsFolderOf(study, series);
        HashSet<string> kept = SupersededNames(study, series);
        if (kept.Count > 0)
        {
            foreach (string path in Directory.GetFiles(folder, "*" + JournalEntry.Extension))
            {
                if (!kept.Contains(Path.GetFileName(path)))
                {
                    File.Delete(path);
                }
            }
        }
        else if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
            lock (gate)
            {
                durable.Remove(folder);
            }
        }
    }

    /// <summary>Where filling them fails, nothing of them is left.</summary>
    private static PreparedResults Filled(Action<PreparedResults> fill)
    {
        PreparedResults prepared = new();
        try
        {
            fill(prepared);
            return prepared;
        }
        catch (AggregateException failure) when (DiskFault.Is(failure.InnerException))
        {
            prepared.Dispose();
            throw new IOException(failure.InnerException!.Message, failure.InnerException);
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    private static JournalEntry EntryOf(string study, string series, Result result, string app) =>
        JournalEntry.Result(study, series, result.File.SopInstanceUid ?? "", result.Kind, app);
}
