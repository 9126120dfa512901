using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Appliance.Imaging;

/// <summary>
/// Microsoft's packages of ONNX Runtime (1.29 and later) tell their maker of each session and model, over HTTPS, and keep a database of it
/// in the user's home. A box beside a scanner tells nobody anything.
/// </summary>
internal static partial class NoTelemetry
{
    /// <summary>Before the library is loaded, which looks then. With setenv: what .NET sets stays in .NET.</summary>
    [ModuleInitializer]
    [SuppressMessage(
        "Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries",
        Justification = "Whoever uses ONNX Runtime uses it through this assembly: the daemon, its tests, the bench.")]
    public static void Forbid()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnvironment("ORT_DISABLE_TELEMETRY", "1", 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
