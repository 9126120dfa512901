using System.Globalization;
using System.Security.Cryptography;
using Appliance.Core;
using Spectre.Console;

namespace Appliance.Ctl;

/// <summary>Commands that change something, or make the daemon look: one request, one answer.</summary>
internal static class Asking
{
    public static async Task<int> Ask(string socket, bool json, CommandVerb verb, string target, CancellationToken cancel)
    {
        using Daemon daemon = new(socket);
        Outcome<Answer<CommandAnswer>> asked = await daemon.Command(verb, target, cancel);
        if (asked.Refused)
        {
            return Commands.Refuse(asked.Refusal.Text);
        }

        if (json)
        {
            asked.Value.WriteJson();
        }
        else
        {
            Show(asked.Value.Said);
        }

        return CodeOf(asked.Value.Said);
    }

    /// <summary>PEM on standard output, or in a file; what is in it on standard error. Text in either case: it harms no terminal.</summary>
    public static async Task<int> Bundle(string socket, bool json, string? file, CancellationToken cancel)
    {
        using Daemon daemon = new(socket);
        Outcome<Answer<CommandAnswer>> asked = await daemon.Command(CommandVerb.Bundle, string.Empty, cancel);
        if (asked.Refused)
        {
            return Commands.Refuse(asked.Refusal.Text);
        }

        CommandAnswer answer = asked.Value.Said;
        if (json)
        {
            asked.Value.WriteJson();
            return CodeOf(answer);
        }

        if (!answer.Done || answer.Content is not byte[] cms)
        {
            return Commands.NotDone(answer.Text);
        }

        string pem = PemEncoding.WriteString("CMS", cms);
        try
        {
            await (file is null ? Console.Out.WriteLineAsync(pem) : File.WriteAllTextAsync(file, pem + "\n", cancel));
        }
        catch (Exception cannot) when (DiskFault.Is(cannot))
        {
            return Commands.NotDone(cannot.Message);
        }

        foreach (string member in answer.Lines)
        {
            Console.Error.WriteLine(member);
        }

        Console.Error.WriteLine(answer.Text);
        return ExitCode.Well;
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

        foreach (ContentConflict waiting in answer.Conflicts)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{waiting.Study} {waiting.Object}: series {waiting.Series}, {waiting.Bytes} bytes, "
                + $"came {waiting.Came.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"));
        }

        foreach (string line in answer.Lines)
        {
            Console.Out.WriteLine(line);
        }

        if (answer.Text.Length == 0)
        {
            return;
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
