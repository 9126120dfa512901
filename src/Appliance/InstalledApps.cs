using Appliance.Core;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>The apps of this box, each verified and tested by a slice whose answer is known.</summary>
/// <param name="GpuTrouble">Why there is no GPU that works, where one is wanted and there; null otherwise.</param>
public sealed record InstalledApps(IReadOnlyList<App> Apps, Refusal? GpuTrouble)
{
    /// <summary>What was found is told one by one: an app that cannot be used is an alarm, and the others go on.</summary>
    public static InstalledApps Load(Settings settings, Action<Happening> tell, TimeProvider time)
    {
        List<App> apps = [];
        GpuProbe gpu = settings.Analysis.Device == ComputeChoice.Cpu ? new GpuProbe("the settings ask for the CPU") : GpuProbe.Look();
        string[] folders = Directory.Exists(settings.AppsDirectory) ? Directory.GetDirectories(settings.AppsDirectory) : [];
        foreach (string folder in folders.Order(StringComparer.Ordinal))
        {
            long began = time.GetTimestamp();
            Outcome<App> app = App.Load(folder, gpu);
            string version = app.Value?.Manifest.Version ?? "";
            tell(new AppChecked(time.GetUtcNow(), Path.GetFileName(folder), version, time.GetElapsedTime(began), app.Refusal));
            if (!app.Refused)
            {
                Watch(app.Value, tell, time);
                apps.Add(app.Value);
            }
        }

        if (folders.Length == 0)
        {
            Refusal none = new(RefusalReason.NoApp, $"{settings.AppsDirectory} holds none: nothing is analysed");
            tell(new AppChecked(time.GetUtcNow(), "(none)", "", TimeSpan.Zero, none));
        }

        bool onGpu = apps.Exists(app => app.Network.OnGpu);
        string reason = apps.Find(app => !app.Network.OnGpu)?.Network.GpuAbsence ?? gpu.Absence ?? "a GPU that works";
        tell(new ComputeChosen(time.GetUtcNow(), onGpu ? "GPU" : Cpu, reason));

        // A machine without an NVIDIA driver has no GPU to be wrong; one with a driver that does not work has.
        bool hasDriver = File.Exists("/proc/driver/nvidia/version");
        Refusal? trouble = hasDriver && gpu.Absence is string absence && settings.Analysis.Device == ComputeChoice.Auto
            ? new Refusal(RefusalReason.NotReachable, absence)
            : null;
        return new InstalledApps(apps, trouble);
    }
    private static string Cpu => $"CPU, {Environment.ProcessorCount} cores";

    /// <summary>A GPU that fails later is an alarm; the network goes on by the u8 model.</summary>
    private static void Watch(App app, Action<Happening> tell, TimeProvider time)
    {
        void Lost(string why)
        {
            Refusal refusal = new(RefusalReason.GpuFailed, why);
            tell(new GpuLost(time.GetUtcNow(), $"the GPU of {app.Manifest.Name}", refusal, KernelsLeft: null));
            tell(new ComputeChosen(time.GetUtcNow(), Cpu, why));
        }

        app.Network.GpuLost = Lost;
        if (app.Fast is Network fast)
        {
            fast.GpuLost = Lost;
        }
    }
}
