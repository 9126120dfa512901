using Appliance.Core;
using Appliance.Imaging.Launch;

namespace Appliance.Daemon;

/// <summary>Finds out behind the open door which GPUs the image kernels may run on. Until one has passed, the CPU serves.</summary>
/// <remarks>
/// The network is chosen apart (<see cref="InstalledApps"/>): ONNX Runtime wants libraries and cards that the kernels do not. A thread
/// of its own, which nobody waits for: a driver that never answers costs the GPU and nothing else.
/// </remarks>
public sealed class KernelChoice : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Compute compute;
    private readonly Action<Happening> tell;
    private readonly TimeProvider time;
    private readonly string? absence;

    /// <summary>Begins at once.</summary>
    /// <param name="compute">Of this process.</param>
    public KernelChoice(Compute compute, Settings settings, Action<Happening> tell, TimeProvider time)
    {
        (this.compute, this.tell, this.time) = (compute, tell, time);
        absence = settings.Analysis.Device == ComputeChoice.Cpu ? "the settings ask for the CPU" : null;
        compute.GpuLost = (gpu, why) => tell(new GpuLost(time.GetUtcNow(), gpu.Name, why, Machines()));
        new Thread(Search) { Name = "gpus", IsBackground = true }.Start();
    }

    public void Dispose()
    {
        stopping.Cancel();
        compute.GpuLost = null;
        compute.LeaveGpus();
    }

    private void Search()
    {
        OwnThread.Stand(ThreadOrder.Analysis);
        GpuSearch found;
        try
        {
            found = absence is null ? GpuSearch.In(compute, CudaDriver.Library, stopping.Token) : new GpuSearch([], absence, []);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        tell(new KernelsChosen(time.GetUtcNow(), Machines(), found.Reason, found.Refused));
    }

    private string Machines() => compute.Gpus is { Count: > 0 } gpus
        ? string.Join("; ", gpus.Select(gpu => gpu.Name))
        : $"CPU, {Environment.ProcessorCount} cores";
}
