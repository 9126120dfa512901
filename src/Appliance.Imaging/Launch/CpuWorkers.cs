using System.Runtime.CompilerServices;
using Appliance.Core;

namespace Appliance.Imaging.Launch;

/// <summary>A fixed set of threads that share a launch with its caller. A launch allocates nothing.</summary>
public sealed unsafe class CpuWorkers : IDisposable
{
    private readonly Thread[] others;
    private readonly SemaphoreSlim begin = new(0);
    private readonly CountdownEvent done;
    private readonly Lock busy = new();
    private delegate*<void*, int, int, int, int, void> body;
    private void* kernel;
    private (int Width, int Height, int Count, int Chunk) part;
    private long next;
    private Deadline deadline = Deadline.Never;
    private volatile bool late;
    private volatile bool ended;

    /// <param name="threads">With the caller's.</param>
    public CpuWorkers(int threads)
    {
        others = new Thread[Math.Max(0, threads - 1)];
        done = new CountdownEvent(Math.Max(1, others.Length));
        for (int i = 0; i < others.Length; i++)
        {
            others[i] = new Thread(Work) { IsBackground = true, Name = $"kernels {i + 1}" };
            others[i].Start();
        }
    }

    /// <summary>With the caller's.</summary>
    public int Threads => others.Length + 1;

    /// <summary>Planes or rows [0, count) by the body; returns when all are done.</summary>
    /// <remarks>Where another launch has the threads, the caller does its own alone: all processors have work then anyway.</remarks>
    /// <param name="until">Looked at before each slab.</param>
    /// <param name="slab">Planes or rows that one thread does between two looks.</param>
    /// <returns>False where it was over before the last slab began.</returns>
    public bool Run(
        delegate*<void*, int, int, int, int, void> code, void* parameters, int width, int height, int count, Deadline? until = null,
        int slab = int.MaxValue)
    {
        until ??= Deadline.Never;
        if (count <= 1 || others.Length == 0 || !busy.TryEnter())
        {
            return Alone(code, parameters, width, height, count, until, slab);
        }

        try
        {
            return Share(code, parameters, width, height, count, until, slab);
        }
        finally
        {
            busy.Exit();
        }
    }

    public void Dispose()
    {
        ended = true;
        begin.Release(Math.Max(1, others.Length));
        foreach (Thread thread in others)
        {
            thread.Join();
        }

        begin.Dispose();
        done.Dispose();
    }

    private static bool Alone(
        delegate*<void*, int, int, int, int, void> code, void* parameters, int width, int height, int count, Deadline until, int slab)
    {
        for (int from = 0, to = 0; from < count; from = to)
        {
            if (until.IsOver)
            {
                return false;
            }

            to = from + Math.Min(slab, count - from);
            code(parameters, width, height, from, to);
        }

        return true;
    }

    private bool Share(
        delegate*<void*, int, int, int, int, void> code, void* parameters, int width, int height, int count, Deadline until, int slab)
    {
        // Four pieces for each thread: few enough to keep what a kernel does for neighbouring planes, enough to end together.
        int pieces = Threads * 4;
        body = code;
        kernel = parameters;
        (part, next) = ((width, height, count, Math.Min(slab, (int)(((long)count + pieces - 1) / pieces))), 0);
        (deadline, late) = (until, false);
        done.Reset();
        begin.Release(others.Length);
        Take();
        done.Wait();
        return !late;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Take()
    {
        (int width, int height, int count, int chunk) = part;
        for (long from = Interlocked.Add(ref next, chunk) - chunk; from < count; from = Interlocked.Add(ref next, chunk) - chunk)
        {
            if (late || deadline.IsOver)
            {
                late = true;
                return;
            }

            body(kernel, width, height, (int)from, (int)Math.Min(count, from + chunk));
        }
    }

    private void Work()
    {
        OwnThread.Stand(ThreadOrder.Analysis);
        for (begin.Wait(); !ended; begin.Wait())
        {
            Take();
            done.Signal();
        }
    }
}
