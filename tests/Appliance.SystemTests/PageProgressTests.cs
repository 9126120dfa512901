using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>A study in the middle of a paced reception, in a real Chromium: it is seen how much of it is analysed already.</summary>
public sealed class PageProgressTests : IDisposable
{
    /// <summary>Fewer than the ruler's first scale: it does not change, so that no bar has a reason to run backwards.</summary>
    private const int Slices = 90;

    private const string NoteWhatIsShown = """
        window.seen = [];
        const look = () => {
          const card = document.querySelector('.card');
          if (!card) return;
          const bar = step => parseFloat(card.querySelector(`[data-step=${step}] i`).style.width);
          seen.push({ state: card.dataset.state, receive: bar('receive'), analyse: bar('analyse'),
            step: card.querySelector('[data-step=analyse]').dataset.now, text: card.querySelector('[data-step=analyse] em').textContent,
            pane: document.querySelector('#glance .annotated p')?.textContent ?? '', say: document.getElementById('say').textContent });
        };
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_bar_of_the_analysis_runs_beside_that_of_the_reception_and_never_ahead_of_it_nor_backwards()
    {
        PageTests.Needs("storescp");
        string series = Series.Make(
            scratch["phantom"], 33, "--slices", $"{Slices}", "--thickness", "3", "--rows", "192", "--spacing", "2.1");
        using StoreScp receiver = new(scratch["received"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", receiver.Port));
        using Chromium browser = new(scratch.Make("profile"));
        browser.Size(1280, 800);
        browser.Open($"http://127.0.0.1:{appliance.ScreenPort}/");
        browser.Until("document.body.dataset.word === 'ready'", Limit);

        // 1. Whatever the page shows from now on is noted as it is shown.
        browser.Evaluate(NoteWhatIsShown);
        using (Process scanner = Command.Start(
            Place.Phantom, "send", "--folder", series, "--to", $"127.0.0.1:{appliance.Port}", "--called", RunningAppliance.AeTitle,
            "--calling", "SCANNER", "--rate", "10"))
        {
            // 2. In the middle of it the page, the service terminal and an opened study say how much is analysed.
            browser.Until("seen.some(each => each.state === 'Receiving' && each.analyse > 0 && each.pane.startsWith('Analysed'))", Limit);
            string listed = Command.Run(Place.Ctl, "studies", "list", "--socket", appliance.Socket).Output;
            Assert.Matches($"^study: [0-9a-f]+ Receiving, [0-9]+ in, [1-9][0-9]* analysed, 0 made, ", listed);
            browser.Evaluate("document.querySelector('.card .open').click()");
            browser.Until(
                @"/^Analysed while it arrives: [1-9]\d* of \d+ slices$/.test(document.querySelector('#study .note').textContent)", Limit);
            scanner.WaitForExit();
        }

        // 3. In the end both are full.
        appliance.WaitUntilDelivered(1, Limit);
        browser.Until("document.querySelector('.card').dataset.state === 'Sent'", Limit);
        JsonArray seen = browser.Evaluate("seen")!.AsArray();
        Moment[] moments = [.. seen.Select(each => new Moment(
            (string)each!["state"]!, (double)each["receive"]!, (double)each["analyse"]!, (string)each["step"]!, (string)each["text"]!,
            (string)each["pane"]!, (string)each["say"]!))];
        Assert.Equal((100, 100, "done"), (moments[^1].Receive, moments[^1].Analyse, moments[^1].Step));

        Moment[] inBetween = [.. moments.Where(each => each is { State: "Receiving", Analyse: > 0 }).Distinct()];
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", inBetween.Select(each => each.Text).Distinct()));
        Assert.True(inBetween.Select(each => each.Analyse).Distinct().Count() > 5, "the bar did not grow before the eyes");
        Assert.All(inBetween, each => Assert.InRange(each.Analyse, 0, each.Receive));
        Assert.All(inBetween, each => Assert.Equal("here", each.Step));

        // A scanner that stands still for seconds ends the series, and what comes then is analysed anew: not of that is this test.
        double[] first = [.. moments.TakeWhile(each => each.State == "Receiving").Select(each => each.Analyse)];
        Assert.Equal(first.Order(), first);
        Assert.Contains(inBetween, each => each.Text == $"{each.Analyse:0} of {each.Receive:0}");
        Assert.Contains(inBetween, each => each.Pane == $"Analysed while it arrives: {each.Analyse:0} of {each.Receive:0} slices");
        Assert.Contains(inBetween, each => each.Say == $"CT, {each.Receive:0} slices received, {each.Analyse:0} analysed");
        Assert.Empty(browser.Complaints);
    }

    private sealed record Moment(string State, double Receive, double Analyse, string Step, string Text, string Pane, string Say);
}
