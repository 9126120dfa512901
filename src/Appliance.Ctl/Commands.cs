using System.Globalization;
using System.Text;
using System.Text.Json;
using Appliance.Core;
using Spectre.Console;
using Snapshot = Appliance.Core.Status;

namespace Appliance.Ctl;

/// <summary>What each command does. Tables in a terminal, plain lines in a pipe.</summary>
internal static class Commands
{
    public static async Task<int> Status(string socket, bool json, CancellationToken cancel)
    {
        using Daemon daemon = new(socket);
        Outcome<byte[]> answer = await daemon.Get(StatusJson.StatusPath, cancel);
        if (answer.Refused)
        {
            return Refuse(answer.Refusal.Text);
        }

        try
        {
            Snapshot status = StatusJson.ReadStatus(answer.Value);
            if (json)
            {
                Console.Out.WriteLine(Encoding.UTF8.GetString(answer.Value));
            }
            else if (Console.IsOutputRedirected)
            {
                StatusLines.Write(status, Console.Out);
            }
            else
            {
                StatusView.Draw(status, AnsiConsole.Console);
            }

            return ExitCode.Of(status.Lamp);
        }
        catch (JsonException e)
        {
            return Refuse($"the answer on {socket} is not understood: {e.Message}");
        }
    }

    public static async Task<int> Events(string socket, bool json, int last, CancellationToken cancel)
    {
        using Daemon daemon = new(socket);
        Outcome<byte[]> answer = await daemon.Get(StatusJson.EventsPath, cancel);
        if (answer.Refused)
        {
            return Refuse(answer.Refusal.Text);
        }

        try
        {
            EventsAnswer events = StatusJson.ReadEvents(answer.Value);
            if (json)
            {
                Console.Out.WriteLine(Encoding.UTF8.GetString(answer.Value));
                return ExitCode.Well;
            }

            foreach (EventRecord happened in events.Events.TakeLast(last))
            {
                Show(happened);
            }

            return ExitCode.Well;
        }
        catch (JsonException e)
        {
            return Refuse($"the answer on {socket} is not understood: {e.Message}");
        }
    }

    /// <summary>Refused or failed, for a reason of its own.</summary>
    public static int NotDone(string why)
    {
        Console.Error.WriteLine($"appliancectl: {why}");
        return ExitCode.NotDone;
    }

    /// <summary>Nobody answers, or not what is understood.</summary>
    public static int Refuse(string why)
    {
        Console.Error.WriteLine($"appliancectl: {why}");
        return ExitCode.NotReachable;
    }

    private static void Show(EventRecord happened)
    {
        if (Console.IsOutputRedirected)
        {
            string when = happened.When.ToString("yyyy-MM-dd'T'HH:mm:ss.fffK", CultureInfo.InvariantCulture);
            Console.Out.WriteLine($"{when} {happened.Level} {happened.Number} {happened.Name}: {happened.Text}");
            return;
        }

        string colour = happened.Level switch { EventLevel.Error => "red", EventLevel.Warning => "orange1", _ => "default" };
        string time = happened.When.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        AnsiConsole.MarkupLine($"[grey]{time} {happened.Number}[/] [{colour}]{Markup.Escape(happened.Text)}[/]");
    }
}
