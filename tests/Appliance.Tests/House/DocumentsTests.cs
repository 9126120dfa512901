using System.Text.RegularExpressions;
using Xunit;

namespace Appliance.Tests.House;

/// <summary>Prose about code rots unless a test reads it.</summary>
public sealed partial class DocumentsTests
{
    private const string Readme = "README.md";

    [Fact]
    public void The_README_maps_every_folder_and_every_project()
    {
        string[] projects =
        [
            .. Checkout.Files("*.csproj").Where(p => p.StartsWith("src/", StringComparison.Ordinal)).Select(p => Path.GetDirectoryName(p)!),
        ];

        Rule.Kept(Unmapped(Read(Readme), [.. Checkout.TopFolders.Where(f => f != "src"), .. projects]));
    }

    [Fact]
    public void No_link_is_dead() => Rule.Kept(Checkout.Files("*.md").SelectMany(p => DeadLinks(p, Read(p))));

    [Fact]
    public void Every_document_can_be_reached_from_the_README()
    {
        Rule.Kept(Unreached([.. Checkout.Files("*.md").Where(p => p.StartsWith("docs/", StringComparison.Ordinal))], Read));
    }

    [Fact]
    public void The_map_rule_can_fail()
    {
        Rule.Breaks(Unmapped("[a](docs) [b](src/Appliance)", ["docs", "src/Appliance", "image"]), "image");
    }

    [Fact]
    public void The_link_rule_can_fail()
    {
        Rule.Breaks(DeadLinks("docs/a.md", "[b](nowhere.md) [c](https://example.org/x) [d](#here)"), "nowhere.md");
        Assert.Empty(DeadLinks("hardware/x.md", "[b](README.md#board.json) [c](../image/appliance.toml)"));
    }

    [Fact]
    public void The_reach_rule_can_fail()
    {
        Dictionary<string, string> texts = new()
        {
            [Readme] = "[a](docs/a.md)",
            ["docs/a.md"] = "[b](b.md)",
            ["docs/b.md"] = "b",
            ["docs/c.md"] = "c",
        };

        Rule.Breaks(Unreached(["docs/a.md", "docs/b.md", "docs/c.md"], p => texts[p]), "docs/c.md");
    }

    private static IEnumerable<string> Unmapped(string readme, IEnumerable<string> folders) =>
        folders.Where(f => !readme.Contains($"]({f})", StringComparison.Ordinal))
            .Select(f => $"{f} is not in README.md's map of the house");

    private static IEnumerable<string> DeadLinks(string path, string text) =>
        Links(path, text).Where(l => !Path.Exists(Path.Combine(Checkout.Root, l))).Select(l => $"{path}: {l} is not there");

    private static IEnumerable<string> Unreached(IReadOnlyList<string> documents, Func<string, string> read)
    {
        HashSet<string> reached = [];
        Queue<string> next = new([Readme]);
        while (next.TryDequeue(out string? path))
        {
            if (reached.Add(path))
            {
                foreach (string link in Links(path, read(path)).Where(documents.Contains))
                {
                    next.Enqueue(link);
                }
            }
        }

        return documents.Where(d => !reached.Contains(d)).Select(d => $"{d} is linked from nowhere that the README leads to");
    }

    /// <summary>Targets inside the checkout, from its top.</summary>
    private static IEnumerable<string> Links(string path, string text) =>
        Link().Matches(Fence().Replace(text, string.Empty))
            .Select(m => m.Groups[1].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
                && !target.StartsWith("mailto:", StringComparison.Ordinal))
            .Select(target => Path.GetRelativePath(Checkout.Root, Path.Combine(Checkout.Root, Path.GetDirectoryName(path)!, target)));

    private static string Read(string path) => File.ReadAllText(Path.Combine(Checkout.Root, path));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
