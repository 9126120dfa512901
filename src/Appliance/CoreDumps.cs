using System.Runtime.InteropServices;

namespace Appliance.Daemon;

/// <summary>A core dump holds the images and names of patients: it is not made unless the settings ask for it.</summary>
public static partial class CoreDumps
{
    private const int ResourceCore = 4;
    private const int SetDumpable = 4;

    /// <summary>The limit alone does not bind a program that the kernel pipes cores to (core(5)); the mark does.</summary>
    public static void Forbid()
    {
        Limit none = default;
        _ = SetLimit(ResourceCore, none);
        _ = Control(SetDumpable, 0, 0, 0, 0);
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int option, nuint value, nuint third, nuint fourth, nuint fifth);

    // struct rlimit of 64-bit Linux: soft, hard.
    private readonly record struct Limit(ulong Soft, ulong Hard);
}
