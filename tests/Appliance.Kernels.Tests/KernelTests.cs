using System.Reflection;
using Appliance.Core;
using Appliance.Imaging.Launch;
using Appliance.Kernels.Tests.Harness;
using Appliance.Kernels.Tests.Stub;

namespace Appliance.Kernels.Tests;

/// <summary>Every kernel on every machine against its scalar reference: fresh inputs each run, the seed in the message.</summary>
public sealed class KernelTests
{
    private static readonly int Seed = Environment.GetEnvironmentVariable("KERNEL_SEED") is { } seed
        ? int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture)
        : Environment.TickCount;

    private static readonly IlgpuMachine Ilgpu = new();

    public static TheoryData<string> Kernels => [.. Cases.All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Eight_lanes_agree_with_the_reference(string kernel) => Check(kernel, new LanesMachine());

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_body_for_the_cpu_agrees_with_the_reference(string kernel) => Check(kernel, new TunedMachine());

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_launcher_on_three_threads_agrees_with_the_reference(string kernel)
    {
        using CpuLauncher launcher = new(3);
        using LauncherMachine machine = new(launcher);
        Check(kernel, machine);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_emitted_ptx_through_the_driver_api_of_a_stub_agrees_with_the_reference(string kernel)
    {
        using StubDriver stub = new("cc=80");
        using GpuLauncher launcher = stub.Gpu();
        using LauncherMachine machine = new(launcher);
        Check(kernel, machine);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Cuda_where_present_agrees_with_the_reference(string kernel)
    {
        Outcome<CudaDriver> driver = CudaDriver.Open();
        Assert.SkipWhen(driver.Refused, $"no GPU here: {driver.Refusal?.Text}");
        for (int ordinal = 0; ordinal < driver.Value!.Devices; ordinal++)
        {
            Outcome<GpuLauncher> gpu = GpuLauncher.Open(driver.Value, ordinal, TimeSpan.FromSeconds(30));
            Assert.SkipWhen(gpu.Refused, $"no GPU that can be used here: {gpu.Refusal?.Text}");
            using LauncherMachine machine = new(gpu.Value!);
            Check(kernel, machine);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void One_lane_agrees_with_the_reference(string kernel) => Check(kernel, new OneLaneMachine());

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Ilgpu_on_the_cpu_agrees_with_the_reference(string kernel)
    {
        lock (Ilgpu)
        {
            Check(kernel, Ilgpu, shapes: 5);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_emitted_ptx_of_sm_70_agrees_with_the_reference(string kernel) => Check(kernel, new PtxMachine("sm_70"), shapes: 3);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_emitted_ptx_of_sm_80_agrees_with_the_reference(string kernel) => Check(kernel, new PtxMachine("sm_80"));

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Any_split_into_slabs_gives_the_whole_result_bit_for_bit(string kernel)
    {
        foreach ((MethodInfo method, Shape shape) in Trials(kernel, Shape.All.Count))
        {
            using Trial trial = Cases.Create(method, new Random(Seed), shape);
            Named(trial.Run(new SlabMachine(new Random(Seed))), method, shape);
        }
    }

    private static void Check(string kernel, Machine machine, int shapes = int.MaxValue)
    {
        foreach ((MethodInfo method, Shape shape) in Trials(kernel, shapes))
        {
            using Trial trial = Cases.Create(method, new Random(Seed), shape);
            Assert.Contains(trial.Launches, launch => launch.Name == kernel);
            Named(trial.Run(machine), method, shape);
        }
    }

    private static IEnumerable<(MethodInfo Method, Shape Shape)> Trials(string kernel, int shapes) =>
        Cases.All[kernel].SelectMany(method => Shape.All.Take(shapes).Select(shape => (method, shape)));

    private static void Named(string? problem, MethodInfo method, Shape shape) =>
        Assert.True(problem is null, $"{method.DeclaringType!.Name}.{method.Name} with {shape}, KERNEL_SEED={Seed}: {problem}");

    /// <summary>The CPU, with every slab in random pieces that see nothing but their own planes.</summary>
    private sealed class SlabMachine(Random random) : Machine
    {
        public override void Run(Launch launch)
        {
            for (int from = 0; from < launch.Extent.Z;)
            {
                int to = Math.Min(launch.Extent.Z, from + random.Next(1, 4));
                if (launch.Slabs is null)
                {
                    launch.OnCpu(from, to);
                }
                else
                {
                    launch.OnSlab(from, to);
                }

                from = to;
            }
        }
    }
}
