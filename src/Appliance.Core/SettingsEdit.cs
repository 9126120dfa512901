using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Appliance.Core;

/// <summary>
/// Changes of a settings text, key by key: comments and everything else stay as they are. A key is written <c>listener.port</c>,
/// <c>data_dir</c> or, of a destination, <c>destination.NAME.port</c>.
/// </summary>
public static class SettingsEdit
{
    private const string List = "destination";

    // Where the journal and the socket are decides who answers at all: that is changed at the machine.
    private static readonly string[] Fixed = ["data_dir", "runtime_dir"];

    private static readonly string[] Secret = ["password", "secret", "token"];

    /// <summary>The value as it is written, or null where the default holds.</summary>
    public static string? Get(string toml, string key) =>
        Place(SyntaxParser.Parse(toml), key) is { Value: { } value } ? Text(toml, value.Span) : null;

    /// <summary>The text with the key changed or added.</summary>
    /// <param name="value">As in the file; a text may be without its quotes.</param>
    public static Outcome<string> Set(string toml, string key, string value)
    {
        if (Parts(key) is not string[] parts || Fixed.Contains(key))
        {
            return Bad($"{key} cannot be set here");
        }

        string? problem = null;
        foreach (string literal in Literals(value))
        {
            string changed = With(toml, parts, literal);
            int line = Place(SyntaxParser.Parse(changed), key)?.Span.Start.Line + 1 ?? 0;
            SettingsError? error = Settings.Read(changed).Errors.FirstOrDefault(each => each.Line == line);
            if (error is null)
            {
                return changed;
            }

            problem ??= $"{error.Problem} {error.Remedy}";
        }

        return Bad(problem ?? "this is no value");
    }

    /// <summary>The text without the key, or without the destination.</summary>
    public static Outcome<string> Unset(string toml, string key)
    {
        DocumentSyntax document = SyntaxParser.Parse(toml);
        string[] parts = key.Split('.');
        if (parts is [List, string name] && Destination(document, name) is TableSyntaxBase table)
        {
            int next = document.Tables.Select(each => LineStart(toml, each.Span.Start.Offset))
                .Where(offset => offset > table.Span.Start.Offset).DefaultIfEmpty(toml.Length).Min();
            return toml.Remove(LineStart(toml, table.Span.Start.Offset), next - LineStart(toml, table.Span.Start.Offset));
        }

        if (Place(document, key) is not KeyValueSyntax pair)
        {
            return Bad($"{key} is not set");
        }

        int from = LineStart(toml, pair.Span.Start.Offset);
        return toml.Remove(from, LineEnd(toml, pair.Value!.Span.End.Offset) - from);
    }

    /// <summary>Lines that go, with -, and lines that come, with +; values of secrets are not shown.</summary>
    public static IReadOnlyList<string> Diff(string before, string after)
    {
        string[] a = before.Split('\n');
        string[] b = after.Split('\n');
        int[,] common = new int[a.Length + 1, b.Length + 1];
        for (int i = a.Length - 1; i >= 0; i--)
        {
            for (int j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        List<string> lines = [];
        for ((int i, int j) = (0, 0); i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                (i, j) = (i + 1, j + 1);
            }
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add($"- {Shown(a[i++])}");
            }
            else
            {
                lines.Add($"+ {Shown(b[j++])}");
            }
        }

        return lines;
    }

    /// <summary>A line of the file as others may see it.</summary>
    public static string Shown(string line) =>
        line.IndexOf('=', StringComparison.Ordinal) is > 0 and int equals
        && Secret.Any(word => line.AsSpan(0, equals).Contains(word, StringComparison.OrdinalIgnoreCase))
            ? $"{line[..equals]}= \"(hidden)\""
            : line.TrimEnd('\r');

    private static Refusal Bad(string why) => new(RefusalReason.BadSettings, why);

    private static string[]? Parts(string key)
    {
        string[] parts = key.Split('.');
        bool plain = parts.All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'));
        return plain && (parts.Length < 3 ? parts[0] != List : parts is [List, _, _]) ? parts : null;
    }

    private static IEnumerable<string> Literals(string value)
    {
        if (!SyntaxParser.Parse($"x = {value}\n").HasErrors && !value.Contains('\n', StringComparison.Ordinal))
        {
            yield return value;
        }

        if (!value.Any(char.IsControl))
        {
            yield return $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        }
    }

    private static string With(string toml, string[] parts, string literal)
    {
        DocumentSyntax document = SyntaxParser.Parse(toml);
        if (Place(document, string.Join('.', parts)) is { Value: { } value })
        {
            return string.Concat(toml.AsSpan(0, value.Span.Start.Offset), literal, toml.AsSpan(value.Span.End.Offset + 1));
        }

        string line = $"{parts[^1]} = {literal}\n";
        if (parts.Length == 1)
        {
            return line + toml;
        }

        if (Table(document, parts) is TableSyntaxBase table)
        {
            int at = LineEnd(toml, table.Span.Start.Offset);
            return toml.Insert(at, at > 0 && toml[at - 1] != '\n' ? "\n" + line : line);
        }

        string heading = parts.Length == 3 ? $"[[{List}]]\nname = \"{parts[1]}\"\n" : $"[{parts[0]}]\n";
        return $"{toml.TrimEnd('\n')}\n\n{heading}{line}";
    }

    private static KeyValueSyntax? Place(DocumentSyntax document, string key)
    {
        string[] parts = key.Split('.');
        SyntaxList<KeyValueSyntax>? pairs = parts.Length == 1 ? document.KeyValues : Table(document, parts)?.Items;
        return pairs?.FirstOrDefault(pair => Name(pair.Key) == parts[^1]);
    }

    private static TableSyntaxBase? Table(DocumentSyntax document, string[] parts) => parts.Length == 3
        ? Destination(document, parts[1])
        : document.Tables.FirstOrDefault(table => table is TableSyntax && Name(table.Name) == parts[0]);

    private static TableSyntaxBase? Destination(DocumentSyntax document, string name) => document.Tables.FirstOrDefault(
        table => table is TableArraySyntax && Name(table.Name) == List
            && table.Items.Any(pair => Name(pair.Key) == "name" && pair.Value is StringValueSyntax { Value: { } text } && text == name));

    private static string Name(KeySyntax? key) => key?.ToString().Trim() ?? string.Empty;

    private static string Text(string toml, SourceSpan span) => toml[span.Start.Offset..(span.End.Offset + 1)].Trim();

    private static int LineStart(string toml, int offset) => toml.LastIndexOf('\n', Math.Max(0, offset - 1), Math.Max(0, offset)) + 1;

    private static int LineEnd(string toml, int offset) =>
        toml.IndexOf('\n', offset) is >= 0 and int end ? end + 1 : toml.Length;
}
