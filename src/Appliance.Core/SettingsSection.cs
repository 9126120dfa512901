using Tomlyn.Syntax;

namespace Appliance.Core;

/// <summary>One section of the settings file. Each read of a key checks it; what was never read is an unknown key.</summary>
internal sealed class SettingsSection
{
    private readonly Dictionary<string, (int Line, ValueSyntax Value)> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly List<SettingsError> errors;
    private readonly string shown;

    /// <param name="name">As in the heading, without brackets; empty for the keys before any heading.</param>
    /// <param name="shown">As in messages: an element of a list has its number.</param>
    public SettingsSection(string name, string shown, int line, List<SettingsError> errors)
    {
        Name = name;
        Line = line;
        this.shown = shown;
        this.errors = errors;
    }

    public string Name { get; }

    /// <summary>Where the section begins, from 1; 0 where the file has none.</summary>
    public int Line { get; }

    public void Add(string key, int line, ValueSyntax value)
    {
        if (!values.TryAdd(key, (line, value)))
        {
            Error(line, key, $"The key is there a second time, first in line {values[key].Line}.", "Remove one of the two.");
        }
    }

    /// <summary>The line of a key, or of the section where the key is absent.</summary>
    public int LineOf(string key) => values.TryGetValue(key, out (int Line, ValueSyntax) at) ? at.Line : Line;

    public string Text(string key, string absent, Func<string, string?> remedy)
    {
        if (Take(key) is not { } found)
        {
            return absent;
        }

        if (found.Value is not StringValueSyntax { Value: { } text })
        {
            Error(found.Line, key, "A text is expected.", "Put it in quotes, like \"this\".");
            return absent;
        }

        return Accept(found.Line, key, text, remedy) ? text : absent;
    }

    /// <summary>A text without a default.</summary>
    public string RequiredText(string key, Func<string, string?> remedy)
    {
        if (!values.ContainsKey(key))
        {
            known.Add(key);
            Error(Line, key, "The key is missing.", $"Add {key} = \"...\" to [[{Name}]].");
            return string.Empty;
        }

        return Text(key, string.Empty, remedy);
    }

    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string> absent, Func<string, string?> remedy)
    {
        if (Take(key) is not { } found)
        {
            return absent;
        }

        if (found.Value is not ArraySyntax array)
        {
            Error(found.Line, key, "A list of texts is expected.", "Write it like [\"one\", \"two\"].");
            return absent;
        }

        List<string> texts = [];
        foreach (ArrayItemSyntax item in array.Items)
        {
            int line = item.Span.Start.Line + 1;
            if (item.Value is not StringValueSyntax { Value: { } text })
            {
                Error(line, key, "An element is not a text.", "Put each element in quotes.");
            }
            else if (Accept(line, key, text, remedy))
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    public long Whole(string key, long absent, long least, long most)
    {
        if (Take(key) is not { } found)
        {
            return absent;
        }

        if (found.Value is not IntegerValueSyntax number)
        {
            Error(found.Line, key, "A whole number is expected.", $"Write a whole number from {least} to {most}, without quotes.");
            return absent;
        }

        if (number.Value < least || number.Value > most)
        {
            Error(found.Line, key, $"{number.Value} is out of range.", $"Write a whole number from {least} to {most}.");
            return absent;
        }

        return number.Value;
    }

    public TimeSpan Seconds(string key, TimeSpan absent, double leastS, double mostS)
    {
        if (Take(key) is not { } found)
        {
            return absent;
        }

        double seconds = found.Value switch
        {
            IntegerValueSyntax whole => whole.Value,
            FloatValueSyntax real => real.Value,
            _ => double.NaN,
        };
        if (!(seconds >= leastS && seconds <= mostS))
        {
            Error(
                found.Line,
                key,
                "A number of seconds in range is expected.",
                $"Write a number from {leastS} to {mostS}, without quotes or unit.");
            return absent;
        }

        return TimeSpan.FromSeconds(seconds);
    }

    public bool Flag(string key, bool absent)
    {
        if (Take(key) is not { } found)
        {
            return absent;
        }

        if (found.Value is not BooleanValueSyntax flag)
        {
            Error(found.Line, key, "true or false is expected.", "Write true or false, without quotes.");
            return absent;
        }

        return flag.Value;
    }

    public void Error(int line, string key, string problem, string remedy) =>
        errors.Add(new SettingsError(line, shown.Length == 0 ? key : $"{shown}.{key}", problem, remedy));

    /// <summary>What names a section must not name another one like it.</summary>
    /// <param name="others">Values of the key in sections before this one.</param>
    public void RefuseTwice(string key, string value, IEnumerable<string> others, string remedy)
    {
        if (value.Length > 0 && others.Contains(value))
        {
            Error(LineOf(key), key, $"\"{value}\" is there a second time.", remedy);
        }
    }

    /// <summary>To be called when every known key has been read.</summary>
    public void RefuseUnknownKeys()
    {
        foreach ((string key, (int line, _)) in values)
        {
            if (!known.Contains(key))
            {
                Error(line, key, "This key is unknown.", $"Known here are {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
            }
        }
    }

    private (int Line, ValueSyntax Value)? Take(string key)
    {
        known.Add(key);
        return values.TryGetValue(key, out (int Line, ValueSyntax Value) found) ? found : null;
    }

    private bool Accept(int line, string key, string text, Func<string, string?> remedy)
    {
        if (remedy(text) is not { } advice)
        {
            return true;
        }

        Error(line, key, $"\"{text}\" is not possible here.", advice);
        return false;
    }
}
