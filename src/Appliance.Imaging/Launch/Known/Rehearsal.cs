using Appliance.Core;
using Appliance.Kernels;

namespace Appliance.Imaging.Launch.Known;

/// <summary>One kernel on one machine, over inputs that are the same everywhere and each time: for known answers and for timing.</summary>
/// <remarks>All buffers lie in one arena in the order in which they are asked for, so those of two machines can be compared.</remarks>
public sealed unsafe class Rehearsal : IDisposable
{
    private readonly Arena arena;
    private readonly LaunchQueue queue;
    private readonly List<Buffer> buffers = [];
    private string kernel = "";
    private int next;
    private bool isTimed;
    private ulong state;

    private Rehearsal(Arena arena, LaunchQueue queue, int x, int y, int z) => (this.arena, this.queue, X, Y, Z) = (arena, queue, x, y, z);

    public int X { get; }

    public int Y { get; }

    public int Z { get; }

    public int Plane => X * Y;

    public int Count => X * Y * Z;

    /// <summary>Bytes that the kernel at least reads and writes.</summary>
    public long BytesMoved => buffers.Sum(buffer => buffer.Bytes * (buffer.IsChanged ? 2 : 1));

    /// <summary>Of the launches of the kernel itself, in the last run.</summary>
    public double Milliseconds { get; private set; }

    /// <param name="bytes">For all buffers of a kernel together.</param>
    public static Outcome<Rehearsal> On(Launcher launcher, long bytes, int x, int y, int z)
    {
        Outcome<Arena> arena = launcher.NewArena(bytes);
        if (arena.Refused)
        {
            return arena.Refusal;
        }

        Outcome<LaunchQueue> queue = launcher.NewQueue(0);
        if (queue.Refused)
        {
            arena.Value.Dispose();
            return queue.Refusal;
        }

        return new Rehearsal(arena.Value, queue.Value, x, y, z);
    }

    /// <summary>Makes the inputs, launches, and waits for the results.</summary>
    public Refusal? Run(KnownAnswer answer)
    {
        arena.Clear();
        buffers.Clear();
        Begin(answer, timed: false);
        buffers.ForEach(buffer => queue.Download(buffer.Part));
        return queue.Finish();
    }

    /// <summary>The same again over the same inputs, which are not made again; results are not fetched.</summary>
    public Refusal? Time(KnownAnswer answer)
    {
        Begin(answer, timed: true);
        return queue.Finish();
    }

    /// <summary>Null where this machine's results are those of the other, else the first that is not.</summary>
    public string? Difference(Rehearsal expected)
    {
        for (int i = 0; i < buffers.Count; i++)
        {
            ReadOnlySpan<byte> ours = buffers[i].Content, theirs = expected.buffers[i].Content;
            int same = buffers[i].IsFloat ? 0 : ours.CommonPrefixLength(theirs);
            long at = buffers[i].IsFloat ? Unlike(ours, theirs) : same < ours.Length ? same : -1;
            if (at >= 0)
            {
                return $"buffer {i + 1} differs from byte {at} of {ours.Length} on";
            }
        }

        return null;
    }

    public View<short> Shorts(int count, int low = -1024, int high = 3071) => Given(count, (_, r) => (short)Between(r, low, high));

    public View<ushort> UShorts(int count) => Given(count, (_, r) => (ushort)r);

    public View<byte> Bytes(int count, int high = 255) => Given(count, (_, r) => (byte)Between(r, 0, high));

    public View<float> Floats(int count, float low = -1000, float high = 1000) =>
        Given(count, (_, r) => low + ((high - low) * ((r >> 40) / (float)(1 << 24))));

    /// <summary>A table of which each entry is told: neighbours, weights, palettes.</summary>
    public View<T> Table<T>(int count, Func<int, T> entry)
        where T : unmanaged => Given(count, (i, _) => entry(i));

    /// <summary>Labels 0 to classes in boxes with single voxels of others between: insides, borders and specks of a volume.</summary>
    public View<byte> Labels(int classes, bool changed = false) => Given(
        Count,
        (i, r) =>
        {
            uint box = (uint)((i % X / 5) + (i / X % Y / 3 * 31) + (i / Plane / 2 * 577)) * 2654435761;
            return (byte)(r % 23 == 0 ? r / 23 % (uint)(classes + 1) : (box >> 20) % (uint)(classes + 1));
        },
        changed);

