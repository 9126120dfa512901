using Appliance.Core;
using Appliance.Imaging.Launch;

namespace Appliance.Kernels.Tests.Launching;

/// <summary>No other test beside: what is measured is what the whole process allocates.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>The launcher on the CPU: the same results in any number of threads, refusals with their numbers, no allocation.</summary>
[Collection(nameof(Alone))]
public sealed unsafe class CpuLauncherTests : IDisposable
{
    private const int Width = 64, Height = 64, Depth = 16, Count = Width * Height * Depth;
    private readonly CpuLauncher launcher = new(3);
    private readonly LaunchQueue queue;
    private readonly short[] source = new short[Count + 16];
    private readonly float[] target = new float[Count + 16];

    public CpuLauncherTests()
    {
        queue = launcher.NewQueue(1 << 20).Value!;
        for (int i = 0; i < Count; i++)
        {
            source[i] = (short)(i * 7919);
        }
    }

    public void Dispose()
    {
        queue.Dispose();
        launcher.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Any_number_of_threads_makes_every_plane_once(int threads)
    {
        using CpuLauncher other = new(threads);
        using LaunchQueue on = other.NewQueue(0).Value!;
        Assert.Null(Rescaled(on, Width, Height, Depth));
        Assert.All(Enumerable.Range(0, Count), i => Assert.Equal(Math.Clamp(source[i] * 0.5f, -9000, 9000), target[i]));
    }

    [Fact]
    public void A_plane_is_split_by_rows()
    {
        Assert.Null(Rescaled(queue, Width * Depth, Height, 1, width: Width * Depth));
        Assert.All(Enumerable.Range(0, Count), i => Assert.Equal(Math.Clamp(source[i] * 0.5f, -9000, 9000), target[i]));
    }

    [Fact]
    public void Extents_that_overflow_32_bits_are_refused_with_the_number()
    {
        Refusal refusal = Rescaled(queue, 1L << 33, Height, Depth)!;
        Assert.Equal(RefusalReason.BadLaunch, refusal.Reason);
        Assert.Contains("Rescale_Int16", refusal.Text, StringComparison.Ordinal);
        Assert.Contains("8589934592", refusal.Text, StringComparison.Ordinal);
        Assert.Contains("-5", Rescaled(queue, Width, -5, Depth)!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_beyond_32_bit_indices_are_refused_with_their_number()
    {
        byte label = 1;
        int root = 0;
        Components.Start kernel = new()
        {
            Labels = new View<byte>(&label, long.MaxValue), Parents = new View<int>(&root, long.MaxValue),
            Sizes = new View<int>(&root, long.MaxValue), Width = 65536, Height = 65536,
        };
        queue.Points(kernel, 65536, 65536, 1);
        Assert.Contains("4294967296", queue.Finish()!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_view_is_refused_by_name()
    {
        queue.Lanes(new Rescale.Int16 { Width = Width, Height = Height }, Width, Height, Depth);
        Refusal refusal = queue.Finish()!;
        Assert.Contains("Source points nowhere", refusal.Text, StringComparison.Ordinal);
        Assert.Contains($"{Count}", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Views_and_shapes_that_do_not_match_are_refused_with_both_numbers()
    {
        Refusal tooDeep = Rescaled(queue, Width, Height, Depth + 1)!;
        Assert.Contains($"{Count + (Width * Height)} asked for, {Count} there", tooDeep.Text, StringComparison.Ordinal);
        Refusal tooWide = Rescaled(queue, Width + 1, Height, 1)!;
        Assert.Contains($"Width is {Width}, which breaks the bound {Width + 1}", tooWide.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_refusal_nothing_runs_until_finish_and_the_first_is_told()
    {
        target.AsSpan().Fill(42);
        fixed (short* from = source)
        fixed (float* to = target)
        {
            queue.Lanes(new Rescale.Int16 { Width = Width, Height = Height }, Width, Height, 1);
            queue.Lanes(Kernel(from, to, Width), Width, Height, -1);
            queue.Lanes(Kernel(from, to, Width), Width, Height, Depth);
        }

        Assert.Contains("points nowhere", queue.Finish()!.Text, StringComparison.Ordinal);
        Assert.All(target, value => Assert.Equal(42, value));
        Assert.Null(Rescaled(queue, Width, Height, Depth));
        Assert.NotEqual(42, target[0]);
    }

    [Fact]
    public void Scratch_memory_that_is_used_up_is_refused_with_what_is_left()
    {
        Assert.True(queue.Scratch<byte>(1 << 19).Length == 1 << 19);
        Assert.True(queue.Scratch<float>(1 << 18).IsNull);
        Refusal refusal = queue.Finish()!;
        Assert.Equal(RefusalReason.OutOfMemory, refusal.Reason);
        Assert.Contains($"{1 << 18} elements of 4 bytes", refusal.Text, StringComparison.Ordinal);
        Assert.True(queue.Scratch<byte>((1 << 20) - 512).Length > 0, "after Finish the memory is free again");
        Assert.Null(queue.Finish());
    }

    [Fact]
    public void Nothing_is_launched_over_an_extent_of_zero() => Assert.Null(Rescaled(queue, 0, Height, Depth));

    [Fact]
    public void A_launch_allocates_no_managed_memory()
    {
        fixed (short* from = source)
        fixed (float* to = target)
        {
            Parameters parameters = new(from, to);
            // Of all threads. The test runner allocates beside us now and then; a launch that does would do so in every window.
            long least = long.MaxValue;
            for (int window = 0; window < 20; window++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                for (int i = 0; i < 100; i++)
                {
                    queue.Run(parameters, Issue);
                }

                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }

            Assert.InRange(least, 0, 100);
        }
    }

    private static void Issue(LaunchQueue on, in Parameters p) => on.Lanes(
        Kernel(on.In(p.From, Count).Pointer, on.Out(p.To, Count).Pointer, Width), Width, Height, Depth);

    private static Rescale.Int16 Kernel(short* from, float* to, int width) => new()
    {
        Source = new View<short>(from, Count),
        Target = new View<float>(to, Count),
        Width = width,
        Height = Height,
        Line = new Rescale.Line { Scale = 0.5f, Low = -9000, High = 9000 },
    };

    private Refusal? Rescaled(LaunchQueue on, long x, long y, long z, int width = Width)
    {
        fixed (short* from = source)
        fixed (float* to = target)
        {
            on.Lanes(Kernel(from, to, width), x, y, z);
            return on.Finish();
        }
    }

    private readonly record struct Parameters(nint FromAddress, nint ToAddress)
    {
        public Parameters(short* from, float* to)
            : this((nint)from, (nint)to)
        {
        }

        public short* From => (short*)FromAddress;

        public float* To => (float*)ToAddress;
    }
}
