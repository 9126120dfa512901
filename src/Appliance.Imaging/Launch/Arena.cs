using System.Diagnostics;
using System.Runtime.InteropServices;
using Appliance.Core;
using Appliance.Kernels;

namespace Appliance.Imaging.Launch;

/// <summary>A block of host memory and, for a GPU, an equal block of the card's: an element lies at the same offset in both.</summary>
/// <remarks>For the CPU both are one. Nothing is given back singly: <see cref="Clear"/> gives back all. Memory is aligned for vectors
/// and readable beyond the end of each part (<see cref="Slack"/>).</remarks>
public sealed unsafe class Arena : IDisposable
{
    /// <summary>Of each part: a GPU reads and writes whole 256-byte rows.</summary>
    private const long Alignment = 256;

    private readonly Action<Arena>? free;
    private long taken;

    /// <param name="free">Gives the two blocks back; null for native memory of the host.</param>
    internal Arena(nint host, long machine, long bytes, Action<Arena>? free)
    {
        (Host, Machine, Bytes, this.free) = (host, machine, bytes, free);
    }

    public long Bytes { get; }

    public long FreeBytes => Bytes - taken;

    /// <summary>Address of the host's block.</summary>
    public nint Host { get; private set; }

    /// <summary>Address of the machine's block: on the CPU the host's.</summary>
    internal long Machine { get; }

    /// <summary>A CPU's arena. Pages are taken from the system when they are first written.</summary>
    public static Outcome<Arena> OnHost(long bytes)
    {
        try
        {
            nuint all = checked((nuint)Math.Max(0, bytes)) + Slack.Bytes;
            void* block = NativeMemory.AlignedAlloc(all, LargePages.Alignment(bytes, (nuint)Alignment));
            LargePages.Advise(block, all);
            return new Arena((nint)block, (nint)block, bytes, null);
        }
        catch (OutOfMemoryException)
        {
            return new Refusal(RefusalReason.OutOfMemory, $"{bytes} bytes of host memory were asked for and are not there.");
        }
    }

    /// <summary>The next free elements, or the refusal that says how many bytes were asked for and how many are left.</summary>
    public Refusal? TryTake<T>(long count, out ArenaPart<T> part)
        where T : unmanaged
    {
        long bytes = Rounded(Needs.Sum(Needs.Product(Math.Max(0, count), sizeof(T)), Slack.Bytes));
        if (bytes > FreeBytes)
        {
            part = default;
            return new Refusal(
                RefusalReason.OutOfMemory,
                $"{count} elements of {sizeof(T)} bytes were asked for; {FreeBytes} of {Bytes} bytes are free.");
        }

        part = new ArenaPart<T>(this, taken, count);
        taken += bytes;
        return null;
    }

    public void Clear() => taken = 0;

    public void Dispose()
    {
        if (Host == 0)
        {
            return;
        }

        if (free is null)
        {
            NativeMemory.AlignedFree((void*)Host);
        }
        else
        {
            free(this);
        }

        Host = 0;
    }

    private static long Rounded(long bytes) => bytes > long.MaxValue - Alignment ? long.MaxValue : (bytes + Alignment - 1) & -Alignment;
}

/// <summary>Elements of an arena.</summary>
public readonly unsafe struct ArenaPart<T>
    where T : unmanaged
{
    private readonly Arena arena;

    internal ArenaPart(Arena arena, long offset, long count) => (this.arena, Offset, Count) = (arena, offset, count);

    public long Count { get; }

    /// <summary>For the host: written before an upload, read after a download and <see cref="LaunchQueue.Finish"/>.</summary>
    public T* Host => (T*)(arena.Host + Offset);

    internal long Offset { get; }

    internal Arena Arena => arena;

    /// <summary>For kernels on the arena's machine.</summary>
    public View<T> View => new((T*)(arena.Machine + Offset), Count);

    /// <summary>For kernels on the CPU, whatever the arena's machine is: where work is done again after a GPU failed.</summary>
    public View<T> HostView => new(Host, Count);

    /// <summary>The same memory as bytes.</summary>
    internal ArenaPart<byte> Bytes => new(arena, Offset, Count * sizeof(T));

    /// <summary>The same memory as other elements.</summary>
    internal ArenaPart<TOther> As<TOther>()
        where TOther : unmanaged => new(arena, Offset, Count * sizeof(T) / sizeof(TOther));

    /// <summary>Elements from first on.</summary>
    public ArenaPart<T> Slice(long first, long count)
    {
        Debug.Assert(first >= 0 && count >= 0 && first + count <= Count, "a slice lies within its part");
        return new ArenaPart<T>(arena, Offset + (first * sizeof(T)), count);
    }
}