    /// <summary>What a kernel reads and changes.</summary>
    public View<T> Changed<T>(int count, Func<int, T> entry)
        where T : unmanaged => Given(count, (i, _) => entry(i), changed: true);

    public View<float> ChangedFloats(int count) => Given(count, (_, r) => (r >> 40) / (float)(1 << 24) * 2000, changed: true);

    /// <summary>A result: before, all bytes are 0x5A, which no kernel should leave there.</summary>
    public View<T> Result<T>(int count)
        where T : unmanaged
    {
        bool isNew = next == buffers.Count;
        ArenaPart<T> part = Part<T>(count, changed: false);
        if (isNew && queue.Trouble is null)
        {
            new Span<byte>(part.Host, count * sizeof(T)).Fill(0x5A);
            queue.Upload(part);
        }

        return part.View;
    }

    public void Lanes<TKernel>(in TKernel launched, int x, int y, int z)
        where TKernel : unmanaged, ILaneKernel
    {
        bool timed = StartTimer<TKernel>();
        queue.Lanes(launched, x, y, z);
        StopTimer(timed);
    }

    public void Tuned<TKernel>(in TKernel launched, int x, int y, int z)
        where TKernel : unmanaged, ICpuKernel
    {
        bool timed = StartTimer<TKernel>();
        queue.Tuned(launched, x, y, z);
        StopTimer(timed);
    }

    public void Points<TKernel>(in TKernel launched, int x, int y, int z)
        where TKernel : unmanaged, IPointKernel
    {
        bool timed = StartTimer<TKernel>();
        queue.Points(launched, x, y, z);
        StopTimer(timed);
    }

    public void Dispose()
    {
        queue.Dispose();
        arena.Dispose();
    }

    private static long Between(ulong random, int low, int high) => low + (long)(random % (ulong)(high - low + 1));

    /// <summary>Equal numbers are alike, 0 and -0, and not-a-number with itself.</summary>
    private static long Unlike(ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs)
    {
        ReadOnlySpan<float> a = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(ours);
        ReadOnlySpan<float> b = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(theirs);
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i] && !(float.IsNaN(a[i]) && float.IsNaN(b[i])))
            {
                return i * (long)sizeof(float);
            }
        }

        return -1;
    }

    private void Begin(KnownAnswer answer, bool timed)
    {
        (kernel, isTimed, next, Milliseconds, state) = (answer.Kernel, timed, 0, 0, 0x9E3779B97F4A7C15);
        answer.Launch(this);
    }

    private View<T> Given<T>(int count, Func<int, ulong, T> entry, bool changed = false)
        where T : unmanaged
    {
        bool isNew = next == buffers.Count;
        ArenaPart<T> part = Part<T>(count, changed);
        if (queue.Trouble is not null)
        {
            return default;
        }

        for (int i = 0; isNew && i < count; i++)
        {
            part.Host[i] = entry(i, Random());
        }

        queue.Upload(part);
        return part.View;
    }

    private ArenaPart<T> Part<T>(int count, bool changed)
        where T : unmanaged
    {
        if (next == buffers.Count)
        {
            queue.Refuse(arena.TryTake(count, out ArenaPart<T> part));
            buffers.Add(new Buffer(part.Bytes, changed, typeof(T) == typeof(float)));
        }

        return buffers[next++].Part.As<T>();
    }

    /// <summary>xorshift64 (Marsaglia 2003): the same numbers on every machine.</summary>
    private ulong Random()
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state;
    }

    private bool StartTimer<TKernel>()
        where TKernel : unmanaged
    {
        bool timed = isTimed && KernelName<TKernel>.Value == kernel;
        if (timed)
        {
            queue.StartTimer();
        }

        return timed;
    }

    private void StopTimer(bool timed)
    {
        if (timed)
        {
            Milliseconds += queue.StopTimer();
        }
    }

    private readonly record struct Buffer(ArenaPart<byte> Part, bool IsChanged, bool IsFloat)
    {
        public long Bytes => Part.Count;

        public ReadOnlySpan<byte> Content => new(Part.Host, (int)Part.Count);
    }
}
