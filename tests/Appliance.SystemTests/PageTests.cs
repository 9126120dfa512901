using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>The page of the touchscreen in a real Chromium, while the published daemon analyses a phantom study.</summary>
public sealed class PageTests : IDisposable
{
    private const string Original = ".stage :nth-child(1)", Annotated = ".stage :nth-child(2)";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_study_from_the_scanner_appears_progresses_opens_and_scrolls()
    {
        Needs("storescp");
        string series = Series.Make(scratch["phantom"], 33, "--slices", "70", "--thickness", "3", "--rows", "192", "--spacing", "2.1");
        using StoreScp receiver = new(scratch["received"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", receiver.Port));
        using Chromium browser = new(scratch.Make("profile"));
        browser.Size(1280, 800);

        // 1. What is dialled at the scanner stands there before anything came.
        browser.Open($"http://127.0.0.1:{appliance.ScreenPort}/");
        browser.Until("document.body.dataset.word === 'ready'", Limit);
        Assert.Equal(RunningAppliance.AeTitle, (string?)browser.Evaluate("document.getElementById('dial-ae').textContent"));
        Assert.Equal($"{appliance.Port}", (string?)browser.Evaluate("document.getElementById('dial-port').textContent"));
        Assert.Equal("green", (string?)browser.Evaluate("document.body.dataset.colour"));
        AssertPaintedInTime(browser);

        // 2. It appears while it is sent, and the words go on by themselves.
        browser.Evaluate("""
            window.words = [];
            new MutationObserver(() => words.push(document.body.dataset.word))
                .observe(document.body, { attributes: true, attributeFilter: ['data-word'] });
            window.counts = new Set();
            new MutationObserver(() => counts.add(document.querySelector('.card .what')?.textContent))
                .observe(document.getElementById('current'), { subtree: true, childList: true, characterData: true });
            """);
        Process scanner = Command.Start(
            Place.Phantom, "send", "--folder", series, "--to", $"127.0.0.1:{appliance.Port}", "--called", RunningAppliance.AeTitle,
            "--calling", "SCANNER", "--rate", "20");
        browser.Until("document.querySelector('.card')", Limit);
        scanner.WaitForExit();
        scanner.Dispose();
        appliance.WaitUntilDelivered(1, Limit);
        browser.Until("document.body.dataset.word === 'sent' || document.body.dataset.word === 'ready'", Limit);
        string words = browser.Evaluate("words.join(' ')")!.GetValue<string>();
        Assert.Contains("receiving", words, StringComparison.Ordinal);

        // With overlap the analysis is over so soon after the last slice that no snapshot may show it: what is seen is that slices add up.
        Assert.True(browser.Evaluate("counts.size")!.GetValue<int>() > 5, "the number of slices did not grow before the eyes");

        // 3. It opens: organs with volumes, and the two pictures differ where the organs are.
        browser.Evaluate("document.querySelector('.card .open').click()");
        browser.Until("document.querySelectorAll('.organs tr').length > 3 && document.body.dataset.painted", Limit);
        Assert.Matches(@"^Liver[0-9.]+ ml$", (string?)browser.Evaluate("document.querySelector('.organs tr').textContent"));
        Wait.Until(() => ColouredPixels(browser, Annotated) > 500, "colours in the annotated picture", Limit);
        Assert.Equal(0, ColouredPixels(browser, Original));

        browser.Screenshot(Path.Combine(Directory.CreateDirectory(Path.Combine(Place.Root, "out", "test")).FullName, "page-study.png"));

        // 4. It scrolls by keyboard, and the colours can be taken away.
        int before = int.Parse(browser.Evaluate("document.body.dataset.painted")!.GetValue<string>());
        browser.Evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))");
        browser.Until($"document.body.dataset.painted === '{before + 1}'", Limit);
        browser.Evaluate("document.querySelector('[role=switch]').click()");
        browser.Until("document.querySelector('[role=switch]').getAttribute('aria-checked') === 'false'", Limit);
        Wait.Until(() => ColouredPixels(browser, Annotated) == 0, "a picture without colours", Limit);

        Assert.Empty(browser.Complaints);
    }

    private static void AssertPaintedInTime(Chromium browser)
    {
        const string FirstPaint = "Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)";
        int ms = browser.Evaluate(FirstPaint)!.GetValue<int>();
        TestContext.Current.TestOutputHelper!.WriteLine($"first paint after {ms} ms");
        Assert.InRange(ms, 1, 500);
    }

