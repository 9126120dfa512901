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
        using Network network = Network.OpenAsIfOnGpu(manifest, fp32, u8).Value!;
        using Network onCpu = Network.OpenOnCpu(manifest, u8).Value!;
        List<string> told = [];
        network.GpuLost = told.Add;
        Assert.True(network.OnGpu);

        // The fp32 model is broken off, whoever asks, as a card does that is gone; u8 is not.
        network.FailOnGpu();
        SliceTensors tensors = network.Rent(), expected = onCpu.Rent();
        Fill(tensors.Input);
        Fill(expected.Input);
        onCpu.Run(expected);
        network.Run(tensors);
        network.Run(tensors);

        Assert.Equal(expected.Logits, tensors.Logits);
        Assert.False(network.OnGpu);
        Assert.Contains("the network failed on the GPU", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(told[0], network.GpuAbsence);
    }

    [Fact]
    public void Slices_at_once_on_a_gpu_that_fails_all_come_out()
    {
        (AppManifest manifest, byte[] fp32, byte[] u8) = Models();
        using Network network = Network.OpenAsIfOnGpu(manifest, fp32, u8).Value!;
        int told = 0;
        network.GpuLost = _ => Interlocked.Increment(ref told);
        network.FailOnGpu();
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
        using Network network = Network.OpenAsIfOnGpu(manifest, fp32, u8).Value!;
        using RunOptions cut = new() { Terminate = true };
        Assert.Throws<OnnxRuntimeException>(() => network.Run(network.Rent(), cut));
        Assert.True(network.OnGpu);
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
