using System.Diagnostics;
using System.Runtime.InteropServices;
using Appliance.Core;
using Appliance.Kernels;

namespace Appliance.Imaging.Launch;

/// <summary>A stream of one card. Inputs go to pinned memory and from there to the card while the caller goes on.</summary>
internal sealed unsafe partial class GpuQueue(GpuLauncher launcher, Arena scratch, nint stream, nint startEvent, nint stopEvent)
    : LaunchQueue
{
    /// <summary>Blocks of a grid in y and z (CUDA C programming guide, technical specifications).</summary>
    private const int BlocksMost = 65535;

    private readonly CudaDriver driver = launcher.Driver;
    private readonly List<Transfer> outs = [];
    private string lastKernel = "copies";

    public override Launcher Launcher => launcher;

    public override View<T> In<T>(T* host, long count) => Taken(host, count, isRead: true, isWritten: false);

    public override View<T> Out<T>(T* host, long count) => Taken(host, count, isRead: false, isWritten: true);

    public override View<T> InOut<T>(T* host, long count) => Taken(host, count, isRead: true, isWritten: true);

    public override void Upload<T>(in ArenaPart<T> part)
    {
        if (Enter() && !IsWalked((Asked.Upload, (long)part.Host, part.Count * sizeof(T))))
        {
            Did(driver.MemcpyHtoDAsync((ulong)part.View.Pointer, part.Host, (nuint)(part.Count * sizeof(T)), stream), "cuMemcpyHtoDAsync");
        }
    }

    public override void Download<T>(in ArenaPart<T> part)
    {
        if (Enter() && !IsWalked((Asked.Download, (long)part.Host, part.Count * sizeof(T))))
        {
            Did(driver.MemcpyDtoHAsync(part.Host, (ulong)part.View.Pointer, (nuint)(part.Count * sizeof(T)), stream), "cuMemcpyDtoHAsync");
        }
    }

    public override void StartTimer()
    {
        if (Enter())
        {
            Did(driver.EventRecord(startEvent, stream), "cuEventRecord");
        }
    }

    public override double StopTimer()
    {
        float ms = 0;
        if (Enter())
        {
            Did(driver.EventRecord(stopEvent, stream), "cuEventRecord");
            Wait();
        }

        if (Trouble is null)
        {
            Did(driver.EventElapsedTime(&ms, startEvent, stopEvent), "cuEventElapsedTime");
        }

        return ms;
    }

    /// <summary>Copies within the card's memory: what its bandwidth is measured by.</summary>
    internal void CopyOnCard<T>(in ArenaPart<T> from, in ArenaPart<T> to)
        where T : unmanaged
    {
        if (Enter())
        {
            nuint bytes = (nuint)(from.Count * sizeof(T));
            Did(driver.MemcpyDtoDAsync((ulong)to.View.Pointer, (ulong)from.View.Pointer, bytes, stream), "cuMemcpyDtoDAsync");
        }
    }

    protected override bool TakeScratch<T>(long count, out ArenaPart<T> part)
    {
        IsWalked((Asked.Scratch, count, (long)sizeof(T)));
        if (scratch.TryTake(count, out part) is not Refusal refusal)
        {
            return true;
        }

        Refuse(refusal with { Text = $"{launcher.Name}: {refusal.Text}" });
        return false;
    }

    protected override void Launch<TKernel>(in TKernel kernel, int x, int y, int z, in CpuBody body)
    {
        string name = KernelName<TKernel>.Value;
        if (!Enter() || !Found(name, sizeof(TKernel), out GpuKernel code))
        {
            return;
        }

        long columns = Blocks(x, code.BlockX), rows = Blocks(y, code.BlockY), planes = Blocks(z, code.BlockZ);
        if (columns * code.BlockX > int.MaxValue || rows > BlocksMost || planes > BlocksMost)
        {
            Refuse(new Refusal(
                RefusalReason.BadLaunch,
                $"kernel {name}, launched over {x} x {y} x {z}: {columns} x {rows} x {planes} blocks are more than a GPU takes."));
            return;
        }

        IsWalked((Asked.Kernel, (long)code.Function, (long)x, (long)y, (long)z));
        if (IsWalked(kernel))
        {
            return;
        }

        lastKernel = name;
        int* extent = stackalloc int[] { x, y, z };
        fixed (TKernel* parameters = &kernel)
        {
            void** arguments = stackalloc void*[] { extent, parameters };
            Did(
                driver.LaunchKernel(
                    code.Function, (uint)columns, (uint)rows, (uint)planes, (uint)code.BlockX, (uint)code.BlockY, (uint)code.BlockZ, 0,
                    stream, arguments, null),
                "launch of ",
                name);
        }
    }

    protected override void Drain()
    {
        if (Enter())
        {
            QueueOuts();
        }

        Wait();
        CopyOut();
        Forget();
    }

    protected override void Dispose(bool disposing)
    {
        if (launcher.Enter() is null)
        {
            DropGraphs();
            driver.EventDestroy(startEvent);
            driver.EventDestroy(stopEvent);
            driver.StreamDestroy(stream);
        }

        scratch.Dispose();
    }

    private static long Blocks(int extent, int block) => ((long)extent + block - 1) / block;

    private View<T> Taken<T>(T* host, long count, bool isRead, bool isWritten)
        where T : unmanaged
    {
        if (!Enter())
        {
            return default;
        }

        if (count == 0 || host == null)
        {
            IsWalked((Asked.Nothing, count));
            return new View<T>(null, count);
        }

        if (!TakeScratch(count, out ArenaPart<T> part))
        {
            return default;
        }

        IsWalked((isRead ? Asked.Read : Asked.Written, isWritten ? 1L : 0L));
        Transfer transfer = new((nint)host, (nint)part.Host, (ulong)part.View.Pointer, count * sizeof(T));
        if (isRead)
        {
            NativeMemory.Copy(host, part.Host, (nuint)transfer.Bytes);
            if (!isWalk)
            {
                Did(driver.MemcpyHtoDAsync(transfer.Card, part.Host, (nuint)transfer.Bytes, stream), "cuMemcpyHtoDAsync");
            }
        }

        if (isWritten)
        {
            outs.Add(transfer);
        }

        return part.View;
    }

    private bool Found(string name, int parameterBytes, out GpuKernel kernel)
    {
        if (launcher.Find(name, parameterBytes, out kernel) is not Refusal refusal)
        {
            return true;
        }

        Refuse(refusal);
        return false;
    }

    private void QueueOuts()
    {
        foreach (Transfer transfer in outs)
        {
            Did(driver.MemcpyDtoHAsync((void*)transfer.Pinned, transfer.Card, (nuint)transfer.Bytes, stream), "cuMemcpyDtoHAsync");
        }
    }

    /// <summary>Only what the card has surely finished reaches the caller's memory.</summary>
    private void CopyOut()
    {
        if (Trouble is null)
        {
            foreach (Transfer transfer in outs)
            {
                NativeMemory.Copy((void*)transfer.Pinned, (void*)transfer.Host, (nuint)transfer.Bytes);
            }
        }
    }

    /// <summary>
    /// Asks again and again instead of waiting in the driver: a card that hangs would never let go. Most steps take less than two
    /// milliseconds; after that the processor is left to others in between.
    /// </summary>
    private void Wait()
    {
        if (Trouble?.Reason == RefusalReason.GpuFailed)
        {
            return;
        }

        if (launcher.Enter() is Refusal lost)
        {
            Refuse(lost);
            return;
        }

        long began = Stopwatch.GetTimestamp();
        SpinWait spin = default;
        int result;
        while ((result = driver.StreamQuery(stream)) == CudaResult.NotReady)
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(began);
            if (waited > launcher.Patience)
            {
                Refuse(launcher.Hangs(lastKernel));
                return;
            }

            spin.SpinOnce(waited.TotalMilliseconds < 2 ? -1 : 20);
        }

        Did(result, "cuStreamQuery after ", lastKernel);
    }

    private void Forget()
    {
        outs.Clear();
        scratch.Clear();
    }

    private bool Enter()
    {
        if (Trouble is null && launcher.Enter() is Refusal refusal)
        {
            Refuse(refusal);
        }

        return Trouble is null;
    }

    /// <param name="of">Joined to what was asked only where it failed: success allocates nothing.</param>
    private bool Did(int result, string asked, string of = "")
    {
        if (result == CudaResult.Success)
        {
            return true;
        }

        Refuse(launcher.Failure(result, asked + of));
        return false;
    }

    /// <summary>A caller's memory, its place in pinned memory and on the card.</summary>
    private readonly record struct Transfer(nint Host, nint Pinned, ulong Card, long Bytes);
}
