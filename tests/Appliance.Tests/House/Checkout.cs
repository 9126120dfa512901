using System.Runtime.CompilerServices;

namespace Appliance.Tests.House;

/// <summary>The checkout that these tests were built from.</summary>
public static class Checkout
{
    // What builds and runs leave behind, and what is lent to a checkout, is no part of the house.
    private static readonly string[] NotOurs = ["bin", "obj", "out", "node_modules", "shared"];

    /// <summary>Its top folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>Folders at the top that belong to the house.</summary>
    public static IEnumerable<string> TopFolders =>
        Directory.GetDirectories(Root).Select(d => Path.GetFileName(d)).Where(IsOurs).Order(StringComparer.Ordinal);

    /// <summary>Files by pattern, from the top, with /; in order.</summary>
    public static IEnumerable<string> Files(string pattern) => Below(Root, pattern).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Below(string folder, string pattern)
    {
        foreach (string file in Directory.GetFiles(folder, pattern))
        {
            yield return Path.GetRelativePath(Root, file);
        }

        foreach (string inner in Directory.GetDirectories(folder).Where(d => IsOurs(Path.GetFileName(d))))
        {
            foreach (string file in Below(inner, pattern))
            {
                yield return file;
            }
        }
    }

    private static bool IsOurs(string name) => name[0] != '.' && !NotOurs.Contains(name);

    private static string Find([CallerFilePath] string here = "")
    {
        string? folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Appliance.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"no Appliance.sln above {here}");
    }
}
