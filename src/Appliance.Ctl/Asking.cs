using System.Globalization;
using System.Text;
using System.Text.Json;
using Appliance.Core;
using Spectre.Console;

namespace Appliance.Ctl;

/// <summary>Commands that change something, or make the daemon look: one request, one answer.</summary>
internal static class Asking
{
    public static async Task<int> Ask(string socket, bool json, CommandVerb verb, string target, CancellationToken cancel)
    {
        using Daemon daemon = new(socket);
        Outcome<byte[]> answer = await daemon.Post(CommandJson.Path, CommandJson.Write(new CommandRequest(verb, target)), cancel);
        if (answer.Refused)
        {
            return Commands.Refuse(answer.Refusal.Text);
        }

        CommandAnswer read;
        try
        {
            read = CommandJson.ReadAnswer(answer.Value);
        }
        catch (JsonException e)
        {
            return Commands.Refuse($"the answer on {socket} is not understood: {e.Message}");
        }

        if (json)
        {
            Console.Out.WriteLine(Encoding.UTF8.GetString(answer.Value));
        }
        else
        {
            Show(read);
        }

        return CodeOf(read);
    }

    /// <summary>A self-test speaks as the lamp does; everything else is done or not.</summary>
    private static int CodeOf(CommandAnswer answer) => answer switch
    {
        { Done: false } => ExitCode.NotDone,
        { Checks.Count: 0 } => ExitCode.Well,
        _ when answer.Checks.Any(check => check.Verdict == CheckVerdict.Fault) => ExitCode.Service,
        _ => answer.Checks.Any(check => check.Verdict == CheckVerdict.Degraded) ? ExitCode.Attention : ExitCode.Well,
    };

    private static void Show(CommandAnswer answer)
    {
        foreach (CheckResult check in answer.Checks)
        {
            Show(check);
        }

        foreach ((string organ, double dice) in answer.Dice ?? new Dictionary<string, double>())
        {
            Console.Out.WriteLine($"{organ,-16} {dice.ToString("0.000", CultureInfo.InvariantCulture)}");
        }

        TextWriter to = answer.Done ? Console.Out : Console.Error;
        to.WriteLine(answer.Done ? answer.Text : $"appliancectl: {answer.Text}");
    }

    private static void Show(CheckResult check)
    {
        string verdict = check.Verdict.ToString().ToLowerInvariant();
        string remedy = check.Remedy.Length == 0 ? string.Empty : $"; {check.Remedy}";
        if (Console.IsOutputRedirected)
        {
            Console.Out.WriteLine($"{check.Name}: {verdict}, {check.Text}{remedy}");
            return;
        }

        string colour = check.Verdict switch { CheckVerdict.Pass => "green3", CheckVerdict.Degraded => "orange1", _ => "red" };
        AnsiConsole.MarkupLine($"[{colour}]{verdict,-9}[/] {check.Name,-13} {Markup.Escape(check.Text)}[grey]{Markup.Escape(remedy)}[/]");
    }
}
