using Appliance.Bench;
using Appliance.Imaging.Launch;

// appliance-bench --serve [--threads N]: the protocol of kern --serve. First "ready TAB 0", then for each kernel name on standard input
// one line "name TAB milliseconds TAB managed bytes", or "name TAB unknown".
// appliance-bench --list: the names.
// appliance-bench --gpu-check [--size XxYxZ] [--json FILE]: every kernel on every GPU of this machine (docs/performance.md).
using StreamWriter output = new(Console.OpenStandardOutput()) { AutoFlush = true, NewLine = "\n" };
int threadsAt = Array.IndexOf(args, "--threads");
int threads = threadsAt >= 0 && threadsAt + 1 < args.Length
    && int.TryParse(args[threadsAt + 1], System.Globalization.CultureInfo.InvariantCulture, out int asked) ? Math.Clamp(asked, 1, 64) : 1;
if (args.Contains("--list"))
{
    foreach (string name in BenchKernels.Names)
    {
        output.WriteLine(name);
    }

    return 0;
}

if (args.Contains("--gpu-check"))
{
    int[] size = [.. (After("--size") ?? "512x512x64").Split('x').Select(part => int.TryParse(part, out int side) ? side : 0)];
    return size is [> 8 and <= 1024, > 8 and <= 1024, > 4 and <= 64]
        ? new GpuCheck(output).Run(CudaDriver.Library, (size[0], size[1], size[2]), After("--json"))
        : 64;
}

if (!args.Contains("--serve"))
{
    output.WriteLine("usage: Appliance.Bench --serve [--threads N] | --list | --gpu-check [--size XxYxZ] [--json FILE]");
    return 64;
}

using CpuWorkers workers = new(threads);
using Volumes volumes = new();
BenchKernels kernels = new(volumes, workers);
output.WriteLine("ready\t0");
while (Console.In.ReadLine() is { } name)
{
    if (kernels.Find(name) is not { } kernel)
    {
        output.WriteLine($"{name}\tunknown");
        continue;
    }

    long before = GC.GetTotalAllocatedBytes(precise: true);
    long start = System.Diagnostics.Stopwatch.GetTimestamp();
    kernel();
    double ms = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    long bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
    output.WriteLine(string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{name}\t{(args.Contains("--bytes") ? bytes : ms):0.0000}"));
}

return 0;

string? After(string option) => Array.IndexOf(args, option) is >= 0 and int at && at + 1 < args.Length ? args[at + 1] : null;
