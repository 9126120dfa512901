using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>Every view at both sizes: pictures for docs/operator.md, and what holds for all of them.</summary>
/// <remarks>Pictures lie in out/test/pictures; with UPDATE_PICTURES=1 those of the manual are replaced by them.</remarks>
public sealed class PagePicturesTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly (int Width, int Height)[] Sizes = [(1280, 800), (800, 480)];

    /// <summary>Seen in part, and analysed in part.</summary>
    private const string IsInWork =
        "document.querySelector('#glance img[src]') && parseFloat(document.querySelector('[data-step=analyse] i').style.width) > 20";

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Every_view_fits_both_panels_can_be_touched_and_is_spoken()
    {
        PageTests.Needs("storescp");
        string series = Series.Make(scratch["phantom"], 33, "--slices", "120", "--thickness", "2.4", "--rows", "256", "--spacing", "1.6");
        using StoreScp receiver = new(scratch["received"]);
        using RunningAppliance appliance = new(
            scratch["box"],
            RunningAppliance.Destination("pacs", receiver.Port) + RunningAppliance.Destination("archive", Place.FreePort()));
        using Chromium browser = new(scratch.Make("profile"));
        string page = $"http://127.0.0.1:{appliance.ScreenPort}/";

        // 1. The study in work.
        browser.Size(1280, 800);
        browser.Open(page);
        Process scanner = Command.Start(
            Place.Phantom, "send", "--folder", series, "--to", $"127.0.0.1:{appliance.Port}", "--called", RunningAppliance.AeTitle,
            "--calling", "SCANNER", "--rate", "15");
        browser.Until(IsInWork, Limit);
        Check(browser, "now-work", "Open study");
        scanner.WaitForExit();
        scanner.Dispose();
        Wait.Until(() => appliance.Status().GetProperty("studies")[0].GetProperty("results").GetInt32() > 2, "results", Limit);
        browser.Until("document.body.dataset.word === 'attention'", Limit);

        // 2. The other views.
        Check(browser, "now-attention", "Open study", "Name hidden, touch to show");
        Show(browser, "studies", "document.querySelector('#study-list .row')");
        browser.Evaluate("document.getElementById('names').click()");
        browser.Until("document.querySelector('.patient').textContent.length > 3", Limit);
        Check(browser, "studies", "Hide names");
        Show(browser, "alarms", "document.querySelector('#alarm-list .alarm')");
        Check(browser, "alarms", "Seen", "All seen");
        Show(browser, "device", "document.querySelector('#check-list li')");
        Check(browser, "device", "Which box is this?", "Test the lamp");

        // 3. The study, in each of its ways.
        string key = appliance.Status().GetProperty("studies")[0].GetProperty("key").GetString()!;
        Show(browser, $"study/{key}", "document.querySelectorAll('.organs tr').length > 3 && document.body.dataset.painted");
        browser.Until("document.querySelector('#study .note').textContent === ''", Limit);
        foreach ((int width, int height) in Sizes)
        {
            browser.Size(width, height);
            browser.Evaluate("location.hash = 'now'");
            Show(browser, $"study/{key}", "document.querySelector('[data-fine=true]')");
            foreach (string mode in browser.Evaluate("[...document.querySelectorAll('.modes button')].map(b => b.dataset.mode)")!.AsArray()
                .Select(each => (string)each!))
            {
                browser.Evaluate($"document.querySelector('[data-mode={mode}]').click()");
                browser.Until(
                    "[...document.querySelectorAll('figure:not([hidden])[data-pane]')].every(f => f.dataset.fine === 'true')", Limit);
                Check(browser, $"study-{mode}", width, height, "Analyse again", "Colours");
            }
        }

        browser.Evaluate("document.querySelector('[data-verb=StudyReanalyse]').click()");
        Check(browser, "question", "Analyse this study again?", "No");
        Assert.Empty(browser.Complaints);
    }

    private static void Show(Chromium browser, string view, string condition)
    {
        browser.Evaluate($"location.hash = '{view}'");
        browser.Until(condition, Limit);
    }

    private void Check(Chromium browser, string name, params string[] spoken)
    {
        foreach ((int width, int height) in Sizes)
        {
            browser.Size(width, height);
            Check(browser, name, width, height, spoken);
        }

        browser.Size(1280, 800);
    }

    private void Check(Chromium browser, string name, int width, int height, params string[] spoken)
    {
        // Two frames: the layout of the new size is painted.
        browser.Evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        string file = Path.Combine(Place.Pictures, $"{name}-{width}x{height}.png");
        browser.Screenshot(file);
        string manual = Path.Combine(Place.Root, "docs", "pictures", Path.GetFileName(file));
        if (Environment.GetEnvironmentVariable("UPDATE_PICTURES") is not null && File.Exists(manual))
        {
            File.Copy(file, manual, overwrite: true);
        }

        JsonNode sizes = browser.Evaluate("""
            (() => {
              const seen = e => e.offsetParent !== null && e.getBoundingClientRect().width > 0 && !e.closest('[hidden]');
              const targets = [...document.querySelectorAll('button, input')].filter(seen);
              const small = targets.filter(t => t.getBoundingClientRect().height < 48 || t.getBoundingClientRect().width < 48);
              const says = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
              const texts = [...document.querySelectorAll('body *')].filter(e => seen(e) && says(e));
              const size = t => `${t.textContent || t.className} ${t.getBoundingClientRect().width} x ${t.getBoundingClientRect().height}`;
              return { wide: document.documentElement.scrollWidth, high: document.documentElement.scrollHeight, targets: targets.length,
                small: small.map(size).join('; '),
                text: Math.min(...texts.map(e => parseFloat(getComputedStyle(e).fontSize))),
                unnamed: targets.filter(t => !(t.getAttribute('aria-label') || t.textContent.trim() || t.labels?.length)).length };
            })()
            """)!;
        Assert.Equal((width, height), ((int)sizes["wide"]!, (int)sizes["high"]!));
        Assert.True((int)sizes["targets"]! >= 4, name);
        Assert.Equal("", (string)sizes["small"]!);
        Assert.Equal(0, (int)sizes["unnamed"]!);
        Assert.True((double)sizes["text"]! >= 16, $"{name}: text of {sizes["text"]} px");

        IReadOnlyList<(string Role, string Name)> nodes = browser.Spoken();
        Assert.All(spoken, words => Assert.Contains(nodes, node => node.Name.StartsWith(words, StringComparison.Ordinal)));
        Assert.Contains(nodes, node => node.Role == "heading");
        if (spoken[^1] != "No")
        {
            Assert.Contains(nodes, node => node.Role == "navigation");
            Assert.Contains(nodes, node => node.Role is "img" or "image" && node.Name.StartsWith("Lamp ", StringComparison.Ordinal));
        }
    }
}
