extern alias Gpu;

using System.Reflection;
using Appliance.Imaging.Launch.Known;
using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.House;

/// <summary>A kernel that lacks a reference, a trial, a CPU form or its PTX fails here.</summary>
public sealed class EveryKernelTests
{
    public static TheoryData<string> Kernels => [.. Structs().Select(Name).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_has_a_trial_on_all_machines(string kernel) => Assert.Contains(kernel, Cases.All.Keys);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_has_a_known_answer_for_the_start_of_the_daemon(string kernel) =>
        Assert.Single(KnownAnswers.All, answer => answer.Kernel == kernel);

    /// <summary>The columns of the table of machines: each is a theory over all kernels, CUDA among them.</summary>
    [Theory]
    [InlineData("Eight_lanes")]
    [InlineData("One_lane")]
    [InlineData("The_body_for_the_cpu")]
    [InlineData("The_launcher")]
    [InlineData("Ilgpu_on_the_cpu")]
    [InlineData("The_emitted_ptx_of_sm_70")]
    [InlineData("The_emitted_ptx_of_sm_80")]
    [InlineData("The_emitted_ptx_through_the_driver_api")]
    [InlineData("Cuda_where_present")]
    public void Every_kernel_runs_on_every_machine(string column)
    {
        MethodInfo theory = Assert.Single(
            typeof(KernelTests).GetMethods(), method => method.Name.StartsWith(column + "_", StringComparison.Ordinal));
        Assert.Equal(nameof(KernelTests.Kernels), theory.GetCustomAttribute<MemberDataAttribute>()!.MemberName);
        Assert.Superset(Structs().Select(Name).ToHashSet(), KernelTests.Kernels.Select(row => row.Data).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_lies_in_a_class_with_its_scalar_reference(string kernel)
    {
        Type type = Structs().Single(type => Name(type) == kernel);
        Assert.NotNull(type.DeclaringType);
        Assert.Contains(type.DeclaringType.GetMethods(), method => method.Name.StartsWith("Reference", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_has_ptx_of_both_architectures_and_takes_the_bytes_of_its_cpu_struct(string kernel)
    {
        Type cpu = typeof(CpuLaunch).Assembly.GetType(Structs().Single(type => Name(type) == kernel).FullName!, throwOnError: true)!;
        int bytes = (int)typeof(EveryKernelTests).GetMethod(nameof(Size), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(cpu).Invoke(null, [])!;
        Assert.Equal(bytes, KernelImages.Of(kernel, "sm_70").ParameterBytes);
        Assert.Equal(bytes, KernelImages.Of(kernel, "sm_80").ParameterBytes);
    }

    [Fact]
    public void There_are_no_trials_of_kernels_that_do_not_exist() =>
        Assert.Empty(Cases.All.Keys.Except(Structs().Select(Name)));

    private static unsafe int Size<T>()
        where T : unmanaged => sizeof(T);

    private static IEnumerable<Type> Structs() => typeof(Gpu::Appliance.Kernels.KernelAttribute).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<Gpu::Appliance.Kernels.KernelAttribute>() is not null);

    private static string Name(Type type) => type.FullName![(type.Namespace!.Length + 1)..].Replace('+', '_');
}
