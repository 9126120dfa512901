using System.Runtime.InteropServices;

namespace Appliance.Daemon;

/// <summary>What the kernel knows of its clock (adjtimex(2)): whether somebody keeps it, and how far off it may be.</summary>
public static partial class KernelClock
{
    private const int Unsynchronised = 0x40;

    // struct timex of 64-bit Linux: modes, offset, freq, maxerror, esterror, status, ...; 208 bytes in all.
    private const int TimexBytes = 208;
    private const int MaxErrorAt = 24;
    private const int StatusAt = 40;

    /// <summary>Whoever keeps time on Debian: systemd-timesyncd, chrony, ntpsec.</summary>
    private static readonly string[] Keepers = ["/run/systemd/timesync", "/run/chrony", "/run/ntpsec", "/run/ntpd.pid"];

    /// <summary>Null where the kernel does not say.</summary>
    public static (bool IsSynchronised, double MaxErrorMs)? Read()
    {
        byte[] timex = new byte[TimexBytes];
        return AdjustTime(timex) < 0
            ? null
            : ((BitConverter.ToInt32(timex, StatusAt) & Unsynchronised) == 0, BitConverter.ToInt64(timex, MaxErrorAt) / 1000.0);
    }

    /// <summary>Somebody is there to keep it.</summary>
    public static bool HasKeeper() => Keepers.Any(Path.Exists);

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int AdjustTime(byte[] timex);
}
