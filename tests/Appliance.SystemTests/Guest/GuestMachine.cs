using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Xunit;

namespace Appliance.SystemTests.Guest;

/// <summary>
/// A whole machine with the appliance installed on it: Debian's kernel and systemd in QEMU, with the lines and buses of a front panel, a
/// hardware watchdog (Intel 6300ESB) and a power switch. Made by scripts/guest; its disk is thrown away with it.
/// </summary>
internal sealed class GuestMachine : IDisposable
{
    private static readonly string Folder = Path.Combine(Place.Root, "out", "guest");

    private readonly Process machine;
    private readonly GuestShell shell;
    private readonly string console;

    /// <param name="disk">An image with what scripts/install put down, laid over the guest's own at its first start.</param>
    /// <param name="at">A folder of the test's own.</param>
    public GuestMachine(string disk, string at)
    {
        DicomPort = Place.FreePort();
        console = Path.Combine(at, "console");
        string Wire(string name) => Path.Combine(at, name);
        string[] Port(string name) =>
            ["-chardev", $"socket,id={name},path={Wire(name)},server=on,wait=off", "-device", $"virtserialport,chardev={name},name={name}"];
        machine = Command.Start(
            "qemu-system-x86_64",
            [
                .. Accelerator, "-M", "q35", "-smp", "2", "-m", "3072", "-display", "none", "-no-user-config", "-nodefaults",
                "-kernel", Path.Combine(Folder, "vmlinuz"), "-initrd", Path.Combine(Folder, "initrd"),
                "-append", "console=ttyS0 quiet systemd.show_status=0", "-serial", $"file:{console}",
                "-drive", $"file={Path.Combine(Folder, "root.img")},format=raw,if=virtio,snapshot=on",
                "-drive", $"file={disk},format=raw,if=virtio,snapshot=on",
                "-netdev", $"user,id=net,hostfwd=tcp:127.0.0.1:{DicomPort}-:11112", "-device", "virtio-net-pci,netdev=net",
                "-device", "virtio-serial-pci",
                .. Port("shell"), .. Port("lines"),
                "-device", "i6300esb", "-action", "watchdog=reset", "-qmp", $"unix:{Wire("qmp")},server=on,wait=off",
            ]);
        _ = machine.StandardOutput.ReadToEndAsync();
        Task<string> said = machine.StandardError.ReadToEndAsync();
        try
        {
            Wait.Until(() => machine.HasExited || File.Exists(Wire("qmp")), "QEMU starts", TimeSpan.FromSeconds(30));
            shell = new GuestShell(Connect(Wire("shell")));
            Panel = new PanelLines(Connect(Wire("lines")));
            _ = ReadEventsAsync(Connect(Wire("qmp")));
        }
        catch (Exception e) when (e is TimeoutException or SocketException)
        {
            machine.Kill();
            throw new InvalidOperationException($"QEMU: {said.GetAwaiter().GetResult()}", e);
        }
    }

    /// <summary>Whether this processor runs guests by itself; a hypervisor's stand-in for it interprets Debian's kernel, slowly.</summary>
    public static bool HasKvm { get; } =
        File.Exists("/dev/kvm") && File.ReadLines("/proc/cpuinfo").Any(line =>
            line.StartsWith("flags", StringComparison.Ordinal) && line.Split(' ').Any(flag => flag is "vmx" or "svm"));

    /// <summary>How much longer things may take on a processor that is emulated.</summary>
    public static int Slowness => HasKvm ? 1 : 6;

    /// <summary>Of this machine, behind which the guest's DICOM port is.</summary>
    public int DicomPort { get; }

    public PanelLines Panel { get; }

    /// <summary>Names of QMP's events, e.g. WATCHDOG, RESET.</summary>
    public Channel<string> Events { get; } = Channel.CreateUnbounded<string>();

    public string Console => File.ReadAllText(console);

    private static string[] Accelerator =>
        HasKvm ? ["-accel", "kvm", "-cpu", "host"] : ["-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max"];

    public static void Needs()
    {
        Place.Needs("qemu-system-x86_64", "storescu", "storescp", "mke2fs");
        Assert.SkipUnless(File.Exists(Path.Combine(Folder, "stamp")), "the guest is not built: make guest");
    }

    /// <summary>Waits until the machine has started, for the first time or again, and has its shell.</summary>
    /// <returns>The kernel's name for this run of it.</returns>
    public string AwaitStart() => shell.AwaitStart(TimeSpan.FromSeconds(60 * Slowness));

    /// <summary>What a command prints, which must succeed.</summary>
    public string Do(string command) => shell.Do(command, TimeSpan.FromSeconds(30 * Slowness));

    public void AwaitEvent(string name, TimeSpan limit)
    {
        Wait.Until(
            () =>
            {
                while (Events.Reader.TryRead(out string? happened))
                {
                    if (happened == name)
                    {
                        return true;
                    }
                }

                return false;
            },
            name, limit);
    }

    public void Dispose()
    {
        machine.Kill();
        machine.WaitForExit();
        machine.Dispose();
        shell.Dispose();
        Panel.Dispose();
    }

    private static NetworkStream Connect(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task ReadEventsAsync(NetworkStream qmp)
    {
        await using (qmp)
        {
            await qmp.WriteAsync("{\"execute\":\"qmp_capabilities\"}\n"u8.ToArray());
            using StreamReader reader = new(qmp);
            while (await reader.ReadLineAsync() is string line)
            {
                using JsonDocument said = JsonDocument.Parse(line);
                if (said.RootElement.TryGetProperty("event", out JsonElement name))
                {
                    Events.Writer.TryWrite(name.GetString()!);
                }
            }
        }
    }
}
