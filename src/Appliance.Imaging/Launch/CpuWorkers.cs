using System.Runtime.CompilerServices;

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
    public void Run(delegate*<void*, int, int, int, int, void> code, void* parameters, int width, int height, int count)
    {
        if (count > 1 && others.Length > 0 && busy.TryEnter())
        {
            try
            {
                Share(code, parameters, width, height, count);
            }
            finally
            {
                busy.Exit();
            }
        }
        else
        {
            code(parameters, width, height, 0, count);
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

    private void Share(delegate*<void*, int, int, int, int, void> code, void* parameters, int width, int height, int count)
    {
        // Four pieces for each thread: few enough to keep what a kernel does for neighbouring planes, enough to end together.
        int pieces = Threads * 4;
        body = code;
        kernel = parameters;
        (part, next) = ((width, height, count, (int)(((long)count + pieces - 1) / pieces)), 0);
        done.Reset();
        begin.Release(others.Length);
        Take();
        done.Wait();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Take()
    {
        (int width, int height, int count, int chunk) = part;
        for (long from = Interlocked.Add(ref next, chunk) - chunk; from < count; from = Interlocked.Add(ref next, chunk) - chunk)
        {
            body(kernel, width, height, (int)from, (int)Math.Min(count, from + chunk));
        }
    }

    private void Work()
    {
        for (begin.Wait(); !ended; begin.Wait())
        {
            Take();
            done.Signal();
        }
    }
}
