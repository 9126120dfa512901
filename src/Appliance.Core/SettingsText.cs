using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Appliance.Core;

/// <summary>The settings file as sections of keys, each with its line. It and SettingsEdit know Tomlyn.</summary>
/// <remarks>
/// Read from the syntax tree and not through a model: the tree knows lines, finds a key that is there twice,
/// and can be written back with its comments.
/// </remarks>
internal sealed class SettingsText
{
    private readonly List<SettingsError> errors;
    private readonly Dictionary<string, SettingsSection> sections = new(StringComparer.Ordinal);
    private readonly List<SettingsSection> ordered = [];
    private readonly Dictionary<string, int> elements = new(StringComparer.Ordinal);

    private SettingsText(List<SettingsError> errors)
    {
        this.errors = errors;
        Root = Section(string.Empty, 1);
    }

    /// <summary>Keys before the first heading.</summary>
    public SettingsSection Root { get; }

    /// <summary>Every section in the order of the file.</summary>
    public IReadOnlyList<SettingsSection> Sections => ordered;

    public static SettingsText Parse(string toml, List<SettingsError> errors)
    {
        DocumentSyntax document = SyntaxParser.Parse(toml);
        foreach (DiagnosticMessage fault in document.Diagnostics)
        {
            // Tomlyn counts lines from 0.
            errors.Add(new SettingsError(
                fault.Span.Start.Line + 1,
                string.Empty,
                $"{fault.Message}.",
                "Write key = value, with text in quotes."));
        }

        SettingsText text = new(errors);
        foreach (KeyValueSyntax pair in document.KeyValues)
        {
            text.Add(text.Root, pair);
        }

        foreach (TableSyntaxBase table in document.Tables)
        {
            text.Add(table);
        }

        return text;
    }

    /// <summary>The section, made empty where the file has none, so that its defaults are read.</summary>
    public SettingsSection Section(string name, int line = 0)
    {
        if (!sections.TryGetValue(name, out SettingsSection? section))
        {
            section = new SettingsSection(name, name, line, errors);
            sections.Add(name, section);
            ordered.Add(section);
        }

        return section;
    }

    private void Add(TableSyntaxBase table)
    {
        string name = string.Join('.', Names(table.Name));
        int line = table.Span.Start.Line + 1;
        SettingsSection section;
        if (table is TableArraySyntax)
        {
            int number = elements.GetValueOrDefault(name) + 1;
            elements[name] = number;
            section = new SettingsSection(name, $"{name} {number}", line, errors);
            ordered.Add(section);
        }
        else if (sections.TryGetValue(name, out SettingsSection? before) && before.Line > 0)
        {
            errors.Add(new SettingsError(
                line,
                name,
                $"The section [{name}] is there a second time, first in line {before.Line}.",
                "Join the two."));
            section = before;
        }
        else
        {
            sections.Remove(name);
            section = Section(name, line);
        }

        foreach (KeyValueSyntax pair in table.Items)
        {
            Add(section, pair);
        }
    }

    private void Add(SettingsSection section, KeyValueSyntax pair)
    {
        List<string> names = Names(pair.Key);
        int line = pair.Span.Start.Line + 1;
        if (names.Count == 0 || pair.Value is null)
        {
            // The parser has already said what is wrong with this line.
            return;
        }

        SettingsSection target = section;
        for (int i = 0; i < names.Count - 1; i++)
        {
            target = Section(target.Name.Length == 0 ? names[i] : $"{target.Name}.{names[i]}", line);
        }

        if (pair.Value is InlineTableSyntax inline)
        {
            SettingsSection inner = Section(target.Name.Length == 0 ? names[^1] : $"{target.Name}.{names[^1]}", line);
            foreach (InlineTableItemSyntax item in inline.Items)
            {
                if (item.KeyValue is { } nested)
                {
                    Add(inner, nested);
                }
            }

            return;
        }

        target.Add(names[^1], line, pair.Value);
    }

    private static List<string> Names(KeySyntax? key)
    {
        List<string> names = [];
        if (key?.Key is { } first)
        {
            names.Add(Name(first));
            foreach (DottedKeyItemSyntax item in key.DotKeys)
            {
                if (item.Key is { } next)
                {
                    names.Add(Name(next));
                }
            }
        }

        return names;
    }

    private static string Name(BareKeyOrStringValueSyntax key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? string.Empty,
        StringValueSyntax text => text.Value ?? string.Empty,
        _ => string.Empty,
    };
}
