using System.Runtime.InteropServices;

namespace Appliance.Core;

/// <summary>Whose work goes first where processors are short, in this order.</summary>
public enum ThreadOrder
{
    /// <summary>What a modality waits for, and all that sleeps more than it runs.</summary>
    Reception,

    /// <summary>Slices as they come, and what is made of them.</summary>
    Analysis,

    /// <summary>Networks, which would take every processor there is.</summary>
    Networks,

    /// <summary>Pictures that are late: a tenth of a share.</summary>
    Pictures,

    /// <summary>Pictures: what nothing else wants, and anything else that wakes has it at once (SCHED_IDLE).</summary>
    Leftover,
}

/// <summary>Threads of this process: when each gets a processor. Linux gives each a nice value and turns of its own.</summary>
/// <remarks>
/// A thread that wakes waits until whoever runs has had its turn, up to a tick of 4 ms, unless its own turns are shorter (Linux 6.12 and
/// later). An object that is received sleeps and wakes a dozen times before it is on the disk, and so do threads of Linux that it waits
/// for: decision 0032.
/// </remarks>
public static partial class OwnThread
{
    /// <summary>The caller's, as Linux knows it; 0 elsewhere.</summary>
    public static int Id => OperatingSystem.IsLinux() ? ThreadId() : 0;

    /// <summary>The caller, from now on; threads and processes that it starts begin there as well.</summary>
    /// <returns>
    /// False where it is not allowed, and the next best is taken: reception needs LimitNICE of the unit, and so does whoever comes back
    /// from further behind.
    /// </returns>
    public static bool Stand(ThreadOrder there) => Stand(there, 0);

    /// <param name="thread"><see cref="Id"/> of a thread of this process; 0: the caller.</param>
    /// <inheritdoc cref="Stand(ThreadOrder)"/>
    public static bool Stand(ThreadOrder there, int thread)
    {
        const uint Other = 0, Idle = 5;
        int nice = there switch
        {
            ThreadOrder.Reception => Limits.ReceptionNiceCount,
            ThreadOrder.Analysis => 0,
            ThreadOrder.Networks => Limits.NetworkNiceCount,
            _ => Limits.PictureNiceCount,
        };
        ulong turnNs = there == ThreadOrder.Reception ? Limits.ReceptionTurnNs : 0;
        bool isAllowed = Schedule(thread, there == ThreadOrder.Leftover ? Idle : Other, nice, turnNs);
        if (!isAllowed && !Schedule(thread, Other, Math.Max(0, nice), turnNs) && OperatingSystem.IsLinux())
        {
            // Old and narrow, but no sandbox forbids it.
            const int Process = 0;
            _ = SetPriority(Process, thread, nice);
        }

        return isAllowed;
    }

    private static bool Schedule(int thread, uint policy, int nice, ulong turnNs)
    {
        nint call = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 314 : 274;
        SchedulingAttributes attributes = new()
        {
            Size = (uint)Marshal.SizeOf<SchedulingAttributes>(),
            Policy = policy,
            Nice = nice,
            TurnNs = turnNs,
        };
        return OperatingSystem.IsLinux() && SetAttributes(call, thread, attributes, 0) == 0;
    }

    /// <summary>sched_setattr(2), which Debian's C library does not have yet: its number is that of x86-64 or of arm64.</summary>
    [LibraryImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SetAttributes(nint call, nint thread, in SchedulingAttributes attributes, nint flags);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int nice);

    // gettid(2): glibc 2.30.
    [LibraryImport("libc", EntryPoint = "gettid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ThreadId();

    /// <summary>struct sched_attr as of Linux 3.14; the turn is the runtime (0: the usual one).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SchedulingAttributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong TurnNs;
        public ulong DeadlineNs;
        public ulong PeriodNs;
    }
}
