using System.Diagnostics;
using System.Threading.Channels;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>The panel is a process of its own: it says by itself that nobody tells it anything.</summary>
public sealed class PanelTests : IDisposable
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(3);

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_panel_whose_parts_are_missing_makes_the_box_degraded_and_keeps_it_from_nothing()
    {
        Place.Needs("echoscu");
        Assert.SkipWhen(File.Exists("/dev/gpiochip0"), "this machine has lines: what hangs on them is not known");
        string board = Path.Combine(Place.Root, "hardware", "panel-box", "board.json");
        using RunningAppliance appliance = new(scratch["box"], root: $"board_file = \"{board}\"");
        using Process panel = Command.Start(Place.Daemon, "--settings", appliance.SettingsFile, "--drive-panel");
        _ = panel.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = panel.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            string alarms = "";
            Wait.Until(
                () => (alarms = Command.Run(Place.Ctl, "alarms", "list", "--socket", appliance.Socket).Output)
                    .Contains("panel: ", StringComparison.Ordinal) && alarms.Contains("lamp: ", StringComparison.Ordinal),
                "what is missing is told", TimeSpan.FromSeconds(20));
            TestContext.Current.TestOutputHelper!.WriteLine(alarms);
            Assert.Contains("display: ", alarms, StringComparison.Ordinal);
            Wait.Until(
                () => appliance.Status().GetProperty("device").GetString() == "Degraded", "it is degraded", TimeSpan.FromSeconds(20));
            Assert.False(panel.HasExited);
            Assert.True(appliance.Echo());
        }
        finally
        {
            panel.Kill();
            panel.WaitForExit();
        }
    }

    [Fact]
    public async Task The_lamp_is_amber_within_three_seconds_of_a_daemon_that_was_killed_or_stopped_and_follows_again_after()
    {
        Place.Needs("kill");
        using RunningAppliance appliance = new(scratch["box"]);
        using Process panel = Command.Start(Place.Daemon, "--settings", appliance.SettingsFile, "--drive-panel");
        Channel<string> lines = Channel.CreateUnbounded<string>();
        panel.OutputDataReceived += (_, line) => lines.Writer.TryWrite(line.Data ?? "");
        panel.BeginOutputReadLine();
        try
        {
            await Seen("green");

            appliance.Kill();
            await AmberInTime("kill -9");

            appliance.Restart();
            await Seen("green");

            Command.Check("kill", "-STOP", $"{appliance.ProcessId}");
            await AmberInTime("SIGSTOP");

            Command.Check("kill", "-CONT", $"{appliance.ProcessId}");
            await Seen("green");
        }
        finally
        {
            panel.Kill();
            panel.WaitForExit();
        }

        async Task AmberInTime(string what)
        {
            Stopwatch watch = Stopwatch.StartNew();
            await Seen("does not answer");
            TestContext.Current.TestOutputHelper!.WriteLine($"amber {watch.ElapsedMilliseconds} ms after {what}");
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, Promised);
        }

        async Task Seen(string part)
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(60));
            while (!(await lines.Reader.ReadAsync(limit.Token)).Contains(part, StringComparison.Ordinal))
            {
                // Another line of the lamp.
            }
        }
    }
}
