using Xunit;

namespace Appliance.SystemTests;

/// <summary>Images of many frames in a real Chromium: one object, and the study scrolls through all of its frames.</summary>
public sealed class MultiFramePageTests : IDisposable
{
    private const string Original = ".stage :nth-child(1)", Annotated = ".stage :nth-child(2)";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void An_enhanced_CT_scrolls_through_its_frames_original_and_with_organs()
    {
        PageTests.Needs("storescp", "dcmsend");
        string series = Series.Make(scratch["phantom"], 34, "--slices", "60", "--thickness", "3", "--rows", "192", "--spacing", "2.1");
        string enhanced = scratch["enhanced.dcm"];
        Command.Check(
            "/usr/bin/python3", Path.Combine(Place.Root, "tests/Appliance.Tests/Imaging/Judges/enhanced.py"), "make", series, enhanced,
            "native");
        using StoreScp receiver = new(scratch["received"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", receiver.Port));
        using Chromium browser = new(scratch.Make("profile"));
        Send(appliance, enhanced);
        appliance.WaitUntilDelivered(1, Limit);

        Open(browser, appliance);
        browser.Until("document.querySelectorAll('.organs tr').length > 3", Limit);
        Assert.Equal("31 / 60", browser.Text(".place"));
        Wait.Until(() => PageTests.ColouredPixels(browser, Annotated) > 200, "organs on a frame", Limit);
        Assert.Equal(0, PageTests.ColouredPixels(browser, Original));
        HashSet<string> seen = Scroll(browser, 60);

        // On a busy machine a picture that is read may still be the one before: not each is seen, but not one alone either.
        Assert.True(seen.Count > 15, $"{seen.Count} pictures of 60 frames");
        Assert.Equal("", browser.Text(".modes button:disabled"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public void A_real_ultrasound_cine_scrolls_through_its_frames_and_offers_nothing_that_needs_a_volume()
    {
        string cine = Real("pydicom/src/pydicom/data/test_files/examples_ybr_color.dcm");
        using RunningAppliance appliance = new(scratch["box"]);
        using Chromium browser = new(scratch.Make("profile"));

        Send(appliance, cine);
        Open(browser, appliance);

        Assert.Equal("16 / 30", browser.Text(".place"));
        Assert.Equal("US 30 frames", browser.Text(".bar .what"));
        IsNotAnalysed(browser);
        Assert.Contains("US", browser.Text("#study .note"), StringComparison.Ordinal);

        // Nobody finds organs in it: nothing beside the picture, no switch for their colours, and no window.
        Assert.False(browser.Shows("[data-pane=\"1\"]"));
        Assert.False(browser.Shows(".blend"));
        Assert.Equal("", browser.Text($"{Original} em"));
        HashSet<string> seen = Scroll(browser, 30);

        Assert.True(seen.Count > 7, $"{seen.Count} pictures of 30 frames");
        Assert.Equal("Planes3-D", browser.Text(".modes button:disabled"));
        Assert.False(browser.Shows(".presets"));
        browser.Picture("study-cine-1280x800");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public void A_real_ultrasound_in_colour_is_shown_in_colour()
    {
        string colour = Real("pydicom-data/data_store/data/OBXXXX1A.dcm");
        using RunningAppliance appliance = new(scratch["box"]);
        using Chromium browser = new(scratch.Make("profile"));

        Send(appliance, colour);
        Open(browser, appliance);

        Assert.Equal("US 1 image", browser.Text(".bar .what"));
        Wait.Until(() => PageTests.ColouredPixels(browser, Original) > 500, "colours of the palette", Limit);
        IsNotAnalysed(browser);
        Assert.Equal("", browser.Evaluate("""
            [...document.querySelectorAll('.viewer button:not(.tag), .viewer input')]
                .filter(e => e.offsetParent).map(e => e.outerHTML).join()
            """)!.GetValue<string>());
        foreach ((int width, int height) in ((int, int)[])[(800, 480), (1280, 800)])
        {
            browser.Size(width, height);
            browser.Evaluate("location.hash = 'now'");
            browser.Until(
                "document.querySelector('#current .card') && (innerWidth < 1000 || document.querySelector('#glance img[src]'))", Limit);
            browser.Picture($"now-us-{width}x{height}");
            browser.Evaluate($"location.hash = 'study/{appliance.WaitForStudy()}'");
            browser.Until("[...document.querySelectorAll('[data-pane]')].some(f => f.offsetHeight && f.dataset.fine === 'true')", Limit);
            browser.Picture($"study-us-{width}x{height}");
        }

        Assert.Empty(browser.Complaints);
    }

    private static string Real(string name)
    {
        PageTests.Needs("dcmsend");
        return Place.Unpacked(name);
    }

    /// <summary>In the words for people: without the code that scripts look for.</summary>
    private static void IsNotAnalysed(Chromium browser)
    {
        browser.Until("document.querySelector('#study .note').textContent.startsWith('Not analysed: ')", Limit);
        Assert.DoesNotContain("NoApp", browser.Text("#study .note"), StringComparison.Ordinal);
    }

    private static void Send(RunningAppliance appliance, string file) =>
        Command.Check("dcmsend", "-aec", RunningAppliance.AeTitle, "127.0.0.1", $"{appliance.Port}", file);

    private static void Open(Chromium browser, RunningAppliance appliance)
    {
        browser.Size(1280, 800);
        browser.Open($"http://127.0.0.1:{appliance.ScreenPort}/#study/{appliance.WaitForStudy()}");
        browser.Until($"document.querySelector('{Original}')?.dataset.fine === 'true'", Limit);
    }

    /// <summary>From the first frame to the last by keyboard; what was seen of the original, each picture that differs.</summary>
    private static HashSet<string> Scroll(Chromium browser, int frames)
    {
        HashSet<string> seen = [];
        browser.Evaluate($"""
            document.querySelector('.slices').value = 0;
            document.querySelector('.slices').dispatchEvent(new Event('input'));
            """);
        for (int frame = 0; frame < frames; frame++)
        {
            browser.Until(
                $"document.body.dataset.painted === '{frame}' && document.querySelector('{Original}').dataset.fine === 'true'", Limit);
            Assert.Equal($"{frame + 1} / {frames}", browser.Text(".place"));
            seen.Add(browser.Evaluate($"document.querySelector('{Original} canvas').toDataURL()")!.GetValue<string>());
            browser.Evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))");
        }

        return seen;
    }
}
