using System.Runtime.InteropServices;
using Appliance.Core;
using Appliance.Kernels;

namespace Appliance.Imaging.Launch;

/// <summary>What a step does on a queue, with its parameters: the same calls on every machine.</summary>
public delegate void Step<TState>(LaunchQueue on, in TState state)
    where TState : unmanaged;

/// <summary>One caller's kernels in their order, with what they read and write in the host's memory. One thread at a time.</summary>
/// <remarks>
/// Nothing is reported before <see cref="Finish"/>: the first refusal stays and all that follows it does nothing, so a step reads as if
/// nothing could fail. On the CPU <see cref="In"/>, <see cref="Out"/> and <see cref="InOut"/> give the caller's own memory and copy
/// nothing; on a GPU they go through pinned memory. Results are in the caller's memory after Finish.
/// </remarks>
public abstract unsafe class LaunchQueue : IDisposable
{
    /// <summary>The machine.</summary>
    public abstract Launcher Launcher { get; }

    /// <summary>The first refusal since the last <see cref="Finish"/>.</summary>
    public Refusal? Trouble { get; private set; }

    /// <summary>
    /// Looked at inside a launch, of the step that is being done: on the CPU before each slab. A card's launches are not cut.
    /// </summary>
    internal Deadline Until { get; set; } = Deadline.Never;

    /// <summary>What a launch that was cut is refused with.</summary>
    internal static Refusal Late { get; } = new(RefusalReason.Budget, "The time for it is up.");

    /// <summary>Memory of the machine for this step, contents unknown. The view is empty after a refusal.</summary>
    public View<T> Scratch<T>(long count)
        where T : unmanaged
    {
        if (Trouble is not null || !TakeScratch(count, out ArenaPart<T> part))
        {
            return default;
        }

        return part.View;
    }

    /// <summary>The caller's elements for kernels to read. The memory stays as and where it is until Finish.</summary>
    public abstract View<T> In<T>(T* host, long count)
        where T : unmanaged;

    /// <summary>Elements that kernels write all of; in the caller's memory after Finish.</summary>
    public abstract View<T> Out<T>(T* host, long count)
        where T : unmanaged;

    /// <summary>Elements that kernels read and write.</summary>
    public abstract View<T> InOut<T>(T* host, long count)
        where T : unmanaged;

    /// <summary>The elements of a view of the caller's memory; see <see cref="In{T}(T*, long)"/>.</summary>
    public View<T> In<T>(View<T> host)
        where T : unmanaged => In(host.Pointer, host.Length);

    /// <summary>The elements of a view of the caller's memory; see <see cref="Out{T}(T*, long)"/>.</summary>
    public View<T> Out<T>(View<T> host)
        where T : unmanaged => Out(host.Pointer, host.Length);

    /// <summary>The elements of a view of the caller's memory; see <see cref="InOut{T}(T*, long)"/>.</summary>
    public View<T> InOut<T>(View<T> host)
        where T : unmanaged => InOut(host.Pointer, host.Length);

    /// <summary>Copies a part of an arena to the machine, behind what the queue does before. On the CPU it is there already.</summary>
    public abstract void Upload<T>(in ArenaPart<T> part)
        where T : unmanaged;

    /// <summary>Copies a part of an arena to the host; it is there after Finish.</summary>
    public abstract void Download<T>(in ArenaPart<T> part)
        where T : unmanaged;

    /// <summary>Results [0, x) x [0, y) x [0, z) of a kernel that runs in lanes.</summary>
    public void Lanes<TKernel>(in TKernel kernel, long x, long y, long z)
        where TKernel : unmanaged, ILaneKernel
    {
        CpuBody body = new(&CpuBodies.Lanes<TKernel>, &CpuBodies.LaneRows<TKernel>);
        Checked(kernel, x, y, z, body);
    }

    /// <summary>The same of a kernel with a body of its own for the CPU.</summary>
    public void Tuned<TKernel>(in TKernel kernel, long x, long y, long z)
        where TKernel : unmanaged, ICpuKernel
    {
        CpuBody body = new(&CpuBodies.Tuned<TKernel>, null);
        Checked(kernel, x, y, z, body);
    }

