using Appliance.Board;
using Appliance.Core;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Appliance.Tests.Board;

public sealed class PanelSignalsTests
{
    private static readonly BoardFile AllParts = new()
    {
        Board = "nowhere",
        Kind = BoardKind.Linux,
        Panel = new PanelFile
        {
            Chip = 250,
            Rgb = new RgbFile(1, 2, 3),
            Strip = new StripFile(250, 0, 8),
            Button = 4,
            Buzzer = 5,
            Display = new DisplayFile(250, 39, 20),
        },
    };

    private static readonly Lamp Service = new(LampColour.Red, LampPattern.Steady, "needs service", LampSound.Service);

    [Fact]
    public void Every_colour_of_every_pattern_is_lit_at_some_moment_and_no_two_colours_look_alike()
    {
        foreach (LampPattern pattern in Enum.GetValues<LampPattern>())
        {
            double[] levels = [.. Enumerable.Range(0, 100).Select(i => PanelSignals.Level(pattern, TimeSpan.FromMilliseconds(20 * i)))];
            Assert.All(levels, level => Assert.InRange(level, 0, 1));
            Assert.True(levels.Max() > 0.9);
            Assert.Equal(pattern == LampPattern.Steady, levels.Min() > 0.9);
        }

        Assert.Equal(4, Enum.GetValues<LampColour>().Select(PanelSignals.Light).Distinct().Count());
    }

    [Fact]
    public void The_buzzer_beeps_three_times_a_minute_for_service_and_never_else_nor_when_it_is_muted()
    {
        bool[] minute =
        [
            .. Enumerable.Range(0, 6_000).Select(i => PanelSignals.Sounds(LampSound.Service, TimeSpan.FromMilliseconds(10 * i), false)),
        ];
        int begins = minute.Where((sounds, i) => sounds && (i == 0 || !minute[i - 1])).Count();

        Assert.Equal(3, begins);
        Assert.Equal(60, minute.Count(sounds => sounds));
        Assert.True(PanelSignals.Sounds(LampSound.Service, TimeSpan.FromMinutes(1), false));
        Assert.False(PanelSignals.Sounds(LampSound.Service, TimeSpan.Zero, true));
        Assert.False(PanelSignals.Sounds(LampSound.Silent, TimeSpan.Zero, false));
    }

    [Theory]
    [InlineData(20, 4)]
    [InlineData(16, 2)]
    public void The_display_says_every_lamp_in_lines_that_fit(int columns, int rows)
    {
        foreach ((string when, LampColour colour, LampPattern pattern) in Lamps.Legend)
        {
            IReadOnlyList<string> lines = PanelSignals.Lines(new Lamp(colour, pattern, when + " – ü"), columns, rows);

            Assert.InRange(lines.Count, 1, rows);
            Assert.All(lines, line => Assert.Equal(columns, line.Length));
            Assert.StartsWith(colour.ToString().ToUpperInvariant(), lines[0], StringComparison.Ordinal);
            Assert.All(lines, line => Assert.DoesNotContain(line, c => c > '}'));
        }
    }

    /// <summary>On the real drivers: this machine has none of these chips, which is what a cable that came loose looks like.</summary>
    [Fact]
    public void A_panel_without_its_parts_says_which_are_missing_and_goes_on_and_looks_for_them_again()
    {
        FakeTimeProvider time = new();
        using FrontPanel panel = new(AllParts, time);

        Assert.Null(panel.Set(new Lamp(LampColour.Red, LampPattern.Blinking, "needs service")));

        Assert.Equal(["lamp", "strip", "display", "buzzer", "button"], panel.Troubles.Select(trouble => trouble.Split(':')[0]));
        time.Advance(TimeSpan.FromMinutes(1));
        panel.Draw();
        Assert.Equal(5, panel.Troubles.Count);
    }

    [Fact]
    public void The_first_press_while_it_beeps_silences_it_and_the_next_asks_which_box_this_is()
    {
        using FrontPanel panel = new(AllParts with { Panel = new PanelFile() }, new FakeTimeProvider());
        int pressed = 0;
        panel.Pressed += () => pressed++;
        panel.Set(Service);

        panel.Press();
        Assert.Equal(0, pressed);
        panel.Press();
        Assert.Equal(1, pressed);

        // Another fault is another sound.
        panel.Set(new Lamp(LampColour.Green, LampPattern.Steady, "ready"));
        panel.Set(Service);
        panel.Press();
        Assert.Equal(1, pressed);
    }

    /// <summary>All lamps of a test as the ledger makes them, second by second, and what is heard at each picture of the panel.</summary>
    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(true, false, 4)]
    [InlineData(true, true, 0)]
    public void A_lamp_test_chirps_once_shortly_after_its_colours_and_not_where_somebody_silenced_the_buzzer(
        bool needsService, bool isMuted, int sounds)
    {
        FakeTimeProvider time = new();
        using FrontPanel panel = new(AllParts with { Panel = new PanelFile() }, time);
        Lamp before = needsService ? Service : new Lamp(LampColour.Green, LampPattern.Steady, "ready");
        panel.Set(before);
        if (isMuted)
        {
            panel.Press();
        }

        time.Advance(TimeSpan.FromSeconds(10));
        Lamp[] test =
        [
            .. Enum.GetValues<LampColour>().Select(colour => new Lamp(colour, LampPattern.Steady, "lamp test", before.Sound)),
            before with { Sound = LampSound.Test },
            before,
        ];
        List<bool> heard = [];
        foreach (Lamp lamp in test)
        {
            panel.Set(lamp);
            for (int ms = 0; ms < 2_000; ms += panel.FrameMs)
            {
                heard.Add(panel.IsToSound);
                time.Advance(TimeSpan.FromMilliseconds(panel.FrameMs));
            }
        }

        int perStep = 2_000 / panel.FrameMs;
        Assert.DoesNotContain(true, heard.Take(4 * perStep));
        Assert.Equal(isMuted ? 0 : 2, heard.Skip(4 * perStep).Take(perStep).Count(each => each));
        Assert.Equal(sounds, heard.Where((each, i) => each && (i == 0 || !heard[i - 1])).Count());
    }

    [Fact]
    public void Sensors_and_event_log_of_ipmitool_are_read_in_both_of_their_forms()
    {
        const string sensors = "Inlet Temp,04h,ok,7.1,23 degrees C\nExhaust Temp,01h,ok,7.1,81 degrees C\nGPU1 Temp,5,ns,7.1,No Reading\n"
            + "old,45,degrees C,ok\n";
        Temperature[] read = [.. IpmiText.Temperatures(sensors, name => name == "Exhaust Temp" ? 70 : null)];

        Assert.Equal([("Inlet Temp", 23.0), ("Exhaust Temp", 81.0), ("old", 45.0)], read.Select(each => (each.Sensor, each.Celsius)));
        Assert.Equal("Exhaust Temp", Assert.Single(read, each => each.TooHot).Sensor);

        const string log = "1,11/24/2026,22:00:00,Power Supply PS1,Failure detected,Asserted\n"
            + "2,11/24/2026,22:01:00,Temperature Inlet,Upper Critical going high,Asserted\n"
            + "3,11/24/2026,22:02:00,Power Supply PS1,Failure detected,Deasserted\nbroken line\n";
        Assert.Equal(["Temperature Inlet: Upper Critical going high"], IpmiText.Standing(log));
    }
}
