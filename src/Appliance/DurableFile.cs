namespace Appliance.Daemon;

/// <summary>Small files that are whole or not there, and that survive a power cut.</summary>
public static class DurableFile
{
    /// <summary>Writes a file, or another content for it: when this returns it is on the disk, under its name.</summary>
    /// <param name="part">Where it lies until it is whole, on the same file system; nobody looks for a file of that name.</param>
    /// <exception cref="IOException">The disk is full or failed: what was there before is there still.</exception>
    public static void Put(string path, string part, Action<Stream> content)
    {
        WritePart(part, content);
        File.Move(part, path, overwrite: true);
        DurableDirectory.Sync(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Only the content is on the disk when this returns; who names many files at once syncs their folder once.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public static void WritePart(string part, Action<Stream> content)
    {
        using FileStream file = new(part, FileMode.Create);
        content(file);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The same for a content of many MB, which comes in large pieces: the disk begins with it while it is written.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public static void WriteLongPart(string part, Action<Stream> content)
    {
        using WriteAheadFile file = new(part);
        content(file);
        file.Sync();
    }
}
