using System.Globalization;
using Xunit;

namespace Appliance.SystemTests.Guest;

/// <summary>
/// What a box does to parts that this machine lacks: lamp, strip, display, buzzer and button through the kernel's own drivers, the hardware
/// watchdog, and the power switch. The appliance runs under the units, users and rules that make install puts down.
/// </summary>
public sealed class GuestTests(GuestBox box) : IClassFixture<GuestBox>
{
    private const string Green = GuestBox.Green, Amber = "110", Red = "100", Blue = "001";

    private const string Absent = "/sys/module/panel_wires/parameters/absent";
    private const string DeadFile = "/run/systemd/system/appliance.service.d/dead.conf";

    // All of these by the guest's clock. Promised:
    private static readonly TimeSpan AmberLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DeafLimit = TimeSpan.FromSeconds(1);

    // Not promised; what takes longer does not come.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private GuestMachine Machine => box.Machine;

    private PanelLines Panel => box.Machine.Panel;

    [Fact]
    public void The_panel_shows_on_its_lines_and_buses_what_the_appliance_is_about_and_its_button_is_heard()
    {
        Begin();

        // 1. Ready: lamp, strip and display say the same.
        Panel.AwaitSteady(Green, Machine.Now, Soon);
        Assert.All(Pixels(), pixel => Assert.Equal("00FF00", pixel));
        Assert.Equal(["GREEN", "ready", "", ""], Screen());

        // 2. Receiving: it breathes while a series comes, slice by slice.
        TimeSpan then = Machine.Now;
        (string study, string series) = (SmallObject.NewUid(), SmallObject.NewUid());
        Panel.Await(
            () =>
            {
                box.Send(MakeObject("receiving", study, series).File);
                return Panel.HasTurns(Green, then) && Screen()[1].Contains("receiving", StringComparison.Ordinal);
            },
            "a lamp that breathes", Soon);
        Panel.AwaitSteady(Green, Machine.Now, Soon);

        // 3. The button asks which box this is, and again asks no more.
        then = Machine.Now;
        Press();
        Panel.AwaitTurns(Blue, then, Soon);
        Assert.Equal(["BLUE", "this is the box", "", ""], Screen());
        Press();
        Panel.AwaitSteady(Green, Machine.Now, Soon);

        // 4. A lamp test by command, and by holding the button, which asks nothing else.
        then = Machine.Now;
        Machine.Do("appliancectl lamp test");
        Panel.AwaitColours([Green, Amber, Red, Blue, Green], then, Soon);
        then = Machine.Now;
        Machine.Do("press 4");
        Panel.AwaitColours([Green, Amber, Red, Blue, Green], then, Soon);
        Panel.AwaitSteady(Green, Machine.Now, Soon);
    }

    [Fact]
    public void A_display_that_is_gone_makes_the_box_degraded_and_is_found_again_when_it_is_back()
    {
        Begin();
        Machine.Do($"echo 0x27 > {Absent}");
        Panel.AwaitSteady(Amber, Machine.Now, Soon);
        Assert.Contains("display: ", Machine.Do("appliancectl alarms list || true"), StringComparison.Ordinal);
        Assert.Contains("Degraded", Machine.Do("appliancectl status || true"), StringComparison.Ordinal);
        box.Send(MakeObject("degraded").File);

        Machine.Do($"echo 0 > {Absent}");
        Panel.AwaitSteady(Green, Machine.Now, Soon);
        Assert.Equal(["GREEN", "ready", "", ""], Screen());
    }

    [Fact]
    public void A_full_disk_is_red_and_beeps_until_the_button_silences_it()
    {
        Begin();

        // 1. Red, and three beeps, which the first press would have silenced: it asks nothing else.
        TimeSpan then = Machine.Now;
        FillDisk();
        TimeSpan red = Panel.AwaitSteady(Red, then, Soon);
        Assert.Equal(3, Panel.Beeps(red - TimeSpan.FromSeconds(1)));
        Press();
        Panel.AwaitSteady(Red, Machine.Now, Soon);
        TimeSpan silent = Machine.Now;

        // 2. The second press asks which box this is.
        then = Machine.Now;
        Press();
        Panel.AwaitTurns(Blue, then, Soon);
        Assert.Equal(0, Panel.Beeps(silent));
        Press();
        Panel.AwaitSteady(Red, Machine.Now, Soon);

        // 3. Space again.
        Machine.Do("rm /fill");
        Panel.AwaitSteady(Green, Machine.Now, Soon);
    }

    [Fact]
    public void The_lamp_is_amber_by_itself_within_three_seconds_when_the_daemon_is_stopped_or_killed()
    {
        Begin();
        LeaveDead();

        // 1. It stands still, and goes on.
        AwaitNoAnswer("STOP");
        Signal("CONT");
        box.AwaitReady();

        // 2. It is dead, and is started again.
        AwaitNoAnswer("KILL");
        Machine.Do("systemctl start appliance");
        box.AwaitReady();
    }

    [Fact]
    public void A_daemon_that_is_killed_is_started_by_systemd_and_listens_again_within_a_second()
    {
        Begin();
        string port = 11112.ToString("X4", CultureInfo.InvariantCulture);
        string up = Machine.Do(
            $"listens() {{ [[ $(< /proc/net/tcp) == *:{port}\\ 00000000:0000\\ 0A* ]]; }}; pause() {{ read -r -t 0.01 -u 9; }};"
            + $"exec 9<> <(:); {ToSignal("KILL")}; while listens; do pause; done; until listens; do pause; done;"
            + "read -r up _ < /proc/uptime; echo $up");
        TimeSpan deaf = Seconds(up.Split('\n')[1]) - Seconds(up.Split('\n')[0]);
        Say($"listens again {deaf.TotalMilliseconds:F0} ms after SIGKILL");
        Assert.InRange(deaf, TimeSpan.Zero, DeafLimit);
        box.AwaitReady();
    }

