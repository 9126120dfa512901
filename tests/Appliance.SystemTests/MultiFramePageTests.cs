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
        Assert.Equal("31 / 60", Text(browser, ".place"));
        Wait.Until(() => PageTests.ColouredPixels(browser, Annotated) > 200, "organs on a frame", Limit);
        Assert.Equal(0, PageTests.ColouredPixels(browser, Original));
        HashSet<string> seen = Scroll(browser, 60);

        // On a busy machine a picture that is read may still be the one before: not each is seen, but not one alone either.
        Assert.True(seen.Count > 15, $"{seen.Count} pictures of 60 frames");
        Assert.Equal("", Text(browser, ".modes button:disabled"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public void A_real_ultrasound_cine_scrolls_through_its_frames_and_offers_nothing_that_needs_a_volume()
    {
        PageTests.Needs("dcmsend");
        const string cine = "/tmp/dicomdata/pydicom/src/pydicom/data/test_files/examples_ybr_color.dcm";
        Assert.SkipUnless(File.Exists(cine), $"{cine} is not here: bash ../shared/tools/data/unpack /tmp/dicomdata");
        using RunningAppliance appliance = new(scratch["box"]);
        using Chromium browser = new(scratch.Make("profile"));
        Send(appliance, cine);

        Open(browser, appliance);
        Assert.Equal("16 / 30", Text(browser, ".place"));
        Assert.Equal("US 30 frames", Text(browser, ".bar .what"));
        browser.Until("document.querySelector('#study .note').textContent.startsWith('Not analysed: ')", Limit);
        Assert.Contains("US", Text(browser, "#study .note"), StringComparison.Ordinal);

        // Nobody finds organs in it: nothing beside the picture, no switch for their colours, and no window.
        Assert.False(browser.Evaluate($"document.querySelector('[data-pane=\"1\"]').offsetHeight > 0")!.GetValue<bool>());
        Assert.False(browser.Evaluate("document.querySelector('.blend').offsetHeight > 0")!.GetValue<bool>());
        Assert.Equal("", Text(browser, $"{Original} em"));
        HashSet<string> seen = Scroll(browser, 30);

        Assert.True(seen.Count > 7, $"{seen.Count} pictures of 30 frames");
        Assert.Equal("Planes3-D", Text(browser, ".modes button:disabled"));
        Assert.False(browser.Evaluate("document.querySelector('.presets').offsetHeight > 0")!.GetValue<bool>());
        Picture(browser, "study-cine-1280x800");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public void A_real_ultrasound_in_colour_is_shown_in_colour()
    {
        PageTests.Needs("dcmsend");
        const string colour = "/tmp/dicomdata/pydicom-data/data_store/data/OBXXXX1A.dcm";
        Assert.SkipUnless(File.Exists(colour), $"{colour} is not here: bash ../shared/tools/data/unpack /tmp/dicomdata");
        using RunningAppliance appliance = new(scratch["box"]);
        using Chromium browser = new(scratch.Make("profile"));
        Send(appliance, colour);

        Open(browser, appliance);

        Assert.Equal("US 1 image", Text(browser, ".bar .what"));
        Wait.Until(() => PageTests.ColouredPixels(browser, Original) > 500, "colours of the palette", Limit);
        browser.Until("document.querySelector('#study .note').textContent.startsWith('Not analysed: ')", Limit);
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
            Picture(browser, $"now-us-{width}x{height}");
            browser.Evaluate($"location.hash = 'study/{appliance.WaitForStudy()}'");
            browser.Until("[...document.querySelectorAll('[data-pane]')].some(f => f.offsetHeight && f.dataset.fine === 'true')", Limit);
            Picture(browser, $"study-us-{width}x{height}");
        }

        Assert.Empty(browser.Complaints);
    }

    private static void Picture(Chromium browser, string name)
    {
        browser.Evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        browser.Screenshot(Path.Combine(
            Directory.CreateDirectory(Path.Combine(Place.Root, "out", "test", "pictures")).FullName, $"{name}.png"));
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
            Assert.Equal($"{frame + 1} / {frames}", Text(browser, ".place"));
            seen.Add(browser.Evaluate($"document.querySelector('{Original} canvas').toDataURL()")!.GetValue<string>());
            browser.Evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))");
        }

        return seen;
    }

    private static string Text(Chromium browser, string of) =>
        browser.Evaluate($"[...document.querySelectorAll('{of}')].map(each => each.textContent).join('')")!.GetValue<string>();
}
