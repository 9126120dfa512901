using System.Diagnostics;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>
/// The touchscreen's units with their own command lines, started again when they end, on a screen that is memory: Weston's headless backend
/// in place of DRM. Where tests run as root the browser is an ordinary user, with the policies of its unit and the sandbox of its own.
/// </summary>
internal sealed class Kiosk : IDisposable
{
    private const string Nobody = "65534";

    private static readonly string[] AsNobody =
        ["setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", "--no-new-privs"];

    private static readonly UnitFile Display = new("appliance-display.service");
    private static readonly UnitFile Screen = new("appliance-screen.service");

    private readonly string runtime;
    private readonly string page;
    private readonly List<Process> processes = [];

    /// <param name="folder">Of this test alone.</param>
    public Kiosk(string folder, string page, int width, int height)
    {
        this.page = page;
        runtime = Directory.CreateDirectory(Path.Combine(folder, "run")).FullName;
        if (Place.IsRoot)
        {
            Command.Check("chmod", "go+x", folder);
        }

        // 1. The compositor: the terminal goes, the backend is another one with a touch, and pictures may be taken.
        string seat = Path.Combine(folder, "seat.so");
        Command.Check("gcc", "-shared", "-fPIC", "-o", seat, Path.Combine(Place.Root, "tests", "kiosk", "seat.c"));
        string settings = Path.Combine(Place.Root, "image", "screen", "weston.ini");
        string[] weston =
        [
            .. Display.Command("ExecStart", runtime, page).Where(word => word != "--tty=7")
                .Select(word => word.Replace("/etc/appliance-screen/weston.ini", settings, StringComparison.Ordinal)),
            "--backend=headless-backend.so", "--use-pixman", $"--width={width}", $"--height={height}", "--debug", $"--modules={seat}",
        ];
        string[] inGroup = Place.IsRoot ? ["setpriv", "--regid", Nobody, "--clear-groups"] : [];
        Keep("appliance-display", Display, inGroup, [], [.. inGroup, .. weston]);
        try
        {
            Wait.Until(() => File.Exists(Socket), "weston listens", TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            Dispose();
            throw;
        }

        // 2. The browser: with its port for tests.
        string[] chromium = [.. Screen.Command("ExecStart", runtime, page)];
        string[] user = Place.IsRoot ? [.. WithPolicies, .. AsNobody] : [];
        Keep(
            "appliance-screen", Screen, Place.IsRoot ? AsNobody : [], [.. Screen.Command("ExecStartPre", runtime, page)],
            [.. user, .. chromium[..^1], "--remote-debugging-port=0", chromium[^1]]);
    }

    private static string Policies => Path.Combine(Place.Root, "image", "screen", "policy.json");

    // For this process tree alone: nothing is written to /etc. One is left out: it forbids what these tests look through.
    private static string[] WithPolicies =>
    [
        "unshare", "--mount", "bash", "-c",
        $$"""
        (umask 022; mount -t tmpfs none /etc/chromium && mkdir -p /etc/chromium/policies/managed \
          && grep -v DeveloperToolsAvailability '{{Policies}}' > /etc/chromium/policies/managed/a.json) && exec "$@"
        """,
        "policies",
    ];

    private string Socket => Path.Combine(runtime, "appliance-display", "screen");

    private string Profile => Path.Combine(runtime, "appliance-screen", "profile");

    public static void Needs()
    {
        Place.Needs("weston", "weston-screenshooter", "setpriv", "unshare", "gcc");
        string browser = Screen.Command("ExecStart", "", "")[0];
        Assert.SkipUnless(File.Exists(browser), $"{browser} is not installed: make setup");
        string[] probe = [.. Place.IsRoot ? AsNobody : [], "unshare", "--user", "true"];
        Assert.SkipUnless(
            Command.Run(probe[0], probe[1..]).ExitCode == 0, "no user namespaces here: Chromium's sandbox is made of them");
    }

    /// <summary>The browser that runs now, once it has opened the page.</summary>
    public Chromium Browser() => Chromium.Of(Profile, page);

    /// <summary>kill -9.</summary>
    public void KillBrowser()
    {
        File.Delete(Path.Combine(Profile, "DevToolsActivePort"));
        string id = Command.Check("pgrep", "-o", "-f", $"^[^ ]*/chromium .*--user-data-dir={Profile}").Trim();
        Command.Check("kill", "-9", id);
    }

    /// <summary>What stands on the screen, as the compositor has it: NAME of out/test/pictures.</summary>
    public string Picture(string name)
    {
        string folder = Directory.CreateTempSubdirectory("appliance-shot-").FullName;
        Command.Check("env", "-C", folder, $"XDG_RUNTIME_DIR={folder}", $"WAYLAND_DISPLAY={Socket}", "weston-screenshooter");
        string file = Path.Combine(Place.Pictures, $"{name}.png");
        File.Move(Assert.Single(Directory.GetFiles(folder, "*.png")), file, overwrite: true);
        Directory.Delete(folder, recursive: true);
        return file;
    }

    public void Dispose()
    {
        foreach (Process process in processes)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }

    /// <summary>What systemd does: the runtime directory anew each time, the commands, and again after RestartSec.</summary>
    private void Keep(string name, UnitFile unit, string[] user, string[] before, string[] command)
    {
        Assert.Equal(("always", name), (unit["Restart"], unit["RuntimeDirectory"]));
        string owner = Place.IsRoot ? $"-o {(name == "appliance-screen" ? Nobody : "root")} -g {Nobody}" : "";
        string folder = Path.Combine(runtime, name);
        string script = $$"""
            umask {{unit["UMask"]}}
            before={{before.Length}}
            while :; do
              rm -rf '{{folder}}'
              install -d -m {{unit["RuntimeDirectoryMode"]}} {{owner}} '{{folder}}'
              [ $before = 0 ] || "${@:1:$before}"
              "${@:$before+1}"
              sleep {{unit["RestartSec"]}}
            done
            """;
        // The last one counts.
        string[] variables = [.. unit.Environment(runtime), $"PAGE={page}"];
        string path = $"PATH={Environment.GetEnvironmentVariable("PATH")}";
        Process process = Command.Start("env", ["-i", path, .. variables, "bash", "-c", script, name, .. before, .. command]);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        processes.Add(process);
    }
}
