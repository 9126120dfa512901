namespace Appliance.Core;

/// <summary>How a disk that is full, gone or read-only, and rights that are missing, show themselves.</summary>
/// <remarks>
/// .NET tells of most by <see cref="IOException"/> and what derives from it (ENOSPC, EIO, ENOENT, ...), of missing rights and of a file
/// system that has become read-only by <see cref="UnauthorizedAccessException"/>, which does not (EACCES, EPERM, EROFS). Both are faults
/// of the machine, never defects: whoever touches a file answers for both.
/// </remarks>
public static class DiskFault
{
    public static bool Is(Exception? failure) => failure is IOException or UnauthorizedAccessException;
}
