using System.Globalization;
using System.Net.Sockets;

namespace Appliance.SystemTests.Guest;

/// <summary>
/// What the kernel has on the lines of the panel, some fifty times a second (tests/guest/panel-watch.c): red, green, blue and buzzer, e.g.
/// <c>0100</c> for green and silent, each with the guest's own clock: time since it started. All times here are of that clock.
/// </summary>
internal sealed class PanelLines : IDisposable
{
    private readonly NetworkStream wire;
    private readonly Lock gate = new();
    private readonly List<(TimeSpan At, string Lines)> seen = [];
    private TimeSpan before;
    private int runs;

    public PanelLines(NetworkStream wire)
    {
        this.wire = wire;
        _ = ReadAsync();
    }

    /// <summary>How often the machine has started since it was switched on, the first time included.</summary>
    public int Runs
    {
        get
        {
            lock (gate)
            {
                return runs;
            }
        }
    }

    /// <summary>The last that was seen of the run of the machine before this one.</summary>
    public TimeSpan EndOfRunBefore
    {
        get
        {
            lock (gate)
            {
                return before;
            }
        }
    }

    private TimeSpan Last
    {
        get
        {
            lock (gate)
            {
                return seen.Count == 0 ? TimeSpan.Zero : seen[^1].At;
            }
        }
    }

    /// <summary>Red, green, blue and buzzer of all samples since then.</summary>
    public IReadOnlyList<(TimeSpan At, string Lines)> Since(TimeSpan then)
    {
        lock (gate)
        {
            int first = seen.FindLastIndex(each => each.At < then) + 1;
            return seen[first..];
        }
    }

    /// <summary>Waits until something is so, which must be within so long by the guest's clock.</summary>
    public void Await(Func<bool> isSo, string what, TimeSpan limit)
    {
        TimeSpan begin = Last;
        Wait.Until(
            () => isSo() || (Last - begin <= limit ? false : throw new TimeoutException(
                $"{what}: not within {limit.TotalSeconds} s of the guest's clock; seen: {string.Join(' ', Colours(begin).TakeLast(20))}")),
            what, GuestMachine.Patience);
    }

    /// <summary>From some moment after then, the lamp shows this colour, e.g. <c>110</c>, and nothing else for 1.5 s.</summary>
    /// <returns>When that began.</returns>
    public TimeSpan AwaitSteady(string rgb, TimeSpan then, TimeSpan limit)
    {
        TimeSpan began = default;
        Await(() => (began = FirstSteady(rgb, then)) != default, $"{rgb}, steady", limit);
        return began;
    }

    /// <summary>The lamp shows this colour and dark in turns, and no other, for some moments after then.</summary>
    public void AwaitTurns(string rgb, TimeSpan then, TimeSpan limit) =>
        Await(() => HasTurns(rgb, then), $"{rgb} and dark in turns", limit);

    public bool HasTurns(string rgb, TimeSpan then)
    {
        string[] colours = [.. Since(then).Select(each => each.Lines[..3])];
        int start = Array.IndexOf(colours, rgb);
        return start >= 0 && Changes(colours[start..]).Take(4).SequenceEqual([rgb, "000", rgb, "000"]);
    }

    /// <summary>The lamp shows these colours after then, in this order, whatever else between them.</summary>
    public void AwaitColours(string[] expected, TimeSpan then, TimeSpan limit) => Await(
        () =>
        {
            int next = 0;
            foreach (string colour in Colours(then))
            {
                next += next < expected.Length && colour == expected[next] ? 1 : 0;
            }

            return next == expected.Length;
        },
        string.Join(", ", expected), limit);

    /// <summary>The colours since then, each once as it came.</summary>
    public IReadOnlyList<string> Colours(TimeSpan then) => Changes(Since(then).Select(each => each.Lines[..3]));

    /// <summary>
    /// Times after then when the buzzer sounded after a pause. Between two beeps lie 200 ms less one picture of 50; within one the emulated
    /// processor may leave the thread that makes the tone waiting for half of it.
    /// </summary>
    public int Beeps(TimeSpan then)
    {
        int beeps = 0;
        TimeSpan? last = null;
        foreach ((TimeSpan at, _) in Since(then).Where(each => each.Lines[3] == '1'))
        {
            beeps += last is null || at - last > TimeSpan.FromMilliseconds(140) ? 1 : 0;
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

    private static (TimeSpan At, string Lines)? Read(string line) =>
        line.Split(' ') is [string at, { Length: 4 } lines] && lines.All(c => c is '0' or '1')
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out long ms)
            ? (TimeSpan.FromMilliseconds(ms), lines)
            : null;

    private TimeSpan FirstSteady(string rgb, TimeSpan then)
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
                // What is half a line was cut by a reset.
                if (Read(line) is (TimeSpan at, string lines))
                {
                    Keep(at, lines);
                }
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // The machine is switched off.
        }
    }

    private void Keep(TimeSpan at, string lines)
    {
        lock (gate)
        {
            // A clock that goes back is the next run of the machine.
            if (seen.Count == 0 || at < seen[^1].At)
            {
                runs++;
                before = seen.Count == 0 ? TimeSpan.Zero : seen[^1].At;
                seen.Clear();
            }

            seen.Add((at, lines));
        }
    }
}
