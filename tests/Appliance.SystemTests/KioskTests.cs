using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>The page on a screen of its own: image/systemd/appliance-display.service and appliance-screen.service.</summary>
public sealed class KioskTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(800, 480)]
    public void The_page_is_all_that_is_on_the_screen_and_comes_back_when_the_browser_is_killed(int width, int height)
    {
        Kiosk.Needs();
        using RunningAppliance appliance = new(scratch["box"]);
        string page = $"http://127.0.0.1:{appliance.ScreenPort}/";
        using Kiosk kiosk = new(scratch.Folder, page, width, height);

        // 1. As it starts.
        double process;
        using (Chromium browser = kiosk.Browser())
        {
            AssertFillsScreen(kiosk, browser, width, height);
            process = browser.Evaluate("performance.timeOrigin")!.GetValue<double>();

            // The browser has no zoom of its own, neither by fingers nor by a wheel, and shows no files.
            browser.Pinch(width / 2, height / 2, 2, "default");
            browser.Pinch(width / 2, height / 2, 2, "mouse");
            Assert.Equal(1, browser.Evaluate("visualViewport.scale")!.GetValue<double>());
            if (Place.IsRoot)
            {
                File.WriteAllText(scratch["readable.txt"], "It may be read, and yet it is not shown.");
                browser.Open($"file://{scratch["readable.txt"]}");
                browser.Until("location.href === 'chrome-error://chromewebdata/'", Limit);
            }
        }

        // 2. Killed: another one, and nothing that asks what to do about it.
        kiosk.KillBrowser();
        using Chromium again = kiosk.Browser();
        AssertFillsScreen(kiosk, again, width, height);
        Assert.True(again.Evaluate("performance.timeOrigin")!.GetValue<double>() > process, "the same browser");
    }

    [Fact]
    public void The_browser_gives_way_keeps_its_sandbox_and_calls_nobody_but_the_page()
    {
        UnitFile daemon = new("appliance.service"), display = new("appliance-display.service"), screen = new("appliance-screen.service");
        IReadOnlyList<string> command = screen.Command("ExecStart", "/run", "http://127.0.0.1:8080/");

        // Of 100, which is what a unit has that says nothing (systemd.resource-control(5)).
        Assert.Throws<InvalidOperationException>(() => daemon["CPUWeight"]);
        Assert.Equal(["10", "20"], [screen["CPUWeight"], display["CPUWeight"]]);
        Assert.True(int.Parse(daemon["OOMScoreAdjust"]) < 0 && int.Parse(screen["OOMScoreAdjust"]) > int.Parse(display["OOMScoreAdjust"]));
        Assert.DoesNotContain(command, word => word.Contains("sandbox", StringComparison.Ordinal));
        Assert.Equal(["any", "localhost", ""], [screen["IPAddressDeny"], screen["IPAddressAllow"], screen["CapabilityBoundingSet"]]);
        Assert.Contains("appliance.service", screen["After"], StringComparison.Ordinal);
    }

    [Fact]
    public void All_units_are_understood_by_systemd_and_none_is_exposed()
    {
        Assert.SkipUnless(Place.FindProgram("systemd-analyze") is not null, "systemd-analyze is not installed");
        foreach (string unit in Directory.GetFiles(Path.Combine(Place.Root, "image", "systemd"), "*.service"))
        {
            string verified = Command.Run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit).Error;
            string[] faults =
            [
                .. verified.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Where(line => line.Contains(Path.GetFileName(unit), StringComparison.Ordinal)

                        // Of what is not installed here.
                        && !line.Contains("is not executable", StringComparison.Ordinal)),
            ];
            Assert.Empty(faults);
            Command security = Command.Run("systemd-analyze", "security", "--offline=true", "--threshold=40", unit);
            Assert.True(security.ExitCode == 0, security.Output);
        }
    }

    private void AssertFillsScreen(Kiosk kiosk, Chromium browser, int width, int height)
    {
        browser.Until("['ready', 'attention'].includes(document.body.dataset.word)", Limit);
        JsonNode sizes = browser.Evaluate("[innerWidth, innerHeight, devicePixelRatio, visualViewport.scale]")!;
        Assert.Equal($"[{width},{height},1,1]", sizes.ToJsonString());

        // The page as the browser draws it is what the compositor has on its screen, pixel by pixel: no bar, no bubble, no margin.
        string drawn = Path.Combine(Place.Pictures, $"kiosk-drawn-{width}x{height}.png");
        string said = "";
        Wait.Until(
            () =>
            {
                browser.Screenshot(drawn);
                said = Command.Check("/usr/bin/python3", Place.Judge("same_picture.py"), kiosk.Picture($"kiosk-{width}x{height}"), drawn);
                return said.StartsWith($"{width} {height} ", StringComparison.Ordinal)
                    && double.Parse(said.Split(' ')[2], CultureInfo.InvariantCulture) > 0.999;
            },
            "the page is all of the screen",
            Limit);
        TestContext.Current.TestOutputHelper!.WriteLine(said);
        Assert.InRange(double.Parse(said.Split(' ')[3], CultureInfo.InvariantCulture), 0.2, 0.98);
    }
}
