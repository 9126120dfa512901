using System.Globalization;
using System.Text;
using System.Text.Json;
using Appliance.Core;
using Spectre.Console;

namespace Appliance.Ctl;

/// <summary>What goes on until somebody stops it: the status as it changes, the log as it grows.</summary>
internal static class Watching
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(Limits.WatchMs);

    /// <summary>In a terminal the whole status, drawn again; in a pipe a line whenever the lamp or a study changes.</summary>
    /// <param name="count">So many looks, then the end; 0 for no end.</param>
    public static async Task<int> Status(string socket, bool json, int count, CancellationToken cancel)
    {
        string shown = string.Empty;
        using PeriodicTimer timer = new(Period);
        using Daemon daemon = new(socket);
        try
        {
            for (int looks = 1; ; looks++)
            {
                Outcome<Answer<Core.Status>> answer = await daemon.Status(cancel);
                if (answer.Refused)
                {
                    return Commands.Refuse(answer.Refusal.Text);
                }

                shown = Show(answer.Value, json, shown);
                if (looks == count)
                {
                    return ExitCode.Of(answer.Value.Said.Lamp);
                }

                await timer.WaitForNextTickAsync(cancel);
            }
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Well;
        }
    }

    /// <summary>The daemon's log, from the black box: what journalctl has of this start.</summary>
    public static async Task<int> Log(string socket, bool json, int last, bool follow, CancellationToken cancel)
    {
        long after = -1;
        using PeriodicTimer timer = new(Period);
        using Daemon daemon = new(socket);
        try
        {
            do
            {
                Outcome<Answer<EventsAnswer>> answer = await daemon.Events(cancel);
                if (answer.Refused)
                {
                    return Commands.Refuse(answer.Refusal.Text);
                }

                IReadOnlyList<EventRecord> events = answer.Value.Said.Events;

                // A daemon that was started again counts from 1.
                after = events.Count > 0 && events[^1].Sequence < after ? 0 : after;
                foreach (EventRecord happened in after < 0 ? events.TakeLast(last) : events.Where(each => each.Sequence > after))
                {
                    Console.Out.WriteLine(json ? OneLine(happened) : happened.ToLine(journald: false));
                }

                after = events.Count > 0 ? events[^1].Sequence : 0;
            }
            while (follow && await timer.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException)
        {
            // Stopped by hand.
        }

        return ExitCode.Well;
    }

    private static string Show(Answer<Core.Status> answer, bool json, string shown)
    {
        if (!json && !Console.IsOutputRedirected)
        {
            AnsiConsole.Clear();
            StatusView.Draw(answer.Said, AnsiConsole.Console);
            return shown;
        }

        string line = json ? OneLine(answer.Json) : Line(answer.Said);
        if (json || line != shown)
        {
            Console.Out.WriteLine(json ? line : $"{answer.Said.TakenAt.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {line}");
        }

        return line;
    }

    private static string Line(Core.Status status)
    {
        StringBuilder line = new(LampDrawing.Words(status.Lamp));
        foreach (StudyStatus study in status.Studies)
        {
            line.Append(CultureInfo.InvariantCulture, $"; {study.Key[..Math.Min(8, study.Key.Length)]} {study.State} {study.Owed} owed");
        }

        return line.ToString();
    }

    private static string OneLine(EventRecord happened) => JsonSerializer.Serialize(happened, LineContext.Default.EventRecord);

    private static string OneLine(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, LineContext.Default.JsonElement);
    }
}
