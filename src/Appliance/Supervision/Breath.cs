using System.Globalization;

namespace Appliance.Daemon.Supervision;

/// <summary>What a thread has had so far.</summary>
/// <param name="RanNs">Time on a processor.</param>
/// <param name="WaitedNs">Time in which it could have run and had none.</param>
/// <param name="IsOnDisk">It sleeps uninterruptibly (proc(5), state D): the kernel waits for a disk on its behalf.</param>
public readonly record struct ThreadTime(long RanNs, long WaitedNs, bool IsOnDisk);

/// <summary>Whether the machine gives this process time: what its threads waited for a processor while they could have run.</summary>
/// <remarks>
/// Linux, /proc/PID/task/TID/schedstat (Documentation/scheduler/sched-stats.rst): time on a CPU, time waiting for one, in ns.
/// Threads that are nice (pictures, the painter) are meant to wait while others work: that they do says nothing about the machine.
/// </remarks>
/// <param name="tasks">The threads of this process, as proc(5) shows them.</param>
public sealed class Breath(string tasks = Breath.OwnTasks)
{
    private const string OwnTasks = "/proc/self/task";

    // proc(5), stat: field 19, of those that follow the name in parentheses the 17th. A name may hold anything, also a parenthesis.
    private const int StateField = 0;
    private const int NiceField = 16;

    private Dictionary<string, long> before = [];

    /// <summary>
    /// Milliseconds that all threads which are not nice waited together since the last call; 0 where the kernel does not say.
    /// </summary>
    public double WaitedMs()
    {
        Dictionary<string, long> now = [];
        double waited = 0;
        foreach (string task in Directory.Exists(tasks) ? Directory.GetDirectories(tasks) : [])
        {
            if (TimesOf(task) is (_, long wait))
            {
                now.Add(task, wait);
                long more = before.TryGetValue(task, out long earlier) ? wait - earlier : 0;
                waited += more > 0 && !IsNice(task) ? more : 0;
            }
        }

        before = now;
        return waited / 1e6;
    }

    /// <summary>Null where the thread has ended, or the kernel keeps no such book.</summary>
    public static ThreadTime? Of(int thread)
    {
        string task = Path.Combine(OwnTasks, thread.ToString(CultureInfo.InvariantCulture));
        return TimesOf(task) is (long ran, long waited) ? new ThreadTime(ran, waited, Stat(task, StateField) == "D") : null;
    }

    private static (long RanNs, long WaitedNs)? TimesOf(string task) =>
        Read(task, "schedstat")?.Split(' ') is [string ran, string wait, ..]
        && long.TryParse(ran, CultureInfo.InvariantCulture, out long ranNs)
        && long.TryParse(wait, CultureInfo.InvariantCulture, out long waitNs) ? (ranNs, waitNs) : null;

    private static bool IsNice(string task) => int.TryParse(Stat(task, NiceField), CultureInfo.InvariantCulture, out int nice) && nice > 0;

    private static string? Stat(string task, int field) =>
        Read(task, "stat") is string stat ? stat[(stat.LastIndexOf(')') + 1)..].Trim().Split(' ').ElementAtOrDefault(field) : null;

    private static string? Read(string task, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, file));
        }
        catch (IOException)
        {
            // The thread has ended meanwhile, or the kernel keeps no such book.
            return null;
        }
    }
}
