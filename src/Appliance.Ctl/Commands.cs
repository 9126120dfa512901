using System.Globalization;
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
        Outcome<Answer<Snapshot>> answer = await daemon.Status(cancel);
        if (answer.Refused)
        {
            return Refuse(answer.Refusal.Text);
        }

        if (json)
        {
            answer.Value.WriteJson();
        }
        else if (Console.IsOutputRedirected)
        {
            StatusLines.Write(answer.Value.Said, Console.Out);
        }
        else
        {
            StatusView.Draw(answer.Value.Said, AnsiConsole.Console);
        }

        return ExitCode.Of(answer.Value.Said.Lamp);
    }

    public static async Task<int> Events(string socket, bool json, int last, CancellationToken cancel)
    {
        using Daemon daemon = new(socket);
        Outcome<Answer<EventsAnswer>> answer = await daemon.Events(cancel);
        if (answer.Refused)
        {
            return Refuse(answer.Refusal.Text);
        }

        if (json)
        {
            answer.Value.WriteJson();
            return ExitCode.Well;
        }

        foreach (EventRecord happened in answer.Value.Said.Events.TakeLast(last))
        {
            Show(happened);
        }

        return ExitCode.Well;
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
