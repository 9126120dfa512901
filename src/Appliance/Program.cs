using System.Runtime.InteropServices;
using Appliance.Board;
using Appliance.Core;
using Appliance.Daemon;
using Appliance.Daemon.Screen;
using Appliance.Daemon.Supervision;
using Appliance.Daemon.Upkeep;
using Microsoft.Extensions.Hosting.Systemd;

// 1. What is asked for. (A processor that is too old has been refused already: src/processor.c.)
DateTimeOffset processStart = System.Diagnostics.Process.GetCurrentProcess().StartTime;
if (Arguments.Parse(args) is not Arguments arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return ExitCodes.Usage;
}

// 2. The settings: all errors at once, each with its line and remedy. Some may be on trial.
SettingsTrial trial = new(arguments.SettingsPath);
string? tried = arguments.Check || arguments.DrivesPanel ? null : trial.Begin();
string toml = File.Exists(arguments.SettingsPath) ? File.ReadAllText(arguments.SettingsPath) : "";
if (toml.Length == 0 && arguments.IsSettingsGiven)
{
    Console.Error.WriteLine($"{arguments.SettingsPath} cannot be read or is empty. Name another file or leave --settings out.");
    return ExitCodes.Settings;
}

(Settings? settings, IReadOnlyList<SettingsError> errors) = Settings.Read(toml);
if (settings is null)
{
    foreach (SettingsError error in errors)
    {
        Console.Error.WriteLine($"{arguments.SettingsPath}: {error}");
    }

    return ExitCodes.Settings;
}

if (arguments.Check)
{
    Console.WriteLine($"{arguments.SettingsPath}: no errors, {settings.Destinations.Count} destinations");
    return ExitCodes.Success;
}

if (arguments.DrivesPanel)
{
    return DrivePanel(settings);
}

// What computes stands back from here by itself (ThreadOrder): its threads say so.
OwnThread.Stand(ThreadOrder.Reception);

// 3. The black box: to journald with its priorities, to anybody else with the time.
if (!settings.CoreDumps)
{
    CoreDumps.Forbid();
}

using EventSink sink = new(Console.Error, Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null);
EventLog events = new(TimeProvider.System, sink.Write);
string version = Arguments.Version;
events.Write(DeviceEvent.Started, version);
if (tried is not null)
{
    events.Write(DeviceEvent.SettingsTried, tried);
}

events.Write(DeviceEvent.SettingsRead, toml.Length == 0 ? "defaults" : arguments.SettingsPath, $"{settings.Destinations.Count}");

// 4. The lamp. A panel of LEDs is driven by a process of its own, which this one feeds.
Outcome<BoardFile> board = BoardFile.Load(settings.BoardFile);
if (board.Refused)
{
    events.Write(DeviceEvent.CheckFailed, "board", board.Refusal.Text);
}

// What hangs and cannot be replaced is the end of the process: nothing else is sure to work any more, not even an orderly stop.
SystemdNotifier systemd = new();
using HardwareWatchdog? watchdog = OpenWatchdog(settings.WatchdogDevice);
using CancellationTokenSource supervised = new();
Supervisor supervisor = new(TimeProvider.System, new Breath().WaitedMs, Breath.Of, End, Feed);

TextWriter? terminal = arguments.DrawsPanel || !Console.IsOutputRedirected ? Console.Out : null;

using PanelLease panel = new(
    settings.PanelSocketPath, new SimulatedBoard(terminal), isNeeded: board.Value is { Kind: not BoardKind.Simulated },
    TimeProvider.System);

