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
