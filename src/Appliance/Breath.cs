using System.Globalization;

namespace Appliance.Daemon;

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
            if (WaitOf(task) is long wait)
            {
                now.Add(task, wait);
                waited += before.TryGetValue(task, out long earlier) ? wait - earlier : 0;
            }
        }

        before = now;
        return waited / 1e6;
    }

    private static long? WaitOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ') is [_, string wait, ..]
                && long.TryParse(wait, CultureInfo.InvariantCulture, out long ns) ? ns : null;
        }
        catch (IOException)
        {
            // The thread has ended meanwhile, or the kernel keeps no such book.
            return null;
        }
    }
}
