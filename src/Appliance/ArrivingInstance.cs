using System.Diagnostics;
using Appliance.Dicom.Data;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Daemon;

/// <summary>One object while it arrives: a file in the incoming folder that disappears unless it is committed.</summary>
/// <remarks>
/// The file is a DICOM file (PS3.10 7) from its first byte: preamble, file meta information, then the data set as received.
/// </remarks>
public sealed class ArrivingInstance : IDisposable
{
    private readonly SafeFileHandle file;
    private long length;
    private bool committed;

    /// <exception cref="IOException">The disk is full or failed.</exception>
    public ArrivingInstance(string path, string sopClassUid, string sopInstanceUid, TransferSyntax syntax, string sourceAeTitle)
    {
        FilePath = path;
        SopClassUid = sopClassUid;
        SopInstanceUid = sopInstanceUid;
        Syntax = syntax;
        file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            DataSet meta = FileMeta.Create(sopClassUid, sopInstanceUid, syntax, sourceAeTitle);
            Append(DicomFileWriter.Head(meta));
            DataSetOffset = length;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string FilePath { get; }

    public string SopClassUid { get; }

    public string SopInstanceUid { get; }

    public TransferSyntax Syntax { get; }

    /// <summary>Where the data set begins in the file, in bytes.</summary>
    public long DataSetOffset { get; }

    public long Length => length;

    /// <summary>Adds bytes of the data set as they were received.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(file, bytes, length);
        length += bytes.Length;
    }

    /// <summary>Returns when the bytes are on the disk.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public void Sync() => RandomAccess.FlushToDisk(file);

    /// <summary>Reads back from an offset in the data set.</summary>
    /// <returns>How many bytes were read; fewer than asked for only at the end.</returns>
    public int Read(byte[] into, long offset)
    {
        int read = 0;
        int count;
        do
        {
            count = RandomAccess.Read(file, into.AsSpan(read), DataSetOffset + offset + read);
            read += count;
        }
        while (count > 0 && read < into.Length);
        return read;
    }

    /// <summary>The whole data set, read back.</summary>
    public byte[] ReadDataSet()
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)(length - DataSetOffset)));
        return Read(bytes, 0) == bytes.Length
            ? bytes
            : throw new IOException("a file of the journal is shorter than what was written to it");
    }

    /// <summary>The file has its place in the journal and stays.</summary>
    public void Keep()
    {
        Debug.Assert(!committed, "an object is committed once");
        committed = true;
    }

    public void Dispose()
    {
        file.Dispose();
        if (!committed)
        {
            File.Delete(FilePath);
        }
    }
}
