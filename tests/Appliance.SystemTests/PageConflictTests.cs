using Xunit;

namespace Appliance.SystemTests;

/// <summary>Objects that came with other content under the same UID, decided on the touchscreen in a real Chromium.</summary>
public sealed class PageConflictTests : IDisposable
{
    private const string Rows = "document.querySelectorAll('#alarm-list .waiting li')";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_alarm_lists_what_waits_and_each_is_taken_or_deleted_after_a_question()
    {
        PageTests.Needs("storescp", "storescu");
        using StoreScp receiver = new(scratch["received"], null, "-fe", ".dcm");
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", receiver.Port));
        (string uid, string study, string series) = (SmallObject.NewUid(), SmallObject.NewUid(), SmallObject.NewUid());
        string[] versions = [.. Enumerable.Range(0, 3).Select(each => Send(appliance, study, series, uid, each))];
        appliance.WaitUntilDelivered(1, Limit);

        // 1. The alarm says what waits.
        using Chromium browser = new(scratch.Make("profile"));
        browser.Size(1280, 800);
        browser.Open($"http://127.0.0.1:{appliance.ScreenPort}/#alarms");
        browser.Until($"{Rows}.length === 2", Limit);
        Assert.Matches("^Object [0-9a-f]+-1, 9 KB, came at [0-9]{2}:[0-9]{2}$", browser.Text("#alarm-list .waiting li:first-child span"));
        HasRoom(browser, 800, 480);
        HasRoom(browser, 1280, 800);

        // 2. A question comes first, and No leaves everything as it is.
        Touch(browser, "ConflictDiscard");
        Assert.Matches("^Delete [0-9a-f]+-1[?]$", browser.Text("#question-title"));
        browser.Evaluate("document.getElementById('question-no').click()");
        browser.Until("!document.getElementById('question').open", Limit);
        Assert.Equal(2, browser.Evaluate($"{Rows}.length")!.GetValue<int>());

        // 3. One is deleted, and the other takes the place of the first: that is sent.
        Touch(browser, "ConflictDiscard");
        browser.Evaluate("document.getElementById('question-yes').click()");
        browser.Until($"{Rows}.length === 1", Limit);
        browser.Until($"{Rows}[0].textContent.includes('-2,')", Limit);
        Touch(browser, "ConflictAccept");
        Assert.Matches("^Take [0-9a-f]+-2 in place of the first[?]$", browser.Text("#question-title"));
        browser.Evaluate("document.getElementById('question-yes').click()");
        browser.Until("document.querySelectorAll('#alarm-list .alarm').length === 0", Limit);
        byte[] last = File.ReadAllBytes(versions[2]);
        Wait.Until(
            () => receiver.Files.Any(file => Read(file).AsSpan().EndsWith(last.AsSpan(last.Length - (64 * 64 * 2)))),
            "the later one arrives", Limit);
        Assert.Contains("ConflictAccept", appliance.Output, StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    /// <summary>The receiver may be just writing it.</summary>
    private static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static void Touch(Chromium browser, string verb)
    {
        browser.Evaluate($"{Rows}[0].querySelector('[data-verb={verb}]').click()");
        browser.Until("document.getElementById('question').open", Limit);
    }

    /// <summary>Nothing is cut off, and all of it can be touched.</summary>
    private static void HasRoom(Chromium browser, int width, int height)
    {
        browser.Size(width, height);
        browser.Picture($"alarms-conflict-{width}x{height}");
        string small = browser.Evaluate("""
            [...document.querySelectorAll('#alarm-list button, #alarm-list span, #alarm-list b')].filter(e => e.offsetParent)
              .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth || e.tagName === 'BUTTON' && e.offsetHeight < 48)
              .map(e => e.textContent).join('; ')
            """)!.GetValue<string>();
        Assert.Equal("", small);
        Assert.Equal(width, browser.Evaluate("document.documentElement.scrollWidth")!.GetValue<int>());
    }

    private string Send(RunningAppliance appliance, string study, string series, string uid, int version)
    {
        string file = scratch[$"version{version}.dcm"];
        SmallObject.WriteFile(file, SmallObject.Make(study, series, uid), uid);
        Command.Check("storescu", "-aec", RunningAppliance.AeTitle, "127.0.0.1", $"{appliance.Port}", file);
        return file;
    }
}
