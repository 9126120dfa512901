using System.Text.Json;

namespace Appliance.SystemTests.Guest;

/// <summary>The appliance on the guest, as make install puts it there, with panel, watchdog, and a destination on this machine.</summary>
public sealed class GuestBox : IDisposable
{
    internal const string Green = "010";

    // A self-test on such a processor, with everything else that starts beside it.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    // What hangs on the guest's buses (tests/guest/panel-wires.c) beside what hardware/panel-box has.
    private static readonly string[] Parts = ["\"strip\": { \"bus\": 0, \"select\": 0, \"pixels\": 8 }"];

    private readonly Scratch scratch = new();
    private readonly Lazy<GuestMachine> machine;

    public GuestBox()
    {
        machine = new Lazy<GuestMachine>(Start);
    }

    /// <summary>Of the destination, where nobody listens until a test does.</summary>
    internal int DestinationPort { get; } = Place.FreePort();

    internal string this[string name] => scratch[name];

    /// <summary>The machine, running; started with the first test that needs it.</summary>
    internal GuestMachine Machine => machine.Value;

    public void Dispose()
    {
        if (machine.IsValueCreated)
        {
            machine.Value.Dispose();
        }

        scratch.Dispose();
    }

    /// <summary>Until the appliance says so of itself: to its panel, and then to whoever asks, which costs the guest more.</summary>
    internal void AwaitReady()
    {
        string said = "";
        try
        {
            Machine.Panel.Await(
                () =>
                {
                    Machine.Panel.AwaitSteady(Green, Machine.Now, StartLimit);
                    return Is(said = Machine.Do("appliancectl status --json || true"), "Ready");
                },
                "ready", StartLimit);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{said}\n{Machine.Do("journalctl -b --no-pager | tail -60")}", e);
        }
    }

    internal void Send(params string[] files) =>
        Command.Check("storescu", ["-aec", RunningAppliance.AeTitle, "127.0.0.1", $"{Machine.DicomPort}", .. files]);

    private static bool Is(string json, string state)
    {
        int begin = json.IndexOf('{', StringComparison.Ordinal);
        if (begin < 0)
        {
            return false;
        }

        using JsonDocument status = JsonDocument.Parse(json[begin..]);
        return status.RootElement.GetProperty("device").GetString() == state;
    }

    private GuestMachine Start()
    {
        string root = scratch["root"];
        Command.Check("env", $"DESTDIR={root}", Path.Combine(Place.Root, "scripts", "install"));

        // The guest has no GPU: 280 MB less to copy.
        foreach (string provider in Directory.GetFiles(Path.Combine(root, "opt", "appliance"), "libonnxruntime_providers_*"))
        {
            File.Delete(provider);
        }

        string settings = Path.Combine(root, "etc", "appliance");
        string board = File.ReadAllText(Path.Combine(Place.Root, "hardware", "panel-box", "board.json"));
        File.WriteAllText(
            Path.Combine(settings, "board.json"),
            board.Replace("\"chip\"", string.Join(", ", [.. Parts, "\"chip\""]), StringComparison.Ordinal));
        File.WriteAllText(
            Path.Combine(settings, "appliance.toml"),
            $"""
            board_file = "/etc/appliance/board.json"
            watchdog_device = "/dev/watchdog"

            [listener]
            ae_title = "{RunningAppliance.AeTitle}"

            [disk]
            refuse_below_free_mib = 64

            [[destination]]
            name = "pacs"
            ae_title = "PACS"
            host = "10.0.2.2"
            port = {DestinationPort}
            paused = true

            """);
        string disk = scratch["product.img"];
        Command.Check("mke2fs", "-q", "-t", "ext4", "-d", root, disk, "400M");
        GuestMachine started = new(disk, scratch.Folder);
        try
        {
            started.AwaitStart();
            return started;
        }
        catch (InvalidOperationException)
        {
            started.Dispose();
            throw;
        }
    }
}
