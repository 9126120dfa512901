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

    /// <summary>
    /// Whether the buzzer sounds: a few beeps when service is needed, and again each minute; one chirp when it is tested; nothing once it
    /// is muted.
    /// </summary>
    /// <param name="since">Since that sound began.</param>
    /// <remarks>Neither the bursts nor the tones of IEC 60601-1-8: this is no clinical alarm.</remarks>
    public static bool Sounds(LampSound sound, TimeSpan since, bool isMuted)
    {
        double at = since.TotalMilliseconds % Limits.BeepAgainMs;
        return !isMuted && sound switch
        {
            LampSound.Service => at < Limits.Beeps * 2 * Limits.BeepMs && (int)(at / Limits.BeepMs) % 2 == 0,
            LampSound.Test => since.TotalMilliseconds < Limits.ChirpMs,
            _ => false,
        };
    }

    /// <summary>What the display says: the state in its first line, and as much of its meaning as fits.</summary>
    public static IReadOnlyList<string> Lines(Lamp lamp, int columns, int rows)
    {
        List<string> lines = [lamp.Colour.ToString().ToUpperInvariant(), .. Wrapped(lamp.Meaning, columns)];
        return [.. lines.Take(rows).Select(each => Plain(each, columns).PadRight(columns))];
    }

    /// <summary>What a display of pixels says: state, lamp in words, what is dialled in at the scanner, and the newest study.</summary>
    public static PanelRows Rows(Lamp lamp, Plate? plate)
    {
        const int Columns = 21;
        List<string> meaning = Wrapped(lamp.Meaning, Columns);
        string light = $"lamp {lamp.Colour}, {lamp.Pattern}".ToLowerInvariant();
        List<string> small = [meaning.Count > 1 ? meaning[1] : string.Empty, light];
        if (plate is Plate said)
        {
            small.AddRange([$"AE {said.AeTitle}", $"{said.Address}:{said.Port}", said.Study, said.StudyState]);
        }

        return new PanelRows(Plain(meaning[0], Columns), [.. small.Select(each => Plain(each, Columns))]);
    }

    private static List<string> Wrapped(string text, int columns)
    {
        List<string> lines = [];
        string line = string.Empty;
        foreach (string word in text.Split(' '))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (longer.Length > columns && line.Length > 0)
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
        }

        lines.Add(line);
        return lines;
    }

    // The character ROM of an HD44780 agrees with ASCII only, and so does the font of the other.
    private static string Plain(string text, int columns) =>
        string.Concat(text.Take(columns).Select(c => c is >= ' ' and <= '}' ? c : '?'));
}

/// <summary>The text of a display of pixels.</summary>
/// <param name="State">In large letters.</param>
/// <param name="Small">Below it, at most six lines of 21 characters.</param>
public sealed record PanelRows(string State, IReadOnlyList<string> Small);
