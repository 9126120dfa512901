using System.Globalization;

namespace Appliance.SystemTests;

/// <summary>What Linux tells of a thread in one line (proc(5), stat).</summary>
internal static class ThreadStat
{
    /// <summary>Behind the name, which may hold anything: field 19 of all.</summary>
    private const int NiceField = 16;

    /// <summary>The lines of the threads that are there now.</summary>
    public static IReadOnlyList<string> Read(int process)
    {
        List<string> lines = [];
        foreach (string task in Directory.GetDirectories($"/proc/{process}/task"))
        {
            try
            {
                lines.Add(File.ReadAllText(Path.Combine(task, "stat")));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return lines;
    }

    /// <summary>Nice values by the names of threads.</summary>
    public static ILookup<string, int> NiceOf(IEnumerable<string> lines) => lines.ToLookup(
        line => line[(line.IndexOf('(') + 1)..line.LastIndexOf(')')],
        line => int.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[NiceField], CultureInfo.InvariantCulture));
}
