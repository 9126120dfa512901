using Appliance.Core;
using Appliance.Imaging.Launch;
using Appliance.Kernels.Tests.Stub;

namespace Appliance.Kernels.Tests.Launching;

/// <summary>Where steps go when there are several cards, and when cards are lost in the middle of the work.</summary>
public sealed unsafe class ComputeTests : IDisposable
{
    private readonly List<string> lost = [];
    private readonly Compute compute;

    public ComputeTests()
    {
        compute = new Compute(2)
        {
            GpuLost = (gpu, why) =>
            {
                lock (lost)
                {
                    lost.Add($"{gpu.Name}|{why.Text}");
                }
            },
        };
    }

    public void Dispose() => compute.Dispose();

    [Fact]
    public void Without_a_card_the_cpu_does_the_step()
    {
        Assert.Empty(compute.Gpus);
        Slices(10);
    }

    [Fact]
    public void Callers_at_once_are_spread_over_all_cards()
    {
        using StubDriver stub = new("devices=4 cc=70,75,80,90");
        for (int i = 0; i < 4; i++)
        {
            compute.Use(stub.Gpu(i));
        }

        // Four callers hold a queue at the same time: each gets another card.
        using Barrier all = new(4);
        Thread[] callers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            byte[] slice = new byte[64];
            fixed (byte* memory = slice)
            {
                compute.Run((nint)memory, (LaunchQueue on, in nint address) =>
                {
                    all.SignalAndWait();
                    Inverted(on, address);
                });
            }
        }))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(1, stub.Launches(i)));
        Assert.Empty(lost);
    }

    [Fact]
    public void A_card_that_fails_in_the_middle_of_a_study_costs_no_slice()
    {
        using StubDriver stub = new("fail=7");
        compute.Use(stub.Gpu());
        Slices(20);
        Assert.Equal(7, stub.Launches(0));
        Assert.Empty(compute.Gpus);
        string told = Assert.Single(lost);
        Assert.StartsWith("GPU 0, Stub 8.0|", told, StringComparison.Ordinal);
        Assert.Contains("Holes_Invert: CUDA_ERROR_ILLEGAL_ADDRESS (700)", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_one_card_of_four_fails_the_others_work_on()
    {
        using StubDriver stub = new("devices=4 only=0 fail=1");
        for (int i = 0; i < 4; i++)
        {
            compute.Use(stub.Gpu(i));
        }

        Slices(20);
        Assert.Single(lost);
        Assert.Equal(3, compute.Gpus.Count);
        Assert.DoesNotContain(compute.Gpus, gpu => gpu.Name.StartsWith("GPU 0", StringComparison.Ordinal));
    }

    [Fact]
    public void Many_callers_lose_a_card_once_and_no_slice()
    {
        using StubDriver stub = new("fail=30");
        compute.Use(stub.Gpu());
        Parallel.For(0, 8, _ => Slices(20));
        Assert.Single(lost);
        Assert.Empty(compute.Gpus);
    }

    [Fact]
    public void A_card_that_hangs_costs_its_time_and_no_slice()
    {
        using StubDriver stub = new("hang=3");
        compute.Use(stub.Gpu(patience: TimeSpan.FromMilliseconds(50)));
        Slices(5);
        Assert.Contains("has not ended after", Assert.Single(lost), StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_without_memory_for_the_step_is_not_lost_the_cpu_does_it()
    {
        using StubDriver stub = new("memory=1000000");
        compute.Use(stub.Gpu());
        Slices(3);
        Assert.Empty(lost);
        Assert.Single(compute.Gpus);
    }

    [Fact]
    public void What_does_not_fit_is_refused_on_a_card_as_on_the_cpu()
    {
        using StubDriver stub = new();
        Refusal onCpu = compute.Run(0, Unfitting)!;
        compute.Use(stub.Gpu());
        Assert.Equal(onCpu, compute.Run(0, Unfitting));
        Assert.Equal(RefusalReason.BadLaunch, onCpu.Reason);
        Assert.Empty(lost);
    }

    [Fact]
    public void At_the_end_nothing_of_a_card_is_left()
    {
        using StubDriver stub = new();
        using (Compute own = new(1))
        {
            own.Use(stub.Gpu());
            Slices(3, own);
            own.Rest();
            Slices(3, own);
        }

        Assert.Equal(0, stub.Live);
    }

    [Fact]
    public void A_step_on_the_cpu_or_on_a_card_allocates_no_managed_memory()
    {
        using StubDriver stub = new();
        Assert.Equal(0, Allocated());
        compute.Use(stub.Gpu());
        Assert.Equal(0, Allocated());
    }

    private long Allocated()
    {
        byte[] slice = new byte[64];
        fixed (byte* memory = slice)
        {
            nint address = (nint)memory;
            long least = long.MaxValue;
            for (int window = 0; window < 20; window++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                compute.Do(address, Inverted);
                compute.Do(address, Inverted, wide: true);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            return least;
        }
    }

    private static void Unfitting(LaunchQueue on, in int nothing) =>
        on.Points(new Holes.Invert { Width = 64, Height = 1 }, 64, 1, 1);

    private static void Inverted(LaunchQueue on, in nint address)
    {
        View<byte> both = on.InOut((byte*)address, 64);
        on.Points(new Holes.Invert { Source = both, Target = both, Width = 64, Height = 1 }, 64, 1, 1);
    }

    /// <summary>Each comes out right, whoever made it.</summary>
    private void Slices(int count, Compute? on = null)
    {
        byte[] slice = new byte[64];
        for (int i = 0; i < count; i++)
        {
            slice.AsSpan().Fill((byte)(i % 2));
            fixed (byte* memory = slice)
            {
                Assert.Null((on ?? compute).Run((nint)memory, Inverted));
            }

            Assert.All(slice, value => Assert.Equal(1 - (i % 2), value));
        }
    }
}
