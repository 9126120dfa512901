using System.Runtime.InteropServices;
using Appliance.Core;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Daemon.Supervision;

/// <summary>/dev/watchdog: a machine that is not told again in time is reset (Documentation/watchdog/watchdog-api.rst).</summary>
/// <remarks>A process that dies leaves it running: whoever starts next has <see cref="Limits.WatchdogDeviceS"/> to feed it.</remarks>
public sealed partial class HardwareWatchdog : IDisposable
{
    // _IOWR('W', 6, int)
    private const uint SetTimeout = 0xC0045706;

    private static readonly byte[] Food = [0];

    // "Magic close": told that the end is wanted, the driver stops its clock.
    private static readonly byte[] GoodBye = [(byte)'V'];

    private readonly FileStream device;

    private HardwareWatchdog(FileStream device)
    {
        this.device = device;
    }

    /// <param name="path">A device, or whatever else takes bytes.</param>
    public static Outcome<HardwareWatchdog> Open(string path)
    {
        try
        {
            FileStream device = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            int seconds = Limits.WatchdogDeviceS;

            // A driver with a fixed time says no, and keeps its own.
            _ = Control(device.SafeFileHandle, SetTimeout, ref seconds);
            return new HardwareWatchdog(device);
        }
        catch (Exception cannot) when (DiskFault.Is(cannot))
        {
            return new Refusal(RefusalReason.NotReachable, $"{path} cannot be opened: {cannot.Message}");
        }
    }

    /// <summary>Another period.</summary>
    /// <returns>False where the device does not take it.</returns>
    public bool Feed() => Write(Food);

    /// <summary>The end is wanted.</summary>
    public void Dispose()
    {
        Write(GoodBye);
        device.Dispose();
    }

    private bool Write(byte[] what)
    {
        try
        {
            device.Write(what);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle device, nuint request, ref int seconds);
}