    /// <summary>The same of a kernel without lanes.</summary>
    public void Points<TKernel>(in TKernel kernel, long x, long y, long z)
        where TKernel : unmanaged, IPointKernel
    {
        CpuBody body = new(&CpuBodies.Points<TKernel>, &CpuBodies.PointRows<TKernel>);
        Checked(kernel, x, y, z, body);
    }

    /// <summary>A whole step: its calls, then Finish.</summary>
    /// <param name="again">
    /// It will be asked for many times, as a fixed sequence over buffers of the same sizes: a GPU records it as a graph and replays that.
    /// The step may be called twice for one result, and must do what its state says and look at nothing else.
    /// </param>
    /// <returns>Null where the results are there.</returns>
    public virtual Refusal? Run<TState>(in TState state, Step<TState> step, bool again = false)
        where TState : unmanaged
    {
        step(this, state);
        return Finish();
    }

    /// <summary>Waits until all is done. The queue is empty and without trouble after it, its scratch memory free again.</summary>
    /// <returns>The first refusal, null where all went well.</returns>
    public Refusal? Finish()
    {
        Drain();
        return TakeTrouble();
    }

    /// <summary>Begins to take the time (<see cref="StopTimer"/>); on a GPU the card's own.</summary>
    public abstract void StartTimer();

    /// <summary>Milliseconds that the machine needed for what was queued since the start, which is done after this.</summary>
    public abstract double StopTimer();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Keeps the first; null is no refusal.</summary>
    internal void Refuse(Refusal? refusal) => Trouble ??= refusal;

    /// <summary>The first refusal, and none from now on.</summary>
    protected Refusal? TakeTrouble()
    {
        Refusal? first = Trouble;
        Trouble = null;
        return first;
    }

    /// <summary>False with a refusal where the scratch memory is used up.</summary>
    protected abstract bool TakeScratch<T>(long count, out ArenaPart<T> part)
        where T : unmanaged;

    /// <summary>Queues what has been checked.</summary>
    protected abstract void Launch<TKernel>(in TKernel kernel, int x, int y, int z, in CpuBody body)
        where TKernel : unmanaged;

    /// <summary>Ends when the machine has.</summary>
    protected abstract void Drain();

    protected abstract void Dispose(bool disposing);

    private void Checked<TKernel>(in TKernel kernel, long x, long y, long z, in CpuBody body)
        where TKernel : unmanaged, IKernel
    {
        if (Trouble is not null)
        {
            return;
        }

        Needs needs = new(x, y, z);
        kernel.Check(ref needs);
        if (needs.Unfit != Unfit.None)
        {
            Refuse(Misfit.Of(KernelName<TKernel>.Value, needs));
        }
        else if (!needs.IsEmpty)
        {
            Launch(kernel, (int)x, (int)y, (int)z, body);
        }
    }
}

/// <summary>The name of a kernel as in the launch table: Rescale_Int16.</summary>
internal static class KernelName<TKernel>
    where TKernel : unmanaged
{
    public static string Value { get; } = typeof(TKernel).FullName![(typeof(TKernel).Namespace!.Length + 1)..].Replace('+', '_');
}

/// <summary>A launch that does not fit, in words with its numbers.</summary>
internal static class Misfit
{
    public static Refusal Of(string kernel, in Needs needs)
    {
        string launch = $"kernel {kernel}, launched over {needs.X} x {needs.Y} x {needs.Z}";
        return new Refusal(RefusalReason.BadLaunch, needs.Unfit switch
        {
            Unfit.Extent => $"{launch}: {needs.What} {needs.Asked} does not fit into 32 bits (bound {needs.Bound}).",
            Unfit.NullView => $"{launch}: {needs.What} points nowhere; {needs.Asked} elements are needed.",
            Unfit.ShortView => $"{launch}: {needs.What} is too short: {needs.Asked} asked for, {needs.Bound} there.",
            _ => $"{launch}: {needs.What} is {needs.Asked}, which breaks the bound {needs.Bound}.",
        });
    }
}
