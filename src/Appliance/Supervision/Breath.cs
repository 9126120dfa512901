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
/// </remarks>
public sealed class Breath
{
    private Dictionary<string, long> before = [];

    /// <summary>Milliseconds that all threads together waited since the last call; 0 where the kernel does not say.</summary>
    public double WaitedMs()
    {
        Dictionary<string, long> now = [];
        double waited = 0;
        foreach (string task in Directory.Exists("/proc/self/task") ? Directory.GetDirectories("/proc/self/task") : [])
        {
            if (TimesOf(task) is (_, long wait))
            {
                now.Add(task, wait);
                waited += before.TryGetValue(task, out long earlier) ? wait - earlier : 0;
            }
        }

        before = now;
        return waited / 1e6;
    }

    /// <summary>Null where the thread has ended, or the kernel keeps no such book.</summary>
    public static ThreadTime? Of(int thread)
    {
        string task = $"/proc/self/task/{thread.ToString(CultureInfo.InvariantCulture)}";
        return TimesOf(task) is (long ran, long waited) ? new ThreadTime(ran, waited, StateOf(task) == 'D') : null;
    }

    private static (long RanNs, long WaitedNs)? TimesOf(string task) =>
        Read(task, "schedstat")?.Split(' ') is [string ran, string wait, ..]
        && long.TryParse(ran, CultureInfo.InvariantCulture, out long ranNs)
        && long.TryParse(wait, CultureInfo.InvariantCulture, out long waitNs) ? (ranNs, waitNs) : null;

    // "TID (name) S ...": a name may hold anything, also a parenthesis.
    private static char StateOf(string task) =>
        Read(task, "stat") is string stat && stat.LastIndexOf(')') is > 0 and int name && name + 2 < stat.Length ? stat[name + 2] : '?';

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
