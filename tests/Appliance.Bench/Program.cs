using Appliance.Bench;

// appliance-bench --serve [--threads N]: the protocol of kern --serve. First "ready TAB 0", then for each kernel name on standard input
// one line "name TAB milliseconds TAB managed bytes", or "name TAB unknown".
// appliance-bench --list: the names.
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

if (!args.Contains("--serve"))
{
    output.WriteLine("usage: Appliance.Bench --serve [--threads N] | --list");
    return 64;
}

using Team team = new(threads);
using Volumes volumes = new();
BenchKernels kernels = new(volumes, team);
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
