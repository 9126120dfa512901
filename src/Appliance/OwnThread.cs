using System.Runtime.InteropServices;

namespace Appliance.Daemon;

/// <summary>The thread that calls.</summary>
public static partial class OwnThread
{
    /// <summary>
    /// Stands behind the other threads of the process from now on: Linux gives each a nice value of its own (setpriority(2), "C
    /// library/kernel differences").
    /// </summary>
    /// <param name="nice">How far (nice(2), 0 to 19).</param>
    public static void GiveWay(int nice = Limits.GiveWayNiceCount)
    {
        const int Process = 0, Caller = 0;
        if (OperatingSystem.IsLinux())
        {
            // Where it is not allowed the work is done as well, only sooner.
            _ = SetPriority(Process, Caller, nice);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int nice);
}