    [Fact]
    public void A_daemon_that_is_gone_leaves_an_amber_lamp_and_says_so()
    {
        Needs();
        using RunningAppliance appliance = new(scratch["box"]);
        using Chromium browser = new(scratch.Make("profile"));
        browser.Open($"http://127.0.0.1:{appliance.ScreenPort}/");
        browser.Until("document.body.dataset.word === 'ready'", Limit);

        appliance.Kill();

        browser.Until("document.body.dataset.word === 'lost'", TimeSpan.FromSeconds(10));
        Assert.Equal("amber", (string?)browser.Evaluate("document.body.dataset.colour"));
    }

    [Fact]
    public void Send_again_is_offered_where_a_destination_is_set_and_only_there()
    {
        Needs("storescu", "storescp");
        using StoreScp receiver = new(scratch["received"]);
        foreach (string destination in (string[])["", RunningAppliance.Destination("pacs", receiver.Port)])
        {
            string name = destination.Length == 0 ? "kept" : "sent";
            using RunningAppliance appliance = new(scratch[name], destination);
            (string uid, string file) = (SmallObject.NewUid(), scratch["small.dcm"]);
            SmallObject.WriteFile(file, SmallObject.Make(SmallObject.NewUid(), SmallObject.NewUid(), uid), uid);
            Command.Check("storescu", "-aec", RunningAppliance.AeTitle, "127.0.0.1", $"{appliance.Port}", file);
            string key = appliance.WaitForStudy();
            Wait.Until(
                () => appliance.Status().GetProperty("studies")[0].GetProperty("state").GetString() == "Sent", "nothing is owed", Limit);

            using Chromium browser = new(scratch.Make($"profile-{name}"));
            browser.Open($"http://127.0.0.1:{appliance.ScreenPort}/#study/{key}");
            string button = "document.querySelector('[data-verb=StudyResend]')";
            browser.Until($"{button} && !document.querySelector('[data-verb=StudyReanalyse]').disabled", Limit);
            Assert.Equal(destination.Length == 0, browser.Evaluate($"{button}.disabled")!.GetValue<bool>());
            Assert.Equal(destination.Length == 0 ? "No destination is set." : "", (string?)browser.Evaluate($"{button}.title"));
        }
    }

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(800, 480)]
    public void Everything_fits_the_panel_and_can_be_touched(int width, int height)
    {
        Needs();
        using RunningAppliance appliance = new(scratch["box"]);
        using Chromium browser = new(scratch.Make("profile"));
        browser.Size(width, height);
        browser.Open($"http://127.0.0.1:{appliance.ScreenPort}/");
        browser.Until("document.body.dataset.word === 'ready'", Limit);

        // A sentence that is too long for the panel is cut; it must not push anything aside.
        JsonNode sizes = browser.Evaluate("""
            document.getElementById('say').textContent = 'A destination does not answer. '.repeat(20);
            ({ wide: document.documentElement.scrollWidth, high: document.documentElement.scrollHeight,
               least: Math.min(...[...document.querySelectorAll('nav button')].map(b => b.getBoundingClientRect().height)),
               text: Math.min(...[...document.querySelectorAll('main *')].filter(e => e.textContent && e.offsetHeight)
                   .map(e => parseFloat(getComputedStyle(e).fontSize))) })
            """)!;

        Assert.Equal((width, height), ((int)sizes["wide"]!, (int)sizes["high"]!));
        Assert.True((double)sizes["least"]! >= 63, $"a target of {sizes["least"]} px");
        Assert.True((double)sizes["text"]! >= 16, $"text of {sizes["text"]} px");
    }

    /// <summary>A browser is too large for make setup to install unasked.</summary>
    internal static void Needs(params string[] programs)
    {
        Place.Needs(programs);
        Assert.SkipUnless(Place.FindProgram("chromium") is not null, "chromium is not installed: apt-get install chromium");
    }

    /// <summary>Pixels of a view whose red, green and blue differ.</summary>
    internal static int ColouredPixels(Chromium browser, string view) => browser.Evaluate($$"""
        (() => {
          const canvas = document.querySelector('{{view}} canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let coloured = 0;
          for (let i = 0; i < data.length; i += 4) {
            coloured += Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 24;
          }
          return coloured;
        })()
        """)!.GetValue<int>();
}
