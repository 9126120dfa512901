using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Daemon;

/// <summary>Makes the names in a directory survive a power cut: fsync(2) of a file does not cover the directory that names it.</summary>
public static partial class DurableDirectory
{
    private const int ReadOnly = 0;
    private const int Directory = 0x10000;
    private const int CloseOnExec = 0x80000;

    /// <summary>Returns when every name that is in the directory now is on the disk.</summary>
    /// <exception cref="IOException">The directory is gone or the disk failed: nothing may be acknowledged.</exception>
    public static void Sync(string path)
    {
        using SafeFileHandle handle = Open(path);
        if (SyncDescriptor(handle) != 0)
        {
            throw new IOException($"fsync of {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Returns when everything written to the file system of that directory is on the disk: one call for many files.</summary>
    /// <exception cref="IOException">The directory is gone or the disk failed.</exception>
    public static void SyncFileSystem(string path)
    {
        using SafeFileHandle handle = Open(path);
        if (SyncFileSystemOf(handle) != 0)
        {
            throw new IOException($"syncfs of {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private static SafeFileHandle Open(string path)
    {
        int descriptor = OpenPath(path, ReadOnly | Directory | CloseOnExec);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException($"open of {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenPath(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncDescriptor(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileSystemOf(SafeFileHandle handle);
}
