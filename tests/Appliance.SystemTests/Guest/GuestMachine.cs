using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Xunit;

namespace Appliance.SystemTests.Guest;

/// <summary>
/// A whole machine with the appliance installed on it: Debian's kernel and systemd in QEMU, with the lines and buses of a front panel, a
/// hardware watchdog (Intel 6300ESB) and a power switch. Made by scripts/guest; its disk is thrown away with it.
/// </summary>
/// <remarks>
/// Where the processor is emulated, the guest's clock counts what it executes (-icount): a nanosecond for each instruction, and the time
/// that passes while it has nothing to do. To itself it is a machine of one core that is not fast but never out of breath, whatever else
/// runs here. What is promised in seconds is therefore judged by the guest's clock, to the letter; the clock of this machine only ends
/// what stands still.
/// </remarks>
internal sealed class GuestMachine : IDisposable
{
    /// <summary>How long a guest may take for anything, by the clock of this machine: when this is over, it stands still.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // Not for the processor's sake: what costs an emulated one time, and says nothing about the appliance.
    private const string KernelArguments =
        "console=ttyS0 quiet mitigations=off nokaslr tsc=reliable no_timer_check random.trust_cpu=on audit=0 apparmor=0 "
        + "cryptomgr.notests rcupdate.rcu_expedited=1 systemd.show_status=0 systemd.condition-needs-update=0";

    private static readonly string Folder = Path.Combine(Place.Root, "out", "guest");

    private readonly Process machine;
    private readonly GuestShell shell;
    private readonly string console;
    private int starts;
    private string? stoodStill;

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
                .. Processor, "-M", "q35", "-m", "3072", "-display", "none", "-no-user-config", "-nodefaults",
                "-kernel", Path.Combine(Folder, "vmlinux"), "-initrd", Path.Combine(Folder, "initrd"),
                "-append", KernelArguments, "-serial", $"file:{console}",
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

    /// <summary>Of this machine, behind which the guest's DICOM port is.</summary>
    public int DicomPort { get; }

    public PanelLines Panel { get; }

    /// <summary>Names of QMP's events, e.g. WATCHDOG, RESET.</summary>
    public Channel<string> Events { get; } = Channel.CreateUnbounded<string>();

    public string Console => File.ReadAllText(console);

    /// <summary>The guest's clock: since it started.</summary>
    public TimeSpan Now => TimeSpan.FromSeconds(double.Parse(Do("read -r up _ < /proc/uptime; echo $up"), CultureInfo.InvariantCulture));

    // A hypervisor's stand-in for KVM, which interprets Debian's kernel, slowly, is none.
    private static string[] Processor =>
        File.Exists("/dev/kvm") && File.ReadLines("/proc/cpuinfo").Any(line =>
            line.StartsWith("flags", StringComparison.Ordinal) && line.Split(' ').Any(flag => flag is "vmx" or "svm"))
            ? ["-accel", "kvm", "-cpu", "host", "-smp", "2"]
            : ["-accel", "tcg,thread=single,tb-size=512", "-icount", "shift=0", "-cpu", "max,la57=off", "-smp", "1"];

    public static void Needs()
    {
        Place.Needs("qemu-system-x86_64", "storescu", "storescp", "mke2fs");
        Assert.SkipUnless(File.Exists(Path.Combine(Folder, "stamp")), "the guest is not built: make guest");
    }

    /// <summary>Waits until the machine has started, for the first time or again, and has its shell.</summary>
    public void AwaitStart()
    {
        starts++;
        WhileItMoves(() =>
        {
            shell.AwaitStart(Patience);
            Wait.Until(() => Panel.Runs >= starts, "the lines of the panel are watched", Patience);
            return "";
        });
        while (Events.Reader.TryRead(out _))
        {
            // Of the run before.
        }
    }

    /// <summary>What a command prints, which must succeed.</summary>
    public string Do(string command) => WhileItMoves(() => shell.Do(command, Patience));

    public void AwaitEvent(string name)
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
            name, Patience);
    }

    public void Dispose()
    {
        machine.Kill();
        machine.WaitForExit();
        machine.Dispose();
        shell.Dispose();
        Panel.Dispose();
    }

    /// <summary>A machine that stood still once is not waited for again by every test that follows.</summary>
    private string WhileItMoves(Func<string> step)
    {
        if (stoodStill is not null)
        {
            throw new InvalidOperationException($"the guest stands still since: {stoodStill}");
        }

        try
        {
            return step();
        }
        catch (TimeoutException e)
        {
            stoodStill = e.Message;
            throw new InvalidOperationException($"{e.Message}; its console:\n{string.Join('\n', Console.Split('\n').TakeLast(40))}", e);
        }
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
