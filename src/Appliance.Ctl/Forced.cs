using Appliance.Core;

namespace Appliance.Ctl;

/// <summary>
/// What an SSH login of user <c>service</c> may do: sshd runs <c>appliancectl --forced</c> whatever was asked for, and what was asked
/// for is in SSH_ORIGINAL_COMMAND (sshd_config(5), ForceCommand). It is split here; no shell ever sees it.
/// </summary>
internal static class Forced
{
    /// <summary>The argument that sshd gives.</summary>
    public const string Option = "--forced";

    /// <summary>Set by sshd to what the client asked for; absent for a login without a command.</summary>
    public const string CommandVariable = "SSH_ORIGINAL_COMMAND";

    /// <summary>Set by the option <c>environment=</c> of the key: <c>viewer</c> or <c>service</c>. Without it: viewer.</summary>
    public const string RoleVariable = "APPLIANCE_ROLE";

    private const string ServiceRole = "service";

    private const string PatientData = "--phi";

    // Where the word in the middle is empty every subcommand is meant.
    private static readonly (string Command, string Sub)[] ForViewers =
    [
        ("status", ""), ("watch", ""), ("events", ""), ("log", ""), ("latency", ""), ("studies", "list"), ("studies", "show"),
        ("conflicts", "list"),
        ("alarms", "list"), ("app", "list"), ("config", "get"), ("config", "diff"), ("--help", ""), ("--version", ""),
    ];

    private static readonly string[] ForService =
    [
        "status", "watch", "events", "log", "latency", "studies", "conflicts", "alarms", "app", "dest", "test", "phantom", "identify",
        "lamp", "config", "bundle", "reboot",
        "--help", "--version",
    ];

    private static readonly string[] Options = ["--json", "--last", "--count", "--follow", "--help", "--version", "--phi", "--now"];

    /// <summary>The words to run, or why not. The refusal repeats nothing of what was asked for.</summary>
    public static Outcome<string[]> Words(string? original, string? role)
    {
        if (original is null)
        {
            return new[] { "status" };
        }

        if (original.Length > Limits.ForcedCommandChars)
        {
            return Refuse("the command is too long");
        }

        // 1. Letters, digits and what names are made of: nothing that a shell, a terminal or a response file would take for its own.
        if (!original.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '.' or ':' or '/'))
        {
            return Refuse("only letters, digits, - _ . : / and spaces are understood");
        }

        string[] words = original.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return new[] { "status" };
        }

        // 2. Options that change who is asked are not for whoever comes from outside.
        if (words.Any(word => word.StartsWith('-') && !Options.Contains(word)))
        {
            return Refuse("no such option here");
        }

        // 3. The role.
        string sub = words.Length > 1 ? words[1] : "";
        bool allowed = role == ServiceRole
            ? ForService.Contains(words[0])
            : !words.Contains(PatientData) && ForViewers.Any(row => row.Command == words[0] && (row.Sub.Length == 0 || row.Sub == sub));
        return allowed ? words : Refuse(role == ServiceRole ? "no such command; try --help" : "no such command for the role viewer");
    }

    private static Refusal Refuse(string why) => new(RefusalReason.NotReachable, why);
}
