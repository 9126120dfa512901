using System.Diagnostics;
using System.Net.Sockets;

namespace Appliance.SystemTests.Guest;

/// <summary>
/// What the kernel has on the lines of the panel, as gpio-sim's sysfs shows it: red, green, blue and buzzer, e.g. <c>0100</c> for green and
/// silent, some fifty times a second.
/// </summary>
internal sealed class PanelLines : IDisposable
{
    private readonly NetworkStream wire;
    private readonly Lock gate = new();
    private readonly List<(TimeSpan At, string Lines)> seen = [];
    private readonly Stopwatch clock = Stopwatch.StartNew();

    public PanelLines(NetworkStream wire)
    {
        this.wire = wire;
        _ = ReadAsync();
    }

    public TimeSpan Now => clock.Elapsed;

    /// <summary>Red, green and blue of all samples since then.</summary>
    public IReadOnlyList<(TimeSpan At, string Lines)> Since(TimeSpan then)
    {
        lock (gate)
        {
            return [.. seen.Where(each => each.At >= then)];
        }
    }

    /// <summary>From some moment after then, the lamp shows this colour, e.g. <c>110</c>, and nothing else for 1.5 s.</summary>
    /// <returns>When that began.</returns>
    public TimeSpan AwaitSteady(string rgb, TimeSpan then, TimeSpan limit)
    {
        TimeSpan began = default;
        Wait.Until(() => (began = LastRun(rgb, then)) != default, $"{rgb}, steady", limit);
        return began;
    }

    /// <summary>The lamp shows this colour and dark in turns, and no other, for some moments after then.</summary>
    public void AwaitTurns(string rgb, TimeSpan then, TimeSpan limit) =>
        Wait.Until(() => HasTurns(rgb, then), $"{rgb} and dark in turns", limit);

    public bool HasTurns(string rgb, TimeSpan then)
    {
        string[] colours = [.. Since(then).Select(each => each.Lines[..3])];
        int start = Array.IndexOf(colours, rgb);
        return start >= 0 && Changes(colours[start..]).Take(4).SequenceEqual([rgb, "000", rgb, "000"]);
    }

    /// <summary>The colours since then, each once as it came.</summary>
    public IReadOnlyList<string> Colours(TimeSpan then) => Changes(Since(then).Select(each => each.Lines[..3]));

    /// <summary>Times after then when the buzzer, silent for a tenth of a second, sounded.</summary>
    public int Beeps(TimeSpan then)
    {
        int beeps = 0;
        TimeSpan? last = null;
        foreach ((TimeSpan at, _) in Since(then).Where(each => each.Lines[3] == '1'))
        {
            beeps += last is null || at - last > TimeSpan.FromMilliseconds(100) ? 1 : 0;
            last = at;
        }

        return beeps;
    }

    public void Dispose() => wire.Dispose();

    private static List<string> Changes(IEnumerable<string> colours)
    {
        List<string> changes = [];
        foreach (string colour in colours)
        {
            if (changes.Count == 0 || changes[^1] != colour)
            {
                changes.Add(colour);
            }
        }

        return changes;
    }

    private TimeSpan LastRun(string rgb, TimeSpan then)
    {
        TimeSpan began = default;
        foreach ((TimeSpan at, string lines) in Since(then))
        {
            bool isIt = lines.StartsWith(rgb, StringComparison.Ordinal);
            began = !isIt ? default : began == default ? at : began;
            if (began != default && at - began >= TimeSpan.FromSeconds(1.5))
            {
                return began;
            }
        }

        return default;
    }

    private async Task ReadAsync()
    {
        using StreamReader reader = new(wire, leaveOpen: true);
        try
        {
            while (await reader.ReadLineAsync() is string line)
            {
                if (line.Length == 4 && line.All(c => c is '0' or '1'))
                {
                    lock (gate)
                    {
                        seen.Add((clock.Elapsed, line));
                    }
                }
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // The machine is switched off.
        }
    }
}
