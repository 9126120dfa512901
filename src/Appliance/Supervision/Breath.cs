using System.Buffers.Text;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

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
/// Asked of all threads several times a second for as long as the process lives, so it reads without text: that left the collector 1 MB
/// a second.
/// </remarks>
/// <param name="tasks">The threads of this process, as proc(5) shows them.</param>
public sealed class Breath(string tasks = Breath.OwnTasks)
{
    private const string OwnTasks = "/proc/self/task";

    // proc(5), stat: field 19, of those that follow the name in parentheses the 17th. A name may hold anything, also a parenthesis.
    private const int StateField = 0;
    private const int NiceField = 16;

    // All that is asked for stands in the first 200 bytes of a line.
    private const int LineBytes = 1024;

    private Dictionary<string, long> before = [];
    private Dictionary<string, long> now = [];

    /// <summary>
    /// Milliseconds that all threads which are not nice waited together since the last call; 0 where the kernel does not say.
    /// </summary>
    public double WaitedMs()
    {
        now.Clear();
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

        (before, now) = (now, before);
        return waited / 1e6;
    }

    /// <summary>Null where the thread has ended, or the kernel keeps no such book.</summary>
    public static ThreadTime? Of(int thread)
    {
        string task = Path.Combine(OwnTasks, thread.ToString(CultureInfo.InvariantCulture));
        Span<byte> line = stackalloc byte[LineBytes];
        return TimesOf(task) is (long ran, long waited)
            ? new ThreadTime(ran, waited, Field(Read(task, "stat", line), StateField).SequenceEqual("D"u8))
            : null;
    }

    private static (long RanNs, long WaitedNs)? TimesOf(string task)
    {
        ReadOnlySpan<byte> times = Read(task, "schedstat", stackalloc byte[LineBytes]);
        return Utf8Parser.TryParse(times, out long ranNs, out int length) && length < times.Length
            && Utf8Parser.TryParse(times[(length + 1)..], out long waitedNs, out _) ? (ranNs, waitedNs) : null;
    }

    private static bool IsNice(string task) =>
        Utf8Parser.TryParse(Field(Read(task, "stat", stackalloc byte[LineBytes]), NiceField), out int nice, out _) && nice > 0;

    /// <summary>Empty where there is none.</summary>
    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> stat, int number)
    {
        ReadOnlySpan<byte> fields = stat[(stat.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ');
        foreach (Range field in fields.Split((byte)' '))
        {
            if (number-- == 0)
            {
                return fields[field];
            }
        }

        return [];
    }

    /// <summary>Empty where there is nothing to read.</summary>
    private static ReadOnlySpan<byte> Read(string task, string file, Span<byte> line)
    {
        try
        {
            using SafeFileHandle handle = File.OpenHandle(Path.Join(task, file));
            return line[..RandomAccess.Read(handle, line, 0)];
        }
        catch (IOException)
        {
            // The thread has ended meanwhile, or the kernel keeps no such book.
            return [];
        }
    }
}