    [Fact]
    public void The_unit_lets_reception_go_before_what_computes()
    {
        Begin();
        string stats = Machine.Do("cat /proc/$(systemctl show -p MainPID --value appliance)/task/*/stat");
        ILookup<string, int> nice = ThreadStat.NiceOf(stats.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal([-10], nice["appliance"]);
        Assert.Equal([-10], nice[".NET Sockets"]);
        Assert.Equal([10], nice["painter"]);
        Assert.All(nice["network"], each => Assert.Equal(5, each));
        Assert.NotEmpty(nice["network"]);
    }

    [Fact]
    public void A_reboot_by_command_starts_the_machine_again_and_loses_nothing_that_was_acknowledged()
    {
        Begin();
        (string File, string Uid)[] sent = [.. Enumerable.Range(0, 20).Select(i => MakeObject($"reboot{i}"))];
        box.Send([.. sent.Select(each => each.File)]);

        Say($"appliancectl: {Machine.Do("appliancectl reboot --now")}");
        Machine.AwaitEvent("RESET");
        Machine.AwaitStart();
        box.AwaitReady();
        Say($"ready {Machine.Now.TotalSeconds:F1} s after that start");

        using StoreScp pacs = new(box["pacs"], box.DestinationPort);
        Machine.Do("appliancectl dest resume pacs");
        Panel.Await(
            () => sent.All(each => pacs.Files.Any(file => file.EndsWith(each.Uid, StringComparison.Ordinal))),
            "everything that was acknowledged arrives", Soon);
        Machine.Do("appliancectl dest pause pacs");
    }

    [Fact]
    public void The_hardware_watchdog_lets_an_orderly_stop_be_and_resets_the_machine_when_the_daemon_hangs()
    {
        Begin();
        const string State = "cat /sys/class/watchdog/watchdog0/state";
        Assert.Equal("active", Machine.Do(State));
        Assert.Equal("30", Machine.Do("cat /sys/class/watchdog/watchdog0/timeout"));

        // 1. Magic close.
        LeaveDead();
        Machine.Do("systemctl stop appliance");
        Assert.Equal("inactive", Machine.Do(State));
        Machine.Do("systemctl start appliance");
        Assert.Equal("active", Machine.Do(State));

        // 2. Nobody feeds it: the daemon stands still, and nobody starts it again. Fed once a second, it ends at most so much earlier.
        box.AwaitReady();
        TimeSpan stopped = Signal("STOP");
        Machine.AwaitEvent("WATCHDOG");
        Machine.AwaitStart();
        TimeSpan fed = Panel.EndOfRunBefore - stopped;
        Say($"reset by the watchdog {fed.TotalSeconds:F1} s after SIGSTOP");
        Assert.InRange(fed, TimeSpan.FromSeconds(28), TimeSpan.FromSeconds(31));
        box.AwaitReady();
        Say($"ready {Machine.Now.TotalSeconds:F1} s after that start");
    }

    private static void Say(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

    private static string ToSignal(string name) =>
        $"pid=$(systemctl show -P MainPID appliance); read -r up _ < /proc/uptime; kill -{name} $pid; echo $up";

    /// <summary>A machine that is up and whole, with an appliance that is ready, however the test before ended.</summary>
    private void Begin()
    {
        GuestMachine.Needs();
        Machine.Do(
            $"[ ! -e {DeadFile} ] || {{ rm {DeadFile}; systemctl daemon-reload; }}; rm -f /fill; echo 0 > {Absent};"
            + "systemctl start appliance");
        box.AwaitReady();
    }

    /// <summary>To the daemon.</summary>
    /// <returns>When, to ten milliseconds.</returns>
    private TimeSpan Signal(string name) => Seconds(Machine.Do(ToSignal(name)));

    /// <summary>A signal after which the panel says by itself that the appliance does not answer.</summary>
    private void AwaitNoAnswer(string signal)
    {
        TimeSpan then = Signal(signal);
        TimeSpan amber = Panel.AwaitSteady(Amber, then, Soon);
        Say($"amber {(amber - then).TotalMilliseconds:F0} ms after SIG{signal}");
        Assert.InRange(amber - then, TimeSpan.Zero, AmberLimit);
        string[] screen = Screen();
        Assert.Equal("AMBER", screen[0]);
        Assert.Equal("the appliance does not answer", string.Join(' ', screen[1..]).Trim());
    }

    private void Press() => Machine.Do("press 0.3");

    /// <summary>A daemon that is dead or stands still stays so: systemd neither starts nor ends it.</summary>
    private void LeaveDead() => Machine.Do(
        $"mkdir -p $(dirname {DeadFile}) && printf '[Service]\\nRestart=no\\nWatchdogSec=0\\n' > {DeadFile} && systemctl daemon-reload");

    private void FillDisk() =>
        Machine.Do("fallocate -l $(( $(df --output=avail -k / | tail -1) - 40000 ))K /fill");

    private string[] Pixels() => PanelWires.Pixels(Wire("spi"));

    private string[] Screen() => PanelWires.Screen(Wire("i2c-27"));

    private byte[] Wire(string name) => Convert.FromBase64String(Machine.Do($"base64 -w0 /sys/kernel/debug/panel-wires/{name}"));

    private (string File, string Uid) MakeObject(string name, string? study = null, string? series = null)
    {
        string uid = SmallObject.NewUid();
        string file = box[$"{name}-{uid}.dcm"];
        SmallObject.WriteFile(file, SmallObject.Make(study ?? SmallObject.NewUid(), series ?? SmallObject.NewUid(), uid), uid);
        return (file, uid);
    }
}
