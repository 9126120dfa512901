using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Appliance.SystemTests;

/// <summary>The published daemon as its own process, on free ports, with its data below one folder.</summary>
internal sealed class RunningAppliance : IDisposable
{
    public const string AeTitle = "APPLIANCE";

    private readonly string folder;
    private readonly StringBuilder output = new();
    private Process process;

    /// <param name="settings">TOML behind the lines written here: destinations, limits.</param>
    /// <param name="prefix">A program that runs the daemon, such as strace, with its arguments; empty for none.</param>
    /// <param name="root">TOML before the first section.</param>
    public RunningAppliance(
        string folder, string settings = "", string[]? prefix = null, int refuseBelowFreeMib = 64, string root = "")
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        Port = Place.FreePort();
        ScreenPort = Place.FreePort();
        File.WriteAllText(
            SettingsFile,
            $"""
            data_dir = "{DataFolder}"
            runtime_dir = "{folder}"
            apps_dir = "{Path.Combine(Place.Binaries, "apps")}"
            {root}

            [listener]
            ae_title = "{AeTitle}"
            address = "127.0.0.1"
            port = {Port}

            # Tests run beside each other: none of them is about who is given up when time is short.
            [analysis]
            budget_s = 300

            # Nor about a disk that others have filled: studies that were delivered are not removed to make room.
            [disk]
            remove_above_percent = 100
            refuse_below_free_mib = {refuseBelowFreeMib}

            [screen]
            port = {ScreenPort}

            {settings}
            """);
        process = Start(prefix ?? []);
    }

    public int Port { get; }

    /// <summary>Of the page.</summary>
    public int ScreenPort { get; }

    public int ProcessId => process.Id;

    public string Socket => Path.Combine(folder, "appliance.sock");

    public string DataFolder => Path.Combine(folder, "data");

    public string SettingsFile => Path.Combine(folder, "appliance.toml");

    public TimeSpan ReadyAfter { get; private set; }

    public bool IsAlive => !process.HasExited;

    /// <summary>What the daemon has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    public static string Destination(string name, int port, string more = "") => $"""

        [[destination]]
        name = "{name}"
        ae_title = "PACS"
        host = "127.0.0.1"
        port = {port}
        {more}

        """;

    /// <summary>kill -9: nothing is flushed, closed or said goodbye to.</summary>
    public void Kill()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    public void Restart()
    {
        process.Dispose();
        process = Start([]);
    }

    /// <summary>What `appliancectl status --json` prints.</summary>
    public JsonElement Status()
    {
        Command command = Command.Run(Place.Ctl, "status", "--json", "--socket", Socket);
        using JsonDocument document = JsonDocument.Parse(command.Output);
        return document.RootElement.Clone();
    }

    /// <summary>What `appliancectl events` prints.</summary>
    public string Events() => Command.Run(Place.Ctl, "events", "--socket", Socket).Output;

    /// <summary>The key of a study, once one is listed: what was acknowledged is there a moment later.</summary>
    /// <param name="but">Not of this one.</param>
    public string WaitForStudy(string but = "")
    {
        string? key = null;
        Wait.Until(
            () => (key = Status().GetProperty("studies").EnumerateArray()
                .Select(study => study.GetProperty("key").GetString()!).FirstOrDefault(each => each != but)) is not null,
            "a study is listed",
            TimeSpan.FromSeconds(30));
        return key!;
    }

    /// <summary>Waits until every study is delivered to every destination.</summary>
    public JsonElement WaitUntilDelivered(int studies, TimeSpan limit)
    {
        JsonElement status = default;
        Wait.Until(
            () =>
            {
                status = Status();
                JsonElement[] all = [.. status.GetProperty("studies").EnumerateArray()];
                return all.Length >= studies && all.All(IsDelivered);
            },
            "studies delivered",
            limit);
        return status;
    }

    public bool Echo() => Command.Run("echoscu", "-to", "5", "-aec", AeTitle, "127.0.0.1", Port.ToString()).ExitCode == 0;

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private static bool IsDelivered(JsonElement study) =>
        study.GetProperty("state").GetString() is "Sent" or "NotAnalysed" && study.GetProperty("owed").GetInt32() == 0;

    private Process Start(string[] prefix)
    {
        string ready = Path.Combine(folder, "ready");
        File.Delete(ready);
        string[] line = [.. prefix, Place.Daemon, "--settings", SettingsFile, "--ready-file", ready];
        ProcessStartInfo start = new(Place.FindProgram(line[0]) ?? line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Stopwatch watch = Stopwatch.StartNew();
        Process started = Process.Start(start)!;
        started.OutputDataReceived += Collect;
        started.ErrorDataReceived += Collect;
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        Wait.Until(() => File.Exists(ready) || started.HasExited, "the daemon is ready", TimeSpan.FromSeconds(60));
        ReadyAfter = watch.Elapsed;
        if (started.HasExited)
        {
            throw new InvalidOperationException($"the daemon ended with {started.ExitCode}:\n{Output}");
        }

        return started;
    }

    private void Collect(object sender, DataReceivedEventArgs line)
    {
        lock (output)
        {
            output.AppendLine(line.Data);
        }
    }
}
