using Appliance.Core;

namespace Appliance.Board;

/// <summary>What the parts of a panel do at a moment: pure, so that it can be seen without one.</summary>
public static class PanelSignals
{
    private const double PulseMs = 2_000;
    private const double BlinkMs = 1_000;

    /// <summary>How bright a pattern is, 0 to 1, so long after it began.</summary>
    public static double Level(LampPattern pattern, TimeSpan since) => pattern switch
    {
        LampPattern.Steady => 1,
        LampPattern.Blinking => since.TotalMilliseconds % BlinkMs < BlinkMs / 2 ? 1 : 0,
        _ => 0.5 - (0.45 * Math.Cos((since.TotalMilliseconds % PulseMs / PulseMs * 2 * Math.PI) + Math.PI)),
    };

    /// <summary>Red, green and blue, 0 to 1 each.</summary>
    public static (double Red, double Green, double Blue) Light(LampColour colour) => colour switch
    {
        LampColour.Green => (0, 1, 0),
        LampColour.Amber => (1, 0.45, 0),
        LampColour.Red => (1, 0, 0),
        _ => (0, 0, 1),
    };

    /// <summary>Whether the buzzer sounds: a few beeps when service is needed, and again each minute until it is muted.</summary>
    /// <remarks>Neither the bursts nor the tones of IEC 60601-1-8: this is no clinical alarm.</remarks>
    public static bool Sounds(LampColour colour, TimeSpan since, bool isMuted)
    {
        double at = since.TotalMilliseconds % Limits.BeepAgainMs;
        return colour == LampColour.Red && !isMuted && at < Limits.Beeps * 2 * Limits.BeepMs && (int)(at / Limits.BeepMs) % 2 == 0;
    }

    /// <summary>What the display says: the state in its first line, and as much of its meaning as fits.</summary>
    public static IReadOnlyList<string> Lines(Lamp lamp, int columns, int rows)
    {
        string[] words = lamp.Meaning.Split(' ');
        List<string> lines = [lamp.Colour.ToString().ToUpperInvariant()];
        string line = string.Empty;
        foreach (string word in words)
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (longer.Length > columns)
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
        }

        lines.Add(line);
        return [.. lines.Take(rows).Select(each => Plain(each, columns))];
    }

    // The character ROM of an HD44780 agrees with ASCII only.
    private static string Plain(string text, int columns) =>
        string.Concat(text.Take(columns).Select(c => c is >= ' ' and <= '}' ? c : '?')).PadRight(columns);
}
