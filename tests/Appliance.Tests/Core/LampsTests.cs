using Appliance.Core;
using Xunit;

namespace Appliance.Tests.Core;

public sealed class LampsTests
{
    [Fact]
    public void Ready_and_idle_is_green_and_steady()
    {
        Assert.Equal(new Lamp(LampColour.Green, LampPattern.Steady, "ready"), Lamps.Show(SampleStatus.Ready()));
    }

    [Theory]
    [InlineData(StudyState.Receiving, "receiving")]
    [InlineData(StudyState.Analysing, "analysing")]
    public void A_study_at_work_pulses_green(StudyState state, string meaning)
    {
        Status status = SampleStatus.Ready() with { Studies = [SampleStatus.Study("a", state)] };

        Assert.Equal(new Lamp(LampColour.Green, LampPattern.Pulsing, meaning), Lamps.Show(status));
    }

    [Fact]
    public void Sending_pulses_but_waiting_for_a_destination_that_is_down_does_not()
    {
        DestinationStatus up = SampleStatus.Destination("a") with { Owed = 5 };
        Status status = SampleStatus.Ready() with { Studies = [SampleStatus.Study("a", StudyState.Delivering)], Destinations = [up] };

        Assert.Equal("sending", status.Lamp.Meaning);
        Assert.Equal(LampPattern.Pulsing, status.Lamp.Pattern);
        Assert.Equal(LampPattern.Steady, (status with { Destinations = [up with { Reachable = false }] }).Lamp.Pattern);
        Assert.Equal(LampPattern.Steady, (status with { Destinations = [up with { Paused = true }] }).Lamp.Pattern);
        Assert.Equal(LampPattern.Steady, (status with { Destinations = [up with { Held = 5 }] }).Lamp.Pattern);
    }

    /// <summary>Every combination of what the lamp looks at: 8 states x alarms x identify x listener x work.</summary>
    [Fact]
    public void Every_combination_gives_a_pattern_of_the_legend_and_none_that_lies()
    {
        bool[] both = [false, true];
        int seen = 0;
        foreach (DeviceState device in Enum.GetValues<DeviceState>())
        {
            foreach (AlarmLevel? alarm in new AlarmLevel?[] { null, AlarmLevel.Attention, AlarmLevel.Service })
            {
                foreach ((bool identify, bool open, bool work) in both.SelectMany(i => both.SelectMany(o => both.Select(w => (i, o, w)))))
                {
                    Check(device, alarm, identify, open, work);
                    seen++;
                }
            }
        }

        Assert.Equal(8 * 3 * 8, seen);
    }

    private static void Check(DeviceState device, AlarmLevel? alarm, bool identify, bool open, bool work)
    {
        Status status = SampleStatus.Ready() with
        {
            Device = device,
            Identify = identify,
            Listener = SampleStatus.Ready().Listener with { Open = open },
            Studies = work ? [SampleStatus.Study("a", StudyState.Receiving)] : [],
            Alarms = alarm is { } level ? [new Alarm(DeviceEvent.DiskFull, level, "a", "b", SampleStatus.Now)] : [],
        };
        Lamp lamp = Lamps.Show(status);

        Assert.Contains(Lamps.Legend, l => l.Colour == lamp.Colour && l.Pattern == lamp.Pattern);
        Assert.NotEmpty(lamp.Meaning);
        Assert.Equal(identify, lamp is { Colour: LampColour.Blue, Pattern: LampPattern.Blinking });
        if (lamp.Colour == LampColour.Green)
        {
            Assert.True(device == DeviceState.Ready && alarm is null && open, $"green in {device}, alarm {alarm}, open {open}");
        }

        if (!identify)
        {
            Assert.Equal(device == DeviceState.Fault || alarm == AlarmLevel.Service, lamp.Colour == LampColour.Red);
        }

        Assert.False(lamp is { Colour: LampColour.Red, Pattern: not LampPattern.Steady }, "flashing red is for clinical alarms");
    }

    [Fact]
    public void The_drawing_says_colour_and_meaning_in_words_too()
    {
        Lamp lamp = Lamps.Show(SampleStatus.Busy());

        Assert.Equal("(◉) amber, pulsing: attention; receiving, analysing, sending", LampDrawing.Line(lamp, colours: false));
        Assert.StartsWith("(\e[38;5;214m◉\e[0m) amber", LampDrawing.Line(lamp, colours: true), StringComparison.Ordinal);
    }
}
