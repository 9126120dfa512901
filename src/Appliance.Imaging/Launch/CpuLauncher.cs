using System.Diagnostics;
using Appliance.Core;
using Appliance.Kernels;

namespace Appliance.Imaging.Launch;

/// <summary>The CPU. Queues share one set of threads; In and Out are the caller's memory itself.</summary>
public sealed class CpuLauncher(int threads) : Launcher
{
    private readonly CpuWorkers workers = new(threads);

    public override string Name => $"CPU, {workers.Threads} threads";

    public override bool IsGpu => false;

    public override Outcome<LaunchQueue> NewQueue(long scratchBytes) => new CpuQueue(this, workers, scratchBytes);

    public override Outcome<Arena> NewArena(long bytes) => Arena.OnHost(bytes);

    protected override void Dispose(bool disposing) => workers.Dispose();
}

/// <summary>Runs each kernel when it is queued.</summary>
internal sealed unsafe class CpuQueue(CpuLauncher launcher, CpuWorkers workers, long scratchBytes) : LaunchQueue
{
    /// <summary>Results below which waking other threads costs more than they save.</summary>
    private const long AloneBelow = 16384;

    /// <summary>Results of one thread between two looks at a deadline: a plane of 512 x 512, some milliseconds of any kernel.</summary>
    private const long LookedAfter = 512 * 512;

    private Arena? scratch;
    private long timer;

    public override Launcher Launcher => launcher;

    public override View<T> In<T>(T* host, long count) => new(host, count);

    public override View<T> Out<T>(T* host, long count) => new(host, count);

    public override View<T> InOut<T>(T* host, long count) => new(host, count);

    public override void Upload<T>(in ArenaPart<T> part)
    {
    }

    public override void Download<T>(in ArenaPart<T> part)
    {
    }

    public override void StartTimer() => timer = Stopwatch.GetTimestamp();

    public override double StopTimer() => Stopwatch.GetElapsedTime(timer).TotalMilliseconds;

    protected override bool TakeScratch<T>(long count, out ArenaPart<T> part)
    {
        // Few steps need any.
        Outcome<Arena> arena = scratch ?? Arena.OnHost(scratchBytes);
        if (arena.Refused)
        {
            part = default;
            Refuse(arena.Refusal);
            return false;
        }

        scratch = arena.Value;
        if (scratch.TryTake(count, out part) is not Refusal refusal)
        {
            return true;
        }

        Refuse(refusal);
        return false;
    }

    protected override void Launch<TKernel>(in TKernel kernel, int x, int y, int z, in CpuBody body)
    {
        fixed (TKernel* parameters = &kernel)
        {
            if ((long)x * y * z < AloneBelow)
            {
                body.Planes(parameters, x, y, 0, z);
            }
            else if (z == 1 && body.Rows != null)
            {
                RefuseUnless(workers.Run(body.Rows, parameters, x, y, y, Until, SlabOf(x)));
            }
            else
            {
                RefuseUnless(workers.Run(body.Planes, parameters, x, y, z, Until, SlabOf((long)x * y)));
            }
        }
    }

    protected override void Drain() => scratch?.Clear();

    private static int SlabOf(long results) => (int)Math.Clamp(LookedAfter / results, 1, int.MaxValue);

    private void RefuseUnless(bool inTime)
    {
        if (!inTime)
        {
            Refuse(Late);
        }
    }

    protected override void Dispose(bool disposing) => scratch?.Dispose();
}
