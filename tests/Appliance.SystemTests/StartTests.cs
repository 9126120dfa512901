using System.Text.RegularExpressions;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>What is promised of the process itself.</summary>
public sealed class StartTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void It_listens_with_its_model_loaded_within_a_second_and_idles_below_150_MB()
    {
        Place.Needs("echoscu");
        using RunningAppliance appliance = new(scratch["box"]);
        Assert.True(appliance.Echo());
        Wait.Until(
            () => appliance.Status().GetProperty("apps").EnumerateArray().All(app => app.GetProperty("ready").GetBoolean())
                && appliance.Status().GetProperty("device").GetString() is "Ready" or "Degraded",
            "self-test",
            TimeSpan.FromSeconds(60));

        long residentKb = long.Parse(Regex.Match(
            File.ReadAllText($"/proc/{appliance.ProcessId}/status"), @"VmRSS:\s+(\d+) kB").Groups[1].Value);
        TestContext.Current.TestOutputHelper!
            .WriteLine($"ready after {appliance.ReadyAfter.TotalMilliseconds:0} ms, idle {residentKb / 1024} MB");
        Assert.InRange(residentKb, 1, 150 * 1024);
        Assert.InRange(appliance.ReadyAfter, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Settings_with_errors_are_refused_all_at_once_with_line_and_remedy()
    {
        Place.Needs();
        string settings = scratch["bad.toml"];
        File.WriteAllText(settings, "colour = \"green\"\n[listener]\nport = 70000\nae_title = \"A TITLE THAT IS FAR TOO LONG\"\n");

        Command command = Command.Run(Place.Daemon, "--settings", settings);

        string said = command.Output + command.Error;
        Assert.NotEqual(0, command.ExitCode);
        Assert.All(new[] { "colour", "port", "ae_title" }, key => Assert.Contains(key, said, StringComparison.Ordinal));
        Assert.Contains("1", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_taken_is_named_with_the_setting_to_change()
    {
        Place.Needs();
        using RunningAppliance first = new(scratch["box"]);
        string settings = scratch["second.toml"];
        string folder = scratch.Make("second");
        File.WriteAllText(
            settings, $"data_dir = \"{folder}\"\nruntime_dir = \"{folder}\"\n[listener]\naddress = \"127.0.0.1\"\nport = {first.Port}\n");

        Command second = Command.Run(Place.Daemon, "--settings", settings);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"127.0.0.1:{first.Port}", second.Error, StringComparison.Ordinal);
        Assert.Contains("listener.port", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_make_install_puts_down_has_its_app_where_its_settings_look()
    {
        Place.Needs();
        Command install = Command.Run("env", $"DESTDIR={scratch["root"]}", Path.Combine(Place.Root, "scripts", "install"));
        Assert.True(install.ExitCode == 0, install.Error);

        string settings = scratch["root/etc/appliance/appliance.toml"];
        string apps = Regex.Match(File.ReadAllText(settings), @"^apps_dir = ""(.+)""", RegexOptions.Multiline).Groups[1].Value;
        Assert.NotEmpty(Directory.GetFiles(scratch["root" + apps], "manifest.json", SearchOption.AllDirectories));

        string daemon = scratch["root/opt/appliance/appliance"];
        Assert.Equal(0, Command.Run(daemon, "--settings", settings, "--check").ExitCode);
        string unit = File.ReadAllText(scratch["root/etc/systemd/system/appliance.service"]);
        Assert.Contains("ExecStart=/opt/appliance/appliance\n", unit, StringComparison.Ordinal);

        // The touchscreen's units name these.
        string screen = File.ReadAllText(scratch["root/etc/systemd/system/appliance-screen.service"]);
        string policies = Regex.Match(screen, "^BindReadOnlyPaths=(.+):", RegexOptions.Multiline).Groups[1].Value;
        Assert.Single(Directory.GetFiles(scratch["root" + policies], "*.json"));
        string display = File.ReadAllText(scratch["root/etc/systemd/system/appliance-display.service"]);
        Assert.True(File.Exists(scratch["root" + Regex.Match(display, @"--config=(\S+)").Groups[1].Value]));
    }

    [Fact]
    public void On_a_processor_that_is_too_old_it_says_so_in_one_line_and_ends()
    {
        Place.Needs();
        Assert.SkipUnless(Place.FindProgram("qemu-x86_64") is not null, "qemu-x86_64 (Debian qemu-user) is not installed: make setup");

        Command command = Command.Run("qemu-x86_64", "-cpu", "Nehalem-v1", Place.Daemon);

        Assert.Equal(78, command.ExitCode);
        Assert.Single((command.Output + command.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
