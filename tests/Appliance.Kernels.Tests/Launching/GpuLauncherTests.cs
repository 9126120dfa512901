using Appliance.Core;
using Appliance.Imaging.Launch;
using Appliance.Imaging.Launch.Known;
using Appliance.Kernels.Tests.Stub;

namespace Appliance.Kernels.Tests.Launching;

/// <summary>The launcher's half for a GPU, on the stub driver: what it asks for, and what it says when that goes wrong.</summary>
public sealed unsafe class GpuLauncherTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData(70)]
    [InlineData(75)]
    [InlineData(80)]
    [InlineData(90)]
    public void Every_kernel_gives_its_known_answer_on_every_architecture(int capability)
    {
        using StubDriver stub = new($"cc={capability}");
        using CpuLauncher cpu = new(2);
        using GpuLauncher gpu = stub.Gpu();
        Assert.Null(KnownAnswer.Test(gpu, cpu, Never));
        Assert.True(stub.Launches(0) >= KnownAnswers.All.Count, "every kernel was launched");
    }

    [Fact]
    public void A_known_answer_on_the_cpu_holds_in_any_number_of_threads()
    {
        using CpuLauncher one = new(1), four = new(4);
        Assert.Null(KnownAnswer.Test(four, one, Never));
    }

    /// <summary>A kernel that leaves its results as they were must never pass, whichever it is.</summary>
    [Fact]
    public void Each_kernel_that_answers_wrongly_is_named()
    {
        using CpuLauncher cpu = new(1);
        foreach (string kernel in KnownAnswers.All.Select(answer => answer.Kernel))
        {
            using StubDriver stub = new($"wrong={kernel}");
            using GpuLauncher gpu = stub.Gpu();
            using Rehearsal right = KnownAnswer.Place(cpu).Value!, tested = KnownAnswer.Place(gpu).Value!;
            Refusal? refusal = KnownAnswers.All.Single(answer => answer.Kernel == kernel).Compare(tested, right, gpu);
            Assert.True(refusal is { Reason: RefusalReason.GpuFailed }, $"{kernel} passed without running");
            Assert.Contains($"kernel {kernel} gives a wrong answer", refusal.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_text_that_the_driver_refuses_is_named_with_what_the_driver_says()
    {
        using StubDriver stub = new("badptx=Median_Cube");
        using CpuLauncher cpu = new(1);
        using GpuLauncher gpu = stub.Gpu();
        Refusal refusal = KnownAnswer.Test(gpu, cpu, Never)!;
        Assert.Contains("PTX of Median_Cube: ptxas error: stub does not like Median_Cube", refusal.Text, StringComparison.Ordinal);
        Assert.Contains("CUDA_ERROR_INVALID_PTX (218)", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_library_there_is_no_driver() =>
        Assert.Contains("libcuda-none.so is missing", CudaDriver.Open("/nowhere/libcuda-none.so").Refusal!.Text, StringComparison.Ordinal);

    [Fact]
    public void A_driver_without_a_function_is_refused_by_its_name()
    {
        using StubDriver stub = new(define: "WITHOUT_GRAPHS");
        Assert.Contains("it lacks cuGraphLaunch", stub.Open().Refusal!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_driver_is_refused_with_both_versions()
    {
        using StubDriver stub = new("version=10020");
        Assert.Contains("it knows CUDA 10.2, 11.4 is needed", stub.Open().Refusal!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_without_a_device_is_refused_with_name_and_number()
    {
        using StubDriver stub = new("init=100");
        Assert.Equal("cuInit: CUDA_ERROR_NO_DEVICE (100)", stub.Open().Refusal!.Text);
        using StubDriver none = new("devices=0");
        Assert.Contains("finds no device", none.Open().Refusal!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_card_is_refused_with_its_capability()
    {
        using StubDriver stub = new("devices=2 cc=61,70");
        Refusal refusal = GpuLauncher.Open(stub.Open().Value!, 0, TimeSpan.FromSeconds(1)).Refusal!;
        Assert.Contains("compute capability 6.1, 7.0 is needed", refusal.Text, StringComparison.Ordinal);
        using GpuLauncher second = stub.Gpu(1);
        Assert.Equal("GPU 1, Stub 7.0", second.Name);
    }

    [Fact]
    public void Memory_that_a_card_does_not_have_is_refused_with_the_numbers_and_the_card_works_on()
    {
        using StubDriver stub = new("memory=10000000");
        using GpuLauncher gpu = stub.Gpu();
        Refusal refusal = gpu.NewArena(20_000_000).Refusal!;
        Assert.Equal(RefusalReason.OutOfMemory, refusal.Reason);
        Assert.Contains("20000000 bytes of its memory", refusal.Text, StringComparison.Ordinal);
        Assert.Contains("CUDA_ERROR_OUT_OF_MEMORY (2); 10000000 of 10000000 bytes are free", refusal.Text, StringComparison.Ordinal);
        using Arena small = gpu.NewArena(1000).Value!;
        Assert.False(gpu.IsLost);
    }

    [Fact]
    public void Extents_that_no_grid_has_are_refused_with_the_numbers()
    {
        using StubDriver stub = new();
        using GpuLauncher gpu = stub.Gpu();
        using LaunchQueue queue = gpu.NewQueue(1 << 20).Value!;
        View<byte> one = queue.Scratch<byte>(1 << 18);
        queue.Lanes(new Contour.Outline { Source = one, Target = one, Width = 1, Height = 1 }, 1, 1, 100_000);
        Assert.Contains("1 x 1 x 100000 blocks", queue.Finish()!.Text, StringComparison.Ordinal);
        Assert.False(gpu.IsLost);
    }

    [Fact]
    public void A_launch_that_fails_is_told_with_the_kernel_and_the_error_and_changes_nothing_of_the_caller()
    {
        using StubDriver stub = new("fail=1");
        using GpuLauncher gpu = stub.Gpu();
        using LaunchQueue queue = gpu.NewQueue(1 << 20).Value!;
        byte[] labels = new byte[64];
        fixed (byte* memory = labels)
        {
            View<byte> both = queue.InOut(memory, 64);
            queue.Points(new Holes.Invert { Source = both, Target = both, Width = 64, Height = 1 }, 64, 1, 1);
            Refusal refusal = queue.Finish()!;
            Assert.Equal(RefusalReason.GpuFailed, refusal.Reason);
            Assert.Equal("GPU 0, Stub 8.0: cuStreamQuery after Holes_Invert: CUDA_ERROR_ILLEGAL_ADDRESS (700)", refusal.Text);
        }

        Assert.All(labels, label => Assert.Equal(0, label));
        Assert.True(gpu.IsLost);
        Assert.True(gpu.NewQueue(1).Refused);
    }

    [Fact]
    public void A_card_that_hangs_is_lost_after_its_time_and_nobody_waits_for_it_again()
    {
        using StubDriver stub = new("hang=1");
        using GpuLauncher gpu = stub.Gpu(patience: TimeSpan.FromMilliseconds(50));
        using LaunchQueue queue = gpu.NewQueue(1 << 20).Value!;
        View<byte> one = queue.Scratch<byte>(64);
        queue.Points(new Holes.Invert { Source = one, Target = one, Width = 64, Height = 1 }, 64, 1, 1);
        Assert.Contains("Holes_Invert has not ended", queue.Finish()!.Text, StringComparison.Ordinal);
        Assert.Contains("has failed before", queue.Finish()?.Text ?? gpu.NewQueue(1).Refusal!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_was_made_is_given_back()
    {
        using StubDriver stub = new();
        using (CpuLauncher cpu = new(1))
        using (GpuLauncher gpu = stub.Gpu())
        {
            Assert.Null(KnownAnswer.Test(gpu, cpu, Never));
            using LaunchQueue queue = gpu.NewQueue(1 << 20).Value!;
            Replay(queue, new byte[64], 3);
            Assert.True(stub.Live > 50);
        }

        Assert.Equal(0, stub.Live);
    }

    /// <summary>The first time it is issued, the second time recorded, then replayed; inputs may change in between.</summary>
    [Fact]
    public void A_step_that_comes_again_is_replayed_as_one_graph_over_new_inputs()
    {
        using StubDriver stub = new();
        using GpuLauncher gpu = stub.Gpu();
        using LaunchQueue queue = gpu.NewQueue(1 << 20).Value!;
        byte[] data = new byte[64];
        Replay(queue, data, 1);
        Assert.Equal(0, stub.GraphLaunches);
        Replay(queue, data, 4);
        Assert.Equal(4, stub.GraphLaunches);
    }

    [Fact]
    public void A_step_over_other_memory_is_replayed_and_one_of_another_size_is_issued_and_recorded_anew()
    {
        using StubDriver stub = new();
        using GpuLauncher gpu = stub.Gpu();
        using LaunchQueue queue = gpu.NewQueue(1 << 20).Value!;
        (int Size, int GraphsAfter)[] calls = [(64, 0), (64, 1), (64, 2), (48, 2), (48, 3), (64, 3), (64, 4), (64, 5)];
        foreach ((int size, int graphsAfter) in calls)
        {
            // Other addresses each time, and what another caller asks for in between.
            byte[] data = [.. Enumerable.Range(0, size).Select(i => (byte)(i % 3 == 0 ? 1 : 0))], other = new byte[32];
            fixed (byte* memory = data, between = other)
            {
                Assert.Null(queue.Run(((nint)memory, size), Sized, again: true));
                Assert.Null(queue.Run(((nint)between, 32), Sized));
            }

            Assert.All(Enumerable.Range(0, size), i => Assert.Equal(i % 3 == 0 ? 0 : 1, data[i]));
            Assert.All(other, value => Assert.Equal(1, value));
            Assert.Equal(graphsAfter, stub.GraphLaunches);
        }
    }

    [Fact]
    public void A_replay_that_fails_is_told_and_changes_nothing_of_the_caller()
    {
        using StubDriver stub = new("fail=4");
        using GpuLauncher gpu = stub.Gpu();
        using LaunchQueue queue = gpu.NewQueue(1 << 20).Value!;
        byte[] data = new byte[64];
        Replay(queue, data, 3);
        data.AsSpan().Clear();
        fixed (byte* memory = data)
        {
            Refusal refusal = queue.Run((nint)memory, Inverted, again: true)!;
            Assert.Contains("after the recorded step: CUDA_ERROR_ILLEGAL_ADDRESS (700)", refusal.Text, StringComparison.Ordinal);
        }

        Assert.All(data, value => Assert.Equal(0, value));
    }

    private static void Sized(LaunchQueue on, in (nint Address, int Size) asked)
    {
        View<byte> both = on.InOut((byte*)asked.Address, asked.Size), scratch = on.Scratch<byte>(asked.Size);
        on.Points(new Holes.Invert { Source = both, Target = scratch, Width = asked.Size, Height = 1 }, asked.Size, 1, 1);
        on.Points(new Holes.Invert { Source = scratch, Target = both, Width = asked.Size, Height = 1 }, asked.Size, 1, 1);
        on.Points(new Holes.Invert { Source = both, Target = both, Width = asked.Size, Height = 1 }, asked.Size, 1, 1);
    }

    [Fact]
    public void A_launch_on_a_card_allocates_no_managed_memory()
    {
        using StubDriver stub = new();
        using GpuLauncher gpu = stub.Gpu();
        using LaunchQueue queue = gpu.NewQueue(1 << 20).Value!;
        byte[] data = new byte[64];
        fixed (byte* memory = data)
        {
            nint address = (nint)memory;
            long least = long.MaxValue;
            for (int window = 0; window < 20; window++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 10; i++)
                {
                    Assert.Null(queue.Run(address, Inverted));
                    Assert.Null(queue.Run(address, Inverted, again: true));
                }

                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.Equal(0, least);
        }
    }

    private static void Inverted(LaunchQueue on, in nint address)
    {
        View<byte> both = on.InOut((byte*)address, 64);
        on.Points(new Holes.Invert { Source = both, Target = both, Width = 64, Height = 1 }, 64, 1, 1);
    }

    private static void Replay(LaunchQueue queue, byte[] data, int times)
    {
        fixed (byte* memory = data)
        {
            nint address = (nint)memory;
            for (int i = 0; i < times; i++)
            {
                data.AsSpan().Fill((byte)(i % 2));
                Assert.Null(queue.Run(address, Inverted, again: true));
                Assert.All(data, value => Assert.Equal(1 - (i % 2), value));
            }
        }
    }
}
