using Xunit;

namespace Appliance.SystemTests;

/// <summary>Patient names on the page, in a real Chromium: shown when asked for, hidden again when nobody touches the screen.</summary>
public sealed class PageNamesTests : IDisposable
{
    private const string Name = "NOBODY, NOWHERE";

    private const int HiddenAfterMs = 2_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Names_that_were_asked_for_hide_themselves_after_the_set_time_without_a_touch_and_not_before()
    {
        PageTests.Needs("storescu");
        using RunningAppliance appliance = new(scratch["box"], $"names_hidden_after_s = {HiddenAfterMs / 1000}");
        string uid = SmallObject.NewUid();
        SmallObject.WriteFile(scratch["a.dcm"], SmallObject.Make(SmallObject.NewUid(), SmallObject.NewUid(), uid), uid);
        Command.Check("storescu", "-aec", RunningAppliance.AeTitle, "127.0.0.1", $"{appliance.Port}", scratch["a.dcm"]);
        using Chromium browser = new(scratch.Make("profile"));
        browser.Size(1280, 800);
        browser.Open($"http://127.0.0.1:{appliance.ScreenPort}/#studies");
        browser.Until("document.querySelector('#study-list .row')", Limit);
        Assert.False(IsNamed(browser));

        // 1. Somebody asks, moves a hand for longer than names stand, and walks away. When it was and what was seen is noted by the page.
        browser.Evaluate($$"""
            window.touched = 0; window.shown = 0; window.hidden = 0;
            addEventListener('names', () => {
              const isShown = document.body.dataset.names === 'true';
              if (isShown) window.shown = performance.now(); else if (window.shown) window.hidden = performance.now();
            });
            document.getElementById('names').click();
            const touch = () => {
              if (window.hidden) return;
              dispatchEvent(new PointerEvent('pointermove'));
              window.touched = performance.now();
              if (!window.shown || window.touched - window.shown < {{2 * HiddenAfterMs}}) setTimeout(touch, 50);
            };
            touch();
            """);
        Wait.Until(() => IsNamed(browser), "the name is shown", Limit);

        // 2. It is gone, from the list and from what a screen reader is told, neither during the touches nor sooner than set.
        browser.Until("window.hidden", Limit);
        Assert.False(IsNamed(browser));
        Assert.DoesNotContain(browser.Spoken(), node => node.Name.Contains(Name, StringComparison.Ordinal));
        double stood = browser.Evaluate("window.hidden - window.touched")!.GetValue<double>();
        Assert.True(stood >= HiddenAfterMs - 20, $"hidden {stood} ms after the last touch");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public void A_study_that_is_open_says_the_name_and_forgets_it_when_the_page_goes_out_of_sight()
    {
        PageTests.Needs("storescu");
        using RunningAppliance appliance = new(scratch["box"]);
        string uid = SmallObject.NewUid();
        SmallObject.WriteFile(scratch["a.dcm"], SmallObject.Make(SmallObject.NewUid(), SmallObject.NewUid(), uid), uid);
        Command.Check("storescu", "-aec", RunningAppliance.AeTitle, "127.0.0.1", $"{appliance.Port}", scratch["a.dcm"]);
        string key = appliance.WaitForStudy();
        using Chromium browser = new(scratch.Make("profile"));
        browser.Open($"http://127.0.0.1:{appliance.ScreenPort}/#study/{key}");
        browser.Until("document.querySelector('#study .tag')", Limit);
        browser.Evaluate("document.querySelector('#study .tag').click()");
        Wait.Until(() => IsNamed(browser), "the name is shown", Limit);

        browser.Evaluate("""
            Object.defineProperty(document, 'hidden', { value: true });
            dispatchEvent(new Event('visibilitychange'));
            """);

        Assert.False(IsNamed(browser));
    }

    private static bool IsNamed(Chromium browser) =>
        browser.Evaluate($"document.documentElement.outerHTML.includes('{Name}')")!.GetValue<bool>();
}