// 5. The appliance itself: it listens when this returns.
TaskCompletionSource<string> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Ask(signal, "SIGTERM"));
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Ask(signal, "SIGINT"));
try
{
    await using Box box = new(
        settings, panel, events, version, TimeProvider.System, processStart, supervisor, trial, by => asked.TrySetResult(by),
        status => panel.Renew(Plate.Of(status, TimeProvider.System.LocalTimeZone)));

    supervisor.Start(supervised.Token);

    // 6. The socket where status and events are asked for.
    await using StatusServer status = await StatusServer.StartAsync(
        settings.SocketPath, () => box.Status, () => box.Latency, events, box.AskAsync);

    // 7. The page of the touchscreen.
    await using PageServer? page = await PageServer.StartAsync(
        settings.Screen, new ShownBox(() => box.Status, () => box.Latency, box.AskAsync, box.StudiesFolder), events, supervisor,
        TimeProvider.System);

    // 8. Ready: told to systemd, to a waiting script, to a human.
    string ready = $"ready: listening on {box.ListensOn} in {box.ReadyAfter.TotalMilliseconds:F0} ms";
    systemd.Notify(ServiceState.Ready);
    arguments.WriteReadyFile(ready);
    Console.WriteLine(ready);
    if (page is not null)
    {
        Console.WriteLine($"page: {page.Address}");
    }

    // 9. Until somebody asks to stop.
    events.Write(DeviceEvent.StopRequested, await asked.Task);
    await supervised.CancelAsync();
    systemd.Notify(ServiceState.Stopping);
}
catch (System.Net.Sockets.SocketException cannot)
{
    Console.Error.WriteLine(
        $"The appliance cannot start: it cannot listen on {settings.Listener.Address}:{settings.Listener.Port} ({cannot.Message}). "
        + "End the program that does, or set listener.port or listener.address.");
    return ExitCodes.CannotStart;
}
catch (Exception cannot) when (DiskFault.Is(cannot))
{
    Console.Error.WriteLine(
        $"The appliance cannot start: {cannot.Message} "
        + $"It needs to write to data_dir ({settings.DataDirectory}) and runtime_dir ({settings.RuntimeDirectory}).");
    return ExitCodes.CannotStart;
}

events.Write(DeviceEvent.Stopped, $"{TimeProvider.System.GetUtcNow() - processStart:d\\.hh\\:mm\\:ss}");
return ExitCodes.Success;

void Ask(PosixSignalContext signal, string by)
{
    signal.Cancel = true;
    asked.TrySetResult(by);
}

void End(Work work)
{
    events.Write(DeviceEvent.PartStuck, work.Worker.Name, work.Operation.Name);
    System.Diagnostics.Process.GetCurrentProcess().Kill();
}

void Feed()
{
    systemd.Notify(new ServiceState("WATCHDOG=1"));
    watchdog?.Feed();
}

HardwareWatchdog? OpenWatchdog(string device)
{
    if (device.Length == 0)
    {
        return null;
    }

    Outcome<HardwareWatchdog> opened = HardwareWatchdog.Open(device);
    if (opened.Refused)
    {
        events.Write(DeviceEvent.CheckFailed, "watchdog", opened.Refusal.Text);
    }
    else
    {
        events.Write(DeviceEvent.WatchdogOpened, device);
    }

    return opened.Value;
}

static int DrivePanel(Settings settings)
{
    Outcome<BoardFile> board = BoardFile.Load(settings.BoardFile);
    if (board.Refused)
    {
        Console.Error.WriteLine(board.Refusal.Text);
        return ExitCodes.Settings;
    }

    try
    {
        SystemdNotifier systemd = new();
        IBoard body = Boards.Open(board.Value, Console.Out, TimeProvider.System);
        using IDisposable? closing = body as IDisposable;
        using PanelTelling telling = new(settings.SocketPath, TimeProvider.System);
        using PanelProcess process = new(
            settings.PanelSocketPath, body, telling, TimeProvider.System, () => systemd.Notify(new ServiceState("WATCHDOG=1")));
        process.Run();
        return ExitCodes.Success;
    }
    catch (Exception cannot) when (DiskFault.Is(cannot) || cannot is System.Net.Sockets.SocketException)
    {
        Console.Error.WriteLine($"The panel cannot start: {cannot.Message}");
        return ExitCodes.CannotStart;
    }
}
