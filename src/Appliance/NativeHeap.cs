using System.Runtime.InteropServices;

namespace Appliance.Daemon;

/// <summary>The heap of native code: ONNX Runtime, Skia, OpenSSL.</summary>
internal static partial class NativeHeap
{
    /// <summary>
    /// What was freed and malloc keeps for later goes back to the system (malloc_trim(3)): ONNX Runtime alone frees 10 MB when it has
    /// loaded a model.
    /// </summary>
    public static void Trim()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = MallocTrim(0);
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MallocTrim(nuint kept);
}
