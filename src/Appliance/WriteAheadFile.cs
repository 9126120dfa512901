using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Daemon;

/// <summary>A new file that the disk begins to write while it is still growing, so that its sync has little left to wait for.</summary>
/// <remarks>sync_file_range(2) only starts that; what is on the disk is known from <see cref="Sync"/> alone.</remarks>
internal sealed partial class WriteAheadFile(string path) : Stream
{
    private const int RangeWrite = 2;
    private readonly SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);
    private long length;
    private long begun;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    /// <exception cref="IOException">The disk is full or failed.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RandomAccess.Write(file, buffer, length);
        length += buffer.Length;
        if (length - begun >= Limits.WriteAheadBytes)
        {
            // Where the file system cannot do it, the sync does all.
            _ = SyncRange(file, begun, length - begun, RangeWrite);
            begun = length;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Returns when all of it is on the disk.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public void Sync() => RandomAccess.FlushToDisk(file);

    /// <summary>Nothing is held back here.</summary>
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncRange(SafeFileHandle file, long offset, long count, uint flags);
}
