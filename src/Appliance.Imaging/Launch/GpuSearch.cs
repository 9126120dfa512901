using Appliance.Core;
using Appliance.Imaging.Launch.Known;

namespace Appliance.Imaging.Launch;

/// <summary>What was found when every card of the box was asked for the known answer of every kernel.</summary>
/// <param name="Used">Names of the cards that answered all of them rightly.</param>
/// <param name="Absence">Why there is none to ask: one sentence; null where there was one.</param>
/// <param name="Refused">Cards that are there and are not used.</param>
public sealed record GpuSearch(IReadOnlyList<string> Used, string? Absence, IReadOnlyList<Refusal> Refused)
{
    /// <summary>Why the kernels run where they do.</summary>
    public string Reason => Used.Count > 0 ? $"known answers of {KnownAnswers.All.Count} kernels are right"
        : Absence ?? "no GPU of this box can be used";

    /// <summary>Takes seconds, since the driver compiles every kernel. Each card that passes is used at once.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public static GpuSearch In(Compute compute, string library, CancellationToken stop)
    {
        Outcome<CudaDriver> driver = CudaDriver.Open(library);
        if (driver.Refused)
        {
            return new GpuSearch([], driver.Refusal.Text, []);
        }

        List<string> used = [];
        List<Refusal> refused = [];
        for (int ordinal = 0; ordinal < driver.Value.Devices; ordinal++)
        {
            Outcome<GpuLauncher> gpu = GpuLauncher.Open(driver.Value, ordinal, TimeSpan.FromMilliseconds(Limits.GpuPatienceMs));
            if ((gpu.Refusal ?? KnownAnswer.Test(gpu.Value!, compute.Cpu, stop)) is Refusal refusal)
            {
                gpu.Value?.Dispose();
                refused.Add(refusal);
                continue;
            }

            compute.Use(gpu.Value!);
            used.Add(gpu.Value!.Name);
        }

        return new GpuSearch(used, null, refused);
    }
}
