using System.Runtime.CompilerServices;

namespace Appliance.Bench;

/// <summary>A fixed set of threads that share a launch's planes, taken one by one. A launch allocates nothing.</summary>
public sealed unsafe class Team : IDisposable
{
    private readonly Thread[] others;
    private readonly SemaphoreSlim begin = new(0);
    private readonly CountdownEvent done;
    private delegate*<void*, int, void> body;
    private void* kernel;
    private int planes;
    private int next;
    private volatile bool ended;

    public Team(int threads)
    {
        Threads = threads;
        done = new CountdownEvent(Math.Max(1, threads - 1));
        others = new Thread[threads - 1];
        for (int i = 0; i < others.Length; i++)
        {
            others[i] = new Thread(Work) { IsBackground = true };
            others[i].Start();
        }
    }

    public int Threads { get; }

    /// <summary>body(kernel, z) for each z below planes; returns when all are done.</summary>
    public void Run<TKernel>(ref TKernel kernelStruct, int count, delegate*<void*, int, void> plane)
        where TKernel : unmanaged
    {
        fixed (TKernel* pointer = &kernelStruct)
        {
            kernel = pointer;
            body = plane;
            (planes, next) = (count, -1);
            if (others.Length > 0)
            {
                done.Reset();
                begin.Release(others.Length);
            }

            Take();
            if (others.Length > 0)
            {
                done.Wait();
            }
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Take()
    {
        for (int z = Interlocked.Increment(ref next); z < planes; z = Interlocked.Increment(ref next))
        {
            body(kernel, z);
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
