using System.Text;

namespace Appliance.Core;

/// <summary>Colours of the lamp. IEC 60073: red danger, yellow abnormal, green normal, blue mandatory action or identification.</summary>
public enum LampColour
{
    Green,
    Amber,
    Red,
    Blue,
}

/// <summary>How it lights. Never red and blinking: that is the language of clinical alarms (IEC 60601-1-8), and this is none.</summary>
public enum LampPattern
{
    Steady,

    /// <summary>A slow breath, two seconds: at work.</summary>
    Pulsing,

    /// <summary>Half a second on, half a second off: look here, or wait.</summary>
    Blinking,
}

/// <summary>What the buzzer does beside the lamp.</summary>
public enum LampSound
{
    Silent,

    /// <summary>Service is needed: a few beeps each minute, until somebody silences them.</summary>
    Service,

    /// <summary>The last step of a lamp test: one short chirp.</summary>
    Test,
}

/// <summary>What the lamp shows, and the same in words: colour alone is not enough for everyone.</summary>
public readonly record struct Lamp(LampColour Colour, LampPattern Pattern, string Meaning, LampSound Sound = LampSound.Silent);

/// <summary>From a snapshot to the lamp: pure. Nobody else lights anything.</summary>
public static class Lamps
{
    /// <summary>The legend, highest priority first: what stands above hides what stands below.</summary>
    public static IReadOnlyList<(string When, LampColour Colour, LampPattern Pattern)> Legend { get; } =
    [
        ("lamp test: each colour for a second, then the buzzer chirps", LampColour.Green, LampPattern.Steady),
        ("someone asked which box this is", LampColour.Blue, LampPattern.Blinking),
        ("fault, or an alarm that needs service", LampColour.Red, LampPattern.Steady),
        ("maintenance or update", LampColour.Blue, LampPattern.Steady),
        ("starting or stopping", LampColour.Amber, LampPattern.Blinking),
        ("degraded or attention, and at work", LampColour.Amber, LampPattern.Pulsing),
        ("degraded or attention", LampColour.Amber, LampPattern.Steady),
        ("ready and at work", LampColour.Green, LampPattern.Pulsing),
        ("ready", LampColour.Green, LampPattern.Steady),
    ];

    public static Lamp Show(Status status)
    {
        // What shows hides nothing that is heard: the buzzer follows the fault, whatever colour the lamp has meanwhile.
        bool service = status.Device == DeviceState.Fault || status.Alarms.Any(a => a.Level == AlarmLevel.Service);
        LampSound sound = status.BuzzerTest ? LampSound.Test : service ? LampSound.Service : LampSound.Silent;
        if (status.LampTest is { } colourOfTest)
        {
            return new Lamp(colourOfTest, LampPattern.Steady, "lamp test", sound);
        }

        Activity activity = status.Activity;
        bool attention = status.Device == DeviceState.Degraded || status.Alarms.Count > 0 || !status.Listener.Open;
        var seen = (status.Identify, service, status.Device, attention, activity.AtWork);
        (LampColour colour, LampPattern pattern, string meaning) = seen switch
        {
            (true, _, _, _, _) => (LampColour.Blue, LampPattern.Blinking, "this is the box"),
            (_, true, _, _, _) => (LampColour.Red, LampPattern.Steady, "needs service"),
            (_, _, DeviceState.Maintenance, _, _) => (LampColour.Blue, LampPattern.Steady, "maintenance"),
            (_, _, DeviceState.Updating, _, _) => (LampColour.Blue, LampPattern.Steady, "updating"),
            (_, _, DeviceState.Boot or DeviceState.SelfTest, _, _) => (LampColour.Amber, LampPattern.Blinking, "starting"),
            (_, _, DeviceState.ShuttingDown, _, _) => (LampColour.Amber, LampPattern.Blinking, "stopping"),
            (_, _, _, true, true) => (LampColour.Amber, LampPattern.Pulsing, $"attention; {activity.Words}"),
            (_, _, _, true, false) => (LampColour.Amber, LampPattern.Steady, "attention"),
            (_, _, _, false, true) => (LampColour.Green, LampPattern.Pulsing, activity.Words),
            _ => (LampColour.Green, LampPattern.Steady, "ready"),
        };
        return new Lamp(colour, pattern, meaning, sound);
    }

    public static string ToMarkdown()
    {
        StringBuilder text = new("| when | colour | pattern |\n|---|---|---|\n");
        foreach ((string when, LampColour colour, LampPattern pattern) in Legend)
        {
            text.Append($"| {when} | {colour} | {pattern} |\n");
        }

        return text.ToString();
    }
}
