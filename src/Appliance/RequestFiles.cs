using Appliance.Dicom.Data;

namespace Appliance.Daemon;

/// <summary>A folder of small DICOM files that outlive the process: procedure steps, requests for storage commitment.</summary>
public sealed class RequestFiles
{
    private const string Part = ".part";

    private readonly string folder;
    private readonly int bound;

    /// <param name="bound">The oldest beyond so many are deleted: nobody asks for them any more.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public RequestFiles(string folder, int bound)
    {
        this.folder = folder;
        this.bound = bound;
        Directory.CreateDirectory(folder);
        foreach (string part in Directory.GetFiles(folder, "*" + Part))
        {
            File.Delete(part);
        }
    }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<string> Keys =>
    [
        .. new DirectoryInfo(folder).GetFiles("*" + JournalEntry.Extension).OrderBy(file => file.LastWriteTimeUtc)
            .Select(file => Path.GetFileNameWithoutExtension(file.Name)),
    ];

    /// <summary>Null where there is none, or what is there cannot be read.</summary>
    public DicomFile? Find(string key)
    {
        string path = PathOf(key);
        return File.Exists(path) ? DicomFileReader.Read(File.ReadAllBytes(path)).Value : null;
    }

    /// <summary>When this returns it survives a power cut.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public void Put(string key, DicomFile content)
    {
        DurableFile.Put(PathOf(key), Path.Combine(folder, key + Part), file => DicomFileWriter.Write(content, file));
        foreach (string old in Keys.SkipLast(bound))
        {
            Delete(old);
        }
    }

    public void Delete(string key) => File.Delete(PathOf(key));

    private string PathOf(string key) => Path.Combine(folder, key + JournalEntry.Extension);
}
