using Appliance.Core;
using Appliance.Dicom.Data;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Daemon;

/// <summary>Reads objects back from the journal. One caller at a time.</summary>
public sealed class JournalReader(Journal journal)
{
    private byte[] buffer = [];

    public Outcome<DicomFile> Read(JournalEntry entry) => Parse(File.ReadAllBytes(journal.PathOf(entry)));

    /// <summary>Reads into memory that the next one is read into: nothing of it may be kept.</summary>
    public Outcome<DicomFile> ReadOver(JournalEntry entry)
    {
        using SafeFileHandle file = File.OpenHandle(journal.PathOf(entry));
        int length = checked((int)RandomAccess.GetLength(file));
        buffer = buffer.Length < length ? GC.AllocateUninitializedArray<byte>(length) : buffer;
        int read = 0, part;
        while (read < length && (part = RandomAccess.Read(file, buffer.AsSpan(read, length - read), read)) > 0)
        {
            read += part;
        }

        return Parse(buffer.AsMemory(0, read));
    }

    /// <summary>Gives the memory back that objects are read into.</summary>
    public void Forget() => buffer = [];

    private static Outcome<DicomFile> Parse(ReadOnlyMemory<byte> bytes)
    {
        Parsed<DicomFile> file = DicomFileReader.Read(bytes);
        return file.Failed ? new Refusal(RefusalReason.Malformed, file.Malformed.ToString()) : file.Value;
    }
}
