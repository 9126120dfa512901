using System.Net;
using System.Net.NetworkInformation;
using Appliance.Core;
using Appliance.Imaging.Launch;
using Appliance.Imaging.Launch.Known;

namespace Appliance.Daemon;

/// <summary>The checks at start and of <c>appliancectl test</c> (POST). Each ends as a value; reception waits for none of them.</summary>
/// <param name="gpu">Why there is no GPU that works, where one is wanted and there; null otherwise.</param>
/// <param name="panel">Why the panel stays dark, or null.</param>
public sealed class SelfTest(
    Settings settings, Journal journal, Func<Status> status, Func<Refusal?> gpu, Func<Refusal?> panel, Action<Happening> tell,
    TimeProvider time)
{
    /// <summary>Whether what the check finds is an alarm already: of the disk, of an app, of a destination.</summary>
    public static bool HasAlarmOfItsOwn(string check) => check is "disk" or "models" or "destinations";

    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken stop)
    {
        Task<CheckResult> destinations = DestinationsAsync(stop);
        return
        [
            Disk(), Memory(), Clock(), Network(), Gpu(), Kernels(stop), Models(), await destinations.ConfigureAwait(false), Panel(),
        ];
    }

    /// <summary>Written, synced and deleted; and the space that is left.</summary>
    private CheckResult Disk()
    {
        try
        {
            journal.TryWriting();
        }
        catch (Exception failure) when (DiskFault.Is(failure))
        {
            return new("disk", CheckVerdict.Fault, $"{settings.DataDirectory} cannot be written: {Text.Of(failure)}",
                "Look at the disk (dmesg, smartctl); mount it writable. Objects are taken again by themselves.");
        }

        long free = new DriveInfo(settings.DataDirectory).AvailableFreeSpace;
        return free < settings.Disk.RefuseBelowFreeBytes
            ? new("disk", CheckVerdict.Fault, $"{free >> 20} MiB free, objects are refused", "Bring destinations back, or add space.")
            : new("disk", CheckVerdict.Pass, $"writable, {free >> 30} GiB free");
    }

    /// <summary>What the kernel would give without swapping (proc(5), MemAvailable).</summary>
    private static CheckResult Memory()
    {
        string? line = File.Exists("/proc/meminfo")
            ? File.ReadLines("/proc/meminfo").FirstOrDefault(each => each.StartsWith("MemAvailable:", StringComparison.Ordinal))
            : null;
        if (line is null || !long.TryParse(line.AsSpan(13).TrimEnd("kB ").Trim(), out long kib))
        {
            return new("memory", CheckVerdict.Pass, "the kernel does not say how much is available");
        }

        return kib >> 10 < Limits.MemoryLeastMib
            ? new("memory", CheckVerdict.Degraded, $"{kib >> 10} MiB available, {Limits.MemoryLeastMib} are needed for a large series",
                "Stop what else runs on this machine, or add memory.")
            : new("memory", CheckVerdict.Pass, $"{kib >> 10} MiB available");
    }

    /// <summary>Objects are dated by this clock. It is wrong for certain when it is before the program was built.</summary>
    private CheckResult Clock()
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset built = File.GetLastWriteTimeUtc(Environment.ProcessPath ?? AppContext.BaseDirectory);
        return now < built - TimeSpan.FromDays(1)
            ? new("clock", CheckVerdict.Degraded, $"{now:yyyy-MM-dd HH:mm} UTC is before this program was installed ({built:yyyy-MM-dd})",
                "Set the clock (timedatectl set-time), and name a time server: /etc/systemd/timesyncd.conf.")
            : Kept($"{now:yyyy-MM-dd HH:mm} UTC");
    }

    /// <summary>A clock that somebody keeps and that is not kept drifts unseen; one that nobody keeps is somebody's decision.</summary>
    private static CheckResult Kept(string time) => KernelClock.Read() switch
    {
        (true, double errorMs) => new("clock", CheckVerdict.Pass, $"{time}, synchronised within {errorMs:F0} ms"),
        (false, _) when KernelClock.HasKeeper() => new(
            "clock", CheckVerdict.Degraded, $"{time}, and the time service does not synchronise it",
            "timedatectl timesync-status (or chronyc tracking) says why; name a time server that this network reaches."),
        _ => new("clock", CheckVerdict.Pass, $"{time}, runs free: no time service"),
    };

    private CheckResult Network()
    {
        if (IPAddress.TryParse(settings.Listener.Address, out IPAddress? address) && IPAddress.IsLoopback(address))
        {
            return new("network", CheckVerdict.Pass, "only this machine is served");
        }

        string[] up =
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(each => each.NetworkInterfaceType != NetworkInterfaceType.Loopback && each.OperationalStatus == OperationalStatus.Up)
                .Select(each => each.Name),
        ];
        return up.Length == 0
            ? new("network", CheckVerdict.Degraded, "no interface is up", "Look at cable and switch; ip link shows what the kernel sees.")
            : new("network", CheckVerdict.Pass, $"{string.Join(", ", up)} up");
    }

    private CheckResult Gpu() => gpu() is Refusal trouble
        ? new("gpu", CheckVerdict.Degraded, trouble.Text,
            "nvidia-smi shows the driver's view; reinstall driver and CUDA libraries. The CPU computes meanwhile.")
        : new("gpu", CheckVerdict.Pass, $"{status().Compute.Device} computes: {status().Compute.Reason}");

    /// <summary>Every image kernel over inputs whose answer is known, on all cores and each GPU in use, against one core alone.</summary>
    private static CheckResult Kernels(CancellationToken stop)
    {
        using CpuLauncher one = new(threads: 1);
        Launcher[] machines = [Compute.Shared.Cpu, .. Compute.Shared.Gpus];
        string[] wrong =
        [
            .. machines.Select(machine => KnownAnswer.Test(machine, one, stop) is Refusal bad ? $"{machine.Name}: {bad.Text}" : null)
                .OfType<string>(),
        ];
        return wrong.Length > 0
            ? new("kernels", CheckVerdict.Degraded, string.Join("; ", wrong),
                "Its results cannot be trusted: analysis.device = \"cpu\" where a GPU is named, else replace the machine.")
            : new("kernels", CheckVerdict.Pass,
                $"{KnownAnswers.All.Count} kernels right on {string.Join(", ", machines.Select(machine => machine.Name))}");
    }

    /// <summary>Each app ran its golden slice when it was loaded; <c>app verify</c> does so again.</summary>
    private CheckResult Models()
    {
        IReadOnlyList<AppStatus> apps = status().Apps;
        string[] broken = [.. apps.Where(app => !app.Ready).Select(app => $"{app.Name}: {app.Trouble}")];
        return apps.Count == 0
            ? new("models", CheckVerdict.Degraded, "no app: studies are forwarded, not analysed", "Install an app into apps_dir.")
            : broken.Length > 0
                ? new("models", CheckVerdict.Degraded, string.Join("; ", broken), "Install the app again.")
                : new("models", CheckVerdict.Pass, $"{string.Join(", ", apps.Select(app => app.Name))}: golden slice right");
    }

    private async Task<CheckResult> DestinationsAsync(CancellationToken stop)
    {
        DestinationStatus[] paused = [.. status().Destinations.Where(each => each.Paused)];
        DestinationSettings[] asked = [.. settings.Destinations.Where(each => !paused.Any(other => other.Name == each.Name))];
        Refusal?[] answers = await Task.WhenAll(asked.Select(each => AskAsync(each, stop))).ConfigureAwait(false);
        string[] silent =
        [
            .. asked.Zip(answers).Where(pair => pair.Second is not null).Select(pair => $"{pair.First.Name} {pair.Second!.Text}"),
        ];
        return silent.Length > 0
            ? new("destinations", CheckVerdict.Degraded, string.Join("; ", silent),
                "Look at the destination, its address, port and AE titles; appliancectl dest echo NAME asks again.")
            : new("destinations", CheckVerdict.Pass, $"{asked.Length} answer, {paused.Length} paused");
    }

    private async Task<Refusal?> AskAsync(DestinationSettings destination, CancellationToken stop)
    {
        DestinationSeen seen = await Echo.AskAsync(destination, time, stop).ConfigureAwait(false);
        tell(seen);
        return seen.Down;
    }

    private CheckResult Panel() => panel() is Refusal dark
        ? new("panel", CheckVerdict.Degraded, dark.Text, "Look at the panel's cable and at board_file; the rest works without it.")
        : new("panel", CheckVerdict.Pass, "the lamp takes what it is told");
}
