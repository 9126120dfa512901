using Appliance.Core;
using Appliance.Imaging;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>ONNX Runtime breaks off in the GPU's place: what it throws is its own.</summary>
public sealed class NetworkOnGpuTests
{
    [Fact]
    public void A_network_whose_gpu_fails_goes_on_by_the_u8_model_on_the_cpu_and_says_so_once()
    {
        (AppManifest manifest, byte[] fp32, byte[] u8) = Models();
        using Network network = Network.OpenAsIfOnGpus(1, manifest, fp32, u8).Value!;
        using Network onCpu = Network.OpenOnCpu(manifest, u8).Value!;
        List<string> told = [];
        network.GpuLost = told.Add;
        Assert.True(network.OnGpu);

        // The fp32 model is broken off, whoever asks, as a card does that is gone; u8 is not.
        network.FailOnGpu(0);
        SliceTensors tensors = network.Rent(), expected = onCpu.Rent();
        Fill(tensors.Input);
        Fill(expected.Input);
        onCpu.Run(expected);
        network.Run(tensors);
        network.Run(tensors);

        Assert.Equal(expected.Logits, tensors.Logits);
        Assert.False(network.OnGpu);
        Assert.Contains("the network failed on GPU 0", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(told[0], network.GpuAbsence);
    }

    [Fact]
    public void Slices_at_once_on_a_gpu_that_fails_all_come_out()
    {
        (AppManifest manifest, byte[] fp32, byte[] u8) = Models();
        using Network network = Network.OpenAsIfOnGpus(1, manifest, fp32, u8).Value!;
        int told = 0;
        network.GpuLost = _ => Interlocked.Increment(ref told);
        network.FailOnGpu(0);
        float[][] logits = new float[4][];
        Parallel.For(0, 4, i =>
        {
            SliceTensors tensors = network.Rent();
            Fill(tensors.Input);
            network.Run(tensors);
            logits[i] = [.. tensors.Logits];
            network.Return(tensors);
        });
        Assert.All(logits, each => Assert.Equal(logits[0], each));
        Assert.Equal(1, told);
    }

    [Fact]
    public void A_slice_that_is_cut_short_is_no_failure_of_the_gpu()
    {
        (AppManifest manifest, byte[] fp32, byte[] u8) = Models();
        using Network network = Network.OpenAsIfOnGpus(1, manifest, fp32, u8).Value!;
        using RunOptions cut = new() { Terminate = true };
        Assert.Throws<OnnxRuntimeException>(() => network.Run(network.Rent(), cut));
        Assert.True(network.OnGpu);
    }

    [Fact]
    public void Slices_are_spread_over_all_gpus_and_of_several_only_the_one_that_fails_is_left()
    {
        (AppManifest manifest, byte[] fp32, byte[] u8) = Models();
        using Network network = Network.OpenAsIfOnGpus(3, manifest, fp32, u8).Value!;
        List<string> told = [];
        network.GpuLost = told.Add;
        SliceTensors[] six = [.. Enumerable.Range(0, 6).Select(_ => network.Rent())];
        Assert.Equal([0, 1, 2, 0, 1, 2], six.Select(tensors => tensors.Seat.Gpu!.Value));
        Array.ForEach(six, tensors => Fill(tensors.Input));
        network.Run(six[0]);

        network.FailOnGpu(1);
        Array.ForEach(six, network.Run);
        Assert.Equal((true, 2), (network.OnGpu, network.Devices));
        Assert.Contains("failed on GPU 1", Assert.Single(told), StringComparison.Ordinal);
        Assert.DoesNotContain(1, six.Select(tensors => tensors.Seat.Gpu!.Value));
        Assert.All(six, tensors => Assert.Equal(six[0].Logits, tensors.Logits));

        // The others as well: then the CPU, which says something else by the u8 model.
        network.FailOnGpu(1);
        network.FailOnGpu(0);
        Array.ForEach(six, network.Run);
        Assert.Equal((false, 1, 3), (network.OnGpu, network.Devices, told.Count));
        Assert.Equal(told[^1], network.GpuAbsence);
        Array.ForEach(six, network.Return);
        Assert.Null(network.Rent().Seat.Gpu);
    }

    [Fact]
    public void There_is_a_thread_for_each_gpu()
    {
        using NetworkThreads threads = new(1, new StageCosts(), ladder: true, TimeProvider.System);
        threads.Widen(4);
        Assert.Equal(4, threads.Count);
        threads.Widen(2);
        Assert.Equal(4, threads.Count);
    }

    private static void Fill(float[] input)
    {
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = MathF.Sin(i * 0.01f);
        }
    }

    private static (AppManifest Manifest, byte[] Fp32, byte[] U8) Models()
    {
        AppManifest manifest = Package.App.Manifest;
        return (manifest, File.ReadAllBytes(Path.Combine(Package.Folder, manifest.Models.Fp32.File)),
            File.ReadAllBytes(Path.Combine(Package.Folder, manifest.Models.U8.File)));
    }
}
