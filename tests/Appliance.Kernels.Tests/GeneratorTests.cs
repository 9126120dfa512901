extern alias Gpu;

using System.Reflection;
using Appliance.Kernels.Tests.Harness;
using global::Appliance.Kernels.Ptx;

namespace Appliance.Kernels.Tests;

/// <summary>The build step: the same text each time, and a refusal by name of what a GPU would do wrongly.</summary>
public sealed class GeneratorTests
{
    public static TheoryData<Type, string> Refused => new()
    {
        { typeof(RawPointer), "Data is a raw pointer" },
        { typeof(Truth), "Yes is a Boolean" },
        { typeof(Reference), "Data is a reference" },
        { typeof(Undefined), "no one defines" },
        { typeof(Throws), "ILGPU does not compile it" },
        { typeof(Chosen), "an integer's bits" },
    };

    [Fact]
    public void Two_compilations_give_the_text_that_the_daemon_carries()
    {
        foreach (KernelType kernel in KernelType.All().Where((_, i) => i % 9 == 0))
        {
            foreach (Architecture architecture in Architecture.All)
            {
                string text = PtxText.Compile(kernel, architecture);
                Assert.Equal(text, PtxText.Compile(kernel, architecture));
                Assert.Equal(text, KernelImages.Of(kernel.Name, architecture.Name).Ptx);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_kernel_that_a_gpu_would_run_wrongly_is_refused(Type kernel, string why)
    {
        KernelRefusedException refused = Assert.Throws<KernelRefusedException>(
            () => PtxText.Compile(KernelType.Of(kernel), Architecture.All[0]));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_emitted_text_has_a_uniform_branch_a_fused_operation_or_an_open_rounding() =>
        Assert.All(KernelImages.All, image =>
        {
            Assert.DoesNotContain(".uni", image.Ptx, StringComparison.Ordinal);
            Assert.DoesNotContain("fma.", image.Ptx, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\b(add|sub|mul)\.f32", image.Ptx);
            Assert.DoesNotContain(".approx", image.Ptx, StringComparison.Ordinal);
        });

    [Fact]
    public void Every_kernel_of_the_source_is_in_the_launch_table_once_for_each_architecture() => Assert.Equal(
        typeof(Gpu::Appliance.Kernels.KernelAttribute).Assembly.GetTypes()
            .Count(type => type.GetCustomAttribute<Gpu::Appliance.Kernels.KernelAttribute>() is not null) * Architecture.All.Count,
        KernelImages.All.DistinctBy(image => (image.Name, image.Architecture)).Count());

    [Gpu::Appliance.Kernels.Kernel(32)]
    public unsafe struct RawPointer : Gpu::Appliance.Kernels.IPointKernel
    {
        public float* Data;

        public readonly void Check(ref Gpu::Appliance.Kernels.Needs needs) => needs.Grid(1, 1);

        public readonly void Run(int x, int y, int z) => Data[x - 1] = 0;
    }

    [Gpu::Appliance.Kernels.Kernel(32)]
    public struct Truth : Gpu::Appliance.Kernels.IPointKernel
    {
        public bool Yes;

        public readonly void Check(ref Gpu::Appliance.Kernels.Needs needs) => needs.Grid(1, 1);

        public readonly void Run(int x, int y, int z)
        {
        }
    }

    [Gpu::Appliance.Kernels.Kernel(32)]
    public struct Reference : Gpu::Appliance.Kernels.IPointKernel
    {
        public float[] Data;

        public readonly void Check(ref Gpu::Appliance.Kernels.Needs needs) => needs.Grid(1, 1);

        public readonly void Run(int x, int y, int z) => Data[x] = 0;
    }

    /// <summary>ILGPU 1.5.3 emits a call of a function that nothing defines, and says nothing.</summary>
    [Gpu::Appliance.Kernels.Kernel(32)]
    public struct Undefined : Gpu::Appliance.Kernels.IPointKernel
    {
        public Gpu::Appliance.Kernels.View<float> Data;

        public readonly void Check(ref Gpu::Appliance.Kernels.Needs needs) => needs.Grid(1, 1);

        public readonly void Run(int x, int y, int z) => Data[x] = MathF.FusedMultiplyAdd(Data[x], 2, 1);
    }

    [Gpu::Appliance.Kernels.Kernel(32)]
    public struct Throws : Gpu::Appliance.Kernels.IPointKernel
    {
        public Gpu::Appliance.Kernels.View<float> Data;

        public readonly void Check(ref Gpu::Appliance.Kernels.Needs needs) => needs.Grid(1, 1);

        public readonly void Run(int x, int y, int z) => Data[x] = Data[x] > 0 ? 1 : throw new InvalidOperationException("no");
    }

    /// <summary>ILGPU 1.5.3 takes the bits of 1 for a float.</summary>
    [Gpu::Appliance.Kernels.Kernel(32)]
    public struct Chosen : Gpu::Appliance.Kernels.IPointKernel
    {
        public Gpu::Appliance.Kernels.View<float> Data;
        public int First;

        public readonly void Check(ref Gpu::Appliance.Kernels.Needs needs)
        {
        }

        public readonly void Run(int x, int y, int z) => Data[x] *= First == 0 ? 1 : 0;
    }
}
