using System.Text;

namespace Appliance.SystemTests;

/// <summary>A systemd unit of image/ (systemd.syntax(7), systemd.service(5), "Command lines"): as much of it as these tests run.</summary>
internal sealed class UnitFile
{
    private readonly ILookup<string, string> lines;

    public UnitFile(string name) => lines = File
        .ReadAllText(Path.Combine(Place.Root, "image", "systemd", name)).Replace("\\\n", " ", StringComparison.Ordinal)
        .Split('\n').Where(line => line.Contains('=') && line[0] != '#')
        .ToLookup(line => line[..line.IndexOf('=')], line => line[(line.IndexOf('=') + 1)..]);

    public string this[string key] => lines[key].Single();

    /// <summary>NAME=VALUE of all its Environment= lines.</summary>
    /// <param name="runtime">%t: below it are runtime directories.</param>
    public IReadOnlyList<string> Environment(string runtime) =>
        [.. lines["Environment"].SelectMany(line => line.Replace("%t", runtime, StringComparison.Ordinal).Split(' '))];

    /// <summary>The words of a command line, as systemd would pass them.</summary>
    public IReadOnlyList<string> Command(string key, string runtime, string page) =>
        [.. Words(this[key]).Select(word => word
            .Replace("${PAGE}", page, StringComparison.Ordinal).Replace("%t", runtime, StringComparison.Ordinal)
            .Replace("%%", "%", StringComparison.Ordinal).Replace("$$", "$", StringComparison.Ordinal))];

    private static List<string> Words(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool isQuoted = false;
        foreach (char c in line + " ")
        {
            if (c == '\'')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ' ' && !isQuoted)
            {
                if (word.Length > 0)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }
            }
            else
            {
                word.Append(c);
            }
        }

        return words;
    }
}
