using System.Diagnostics;
using Xunit;

namespace Appliance.SystemTests.Guest;

/// <summary>
/// What a box does to parts that this machine lacks: lamp, strip, display, buzzer and button through the kernel's own drivers, the hardware
/// watchdog, and the power switch. The appliance runs under the units, users and rules that make install puts down.
/// </summary>
public sealed class GuestTests(GuestBox box) : IClassFixture<GuestBox>
{
    private const string Green = "010", Amber = "110", Red = "100", Blue = "001";

    // Three seconds are promised; a processor that is emulated gets more, and the figure is printed.
    private static readonly TimeSpan AmberLimit = TimeSpan.FromSeconds(3 * (GuestMachine.HasKvm ? 1 : 4));
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20 * GuestMachine.Slowness);

    private GuestMachine Machine => box.Machine;

    private PanelLines Panel => box.Machine.Panel;

    [Fact]
    public void The_panel_shows_on_its_lines_and_buses_what_the_appliance_is_about_and_its_button_is_heard()
    {
        Begin();

        // 1. Ready: lamp, strip and display say the same.
        Panel.AwaitSteady(Green, Panel.Now, Soon);
        Assert.All(Pixels(), pixel => Assert.Equal("00FF00", pixel));
        Assert.Equal(["GREEN", "ready", "", ""], Screen());

        // 2. Receiving: it breathes while a series comes, slice by slice.
        TimeSpan then = Panel.Now;
        (string study, string series) = (SmallObject.NewUid(), SmallObject.NewUid());
        Wait.Until(
            () =>
            {
                box.Send(MakeObject("receiving", study, series).File);
                return Panel.HasTurns(Green, then) && Screen()[1].Contains("receiving", StringComparison.Ordinal);
            },
            "a lamp that breathes", Soon);
        Panel.AwaitSteady(Green, Panel.Now, Soon);

        // 3. The button asks which box this is, and again asks no more.
        then = Panel.Now;
        Press();
        Panel.AwaitTurns(Blue, then, Soon);
        Assert.Equal(["BLUE", "this is the box", "", ""], Screen());
        Press();
        Panel.AwaitSteady(Green, Panel.Now, Soon);

        // 4. A lamp test by command, and by holding the button, which asks nothing else.
        then = Panel.Now;
        Machine.Do("appliancectl lamp test");
        AwaitColours(then, Green, Amber, Red, Blue, Green);
        then = Panel.Now;
        Machine.Do("press 4");
        AwaitColours(then, Green, Amber, Red, Blue, Green);
        Panel.AwaitSteady(Green, Panel.Now, Soon);
    }

    [Fact]
    public void A_display_that_is_gone_makes_the_box_degraded_and_is_found_again_when_it_is_back()
    {
        Begin();
        Machine.Do("echo N > /sys/module/panel_wires/parameters/present");
        Machine.Do("appliancectl lamp test");
        Panel.AwaitSteady(Amber, Panel.Now, Soon);
        Assert.Contains("display: ", Machine.Do("appliancectl alarms list || true"), StringComparison.Ordinal);
        Assert.Contains("Degraded", Machine.Do("appliancectl status || true"), StringComparison.Ordinal);
        box.Send(MakeObject("degraded").File);

        Machine.Do("echo Y > /sys/module/panel_wires/parameters/present");
        Panel.AwaitSteady(Green, Panel.Now, Soon + TimeSpan.FromSeconds(30));
        Assert.Equal(["GREEN", "ready", "", ""], Screen());
    }

    [Fact]
    public void A_full_disk_is_red_and_beeps_until_the_button_silences_it()
    {
        Begin();

        // 1. Red, and three beeps, which the first press would have silenced: it asks nothing else.
        TimeSpan then = Panel.Now;
        FillDisk();
        TimeSpan red = Panel.AwaitSteady(Red, then, Soon);
        Assert.InRange(Panel.Beeps(red - TimeSpan.FromSeconds(1)), GuestMachine.HasKvm ? 3 : 1, 3);
        Press();
        Panel.AwaitSteady(Red, Panel.Now, Soon);
        TimeSpan silent = Panel.Now;

        // 2. The second press asks which box this is.
        then = Panel.Now;
        Press();
        Panel.AwaitTurns(Blue, then, Soon);
        Assert.Equal(0, Panel.Beeps(silent));
        Press();
        Panel.AwaitSteady(Red, Panel.Now, Soon);

        // 3. Space again.
        Machine.Do("rm /fill");
        Panel.AwaitSteady(Green, Panel.Now, Soon);
    }

    [Fact]
    public void The_lamp_is_amber_by_itself_when_the_daemon_is_killed_or_stopped()
    {
        Begin();
        LeaveDead();
        Machine.Do("systemctl restart appliance");
        foreach (string signal in (string[])["KILL", "STOP"])
        {
            box.AwaitReady();
            Panel.AwaitSteady(Green, Panel.Now, Soon);
            TimeSpan then = Panel.Now;
            Machine.Do($"systemctl kill -s {signal} appliance");
            TimeSpan amber = Panel.AwaitSteady(Amber, then, Soon);
            Say($"amber {(amber - then).TotalMilliseconds:F0} ms after SIG{signal}");
            Assert.InRange(amber - then, TimeSpan.Zero, AmberLimit);
            Assert.StartsWith("AMBER", Screen()[0], StringComparison.Ordinal);
            Assert.Equal("the appliance does not answer", string.Join(' ', Screen()[1..]).Trim());
            Machine.Do("systemctl kill -s KILL appliance || true; systemctl reset-failed appliance || true; systemctl start appliance");
        }

        Machine.Do("rm /run/systemd/system/appliance.service.d/dead.conf && systemctl daemon-reload && systemctl restart appliance");
        box.AwaitReady();
    }

    [Fact]
    public void A_reboot_by_command_starts_the_machine_again_and_loses_nothing_that_was_acknowledged()
    {
        Begin();
        (string File, string Uid)[] sent = [.. Enumerable.Range(0, 20).Select(i => MakeObject($"reboot{i}"))];
        Array.ForEach(sent, each => box.Send(each.File));

        Stopwatch watch = Stopwatch.StartNew();
        string said = Machine.Do("appliancectl reboot --now");
        Say($"appliancectl: {said}");
        Machine.AwaitEvent("RESET", TimeSpan.FromSeconds(60 * GuestMachine.Slowness));
        Say($"reset {watch.ElapsedMilliseconds} ms after the command");
        Machine.AwaitStart();
        box.AwaitReady();
        Say($"ready again {watch.ElapsedMilliseconds} ms after the command");

        using StoreScp pacs = new(box["pacs"], box.DestinationPort);
        Machine.Do("appliancectl dest resume pacs");
        Wait.Until(
            () => sent.All(each => pacs.Files.Any(file => file.EndsWith(each.Uid, StringComparison.Ordinal))),
            "everything that was acknowledged arrives", TimeSpan.FromSeconds(60 * GuestMachine.Slowness));
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

        // 2. Nobody feeds it: the daemon stands still, and nobody starts it again.
        box.AwaitReady();
        Stopwatch watch = Stopwatch.StartNew();
        Machine.Do("systemctl kill -s STOP appliance");
        Machine.AwaitEvent("WATCHDOG", TimeSpan.FromSeconds(30 + (15 * GuestMachine.Slowness)));
        Say($"reset by the watchdog {watch.Elapsed.TotalSeconds:F1} s after SIGSTOP");
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(30 + (5 * GuestMachine.Slowness)));
        Machine.AwaitStart();
        box.AwaitReady();
        Say($"ready again {watch.Elapsed.TotalSeconds:F1} s after SIGSTOP");
    }

    private static void Say(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);

    /// <summary>A machine that is up, with an appliance that is ready.</summary>
    private void Begin()
    {
        GuestMachine.Needs();
        box.AwaitReady();
    }

    private void Press() => Machine.Do("press 0.3");

    /// <summary>A daemon that is dead or stands still stays so: systemd neither starts nor ends it.</summary>
    private void LeaveDead() => Machine.Do(
        "mkdir -p /run/systemd/system/appliance.service.d && cd /run/systemd/system/appliance.service.d"
        + " && printf '[Service]\\nRestart=no\\nWatchdogSec=0\\n' > dead.conf && systemctl daemon-reload");

    private void FillDisk() =>
        Machine.Do("fallocate -l $(( $(df --output=avail -k / | tail -1) - 40000 ))K /fill");

    private void AwaitColours(TimeSpan then, params string[] expected) => Wait.Until(
        () =>
        {
            int next = 0;
            foreach (string colour in Panel.Colours(then))
            {
                next += next < expected.Length && colour == expected[next] ? 1 : 0;
            }

            return next == expected.Length;
        },
        string.Join(", ", expected), Soon);

    private string[] Pixels() => PanelWires.Pixels(Wire("spi"));

    private string[] Screen() => PanelWires.Screen(Wire("i2c"));

    private byte[] Wire(string name) => Convert.FromBase64String(Machine.Do($"base64 -w0 /sys/kernel/debug/panel-wires/{name}"));

    private (string File, string Uid) MakeObject(string name, string? study = null, string? series = null)
    {
        string uid = SmallObject.NewUid();
        string file = box[$"{name}-{uid}.dcm"];
        SmallObject.WriteFile(file, SmallObject.Make(study ?? SmallObject.NewUid(), series ?? SmallObject.NewUid(), uid), uid);
        return (file, uid);
    }
}
