using System.Runtime.InteropServices;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>The package's golden arrays, made by another program with ONNX Runtime 1.31.1; tolerances are those of its README.</summary>
public sealed class GoldenTests
{
    private const double Fp32LogitTolerance = 1e-3;

    private static AppManifest Manifest => Package.App.Manifest;

    [Fact]
    public void The_u8_logits_of_a_golden_slice_are_bit_equal()
    {
        float[] logits = Logits(Package.App.Network, "slice20.input.bin");
        Assert.Equal(Package.Bytes("slice20.logits.u8.bin"), MemoryMarshal.AsBytes(logits.AsSpan()).ToArray());
    }

    [Fact]
    public void The_fp32_logits_of_a_golden_slice_are_within_a_thousandth()
    {
        using Network fp32 = Package.Fp32();
        float[] expected = Package.Array<float>("slice20.logits.fp32.bin");
        float worst = Logits(fp32, "slice20.input.bin").Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        TestContext.Current.TestOutputHelper?.WriteLine($"worst logit difference {worst:g3}");
        Assert.InRange(worst, 0, Fp32LogitTolerance);
    }

    [Theory]
    [InlineData("slice01")]
    [InlineData("slice20")]
    public void Argmax_of_golden_slices_is_equal_for_both_models(string slice)
    {
        using Network fp32 = Package.Fp32();
        Assert.Equal(0, Package.Different(Argmax(Package.App.Network, slice), Package.Bytes($"{slice}.argmax.u8.bin")));
        Assert.Equal(0, Package.Different(Argmax(fp32, slice), Package.Bytes($"{slice}.argmax.fp32.bin")));
    }

    [Theory]
    [InlineData("slice01", 1)]
    [InlineData("slice20", 20)]
    public void Channels_of_golden_slices_are_bit_equal(string slice, int index)
    {
        float[] input = new float[Manifest.Channels.Count * 128 * 128];
        Segment.FillChannels(PhantomHu(), index, Manifest, input);
        Assert.Equal(Package.Array<float>($"{slice}.input.bin"), input);
    }

    [Fact]
    public void The_golden_phantom_gets_its_labels_from_both_models_and_its_tidied_labels()
    {
        using Network fp32 = Package.Fp32();
        ClassScores u8 = Segment.Run(PhantomHu(), Manifest, Package.App.Network);
        Assert.Equal(0, Package.Different(u8.Labels, Package.Bytes("phantom.labels.u8.bin")));
        Assert.Equal(0, Package.Different(Segment.Run(PhantomHu(), Manifest, fp32).Labels, Package.Bytes("phantom.labels.fp32.bin")));
        Assert.Equal(0, Package.Different(Judge.Tidy(u8, new ClassRules(Manifest)), Package.Bytes("phantom.labels.u8.tidy.bin")));
    }

    [Fact]
    public void The_golden_CT_grid_gets_its_labels_from_both_models()
    {
        using Network fp32 = Package.Fp32();
        float[] grid = Package.Array<float>("ct.grid.bin");
        Assert.Equal(0, Package.Different(Segment.Run(grid, Manifest, Package.App.Network).Labels, Package.Bytes("ct.labels.u8.bin")));
        Assert.Equal(0, Package.Different(Segment.Run(grid, Manifest, fp32).Labels, Package.Bytes("ct.labels.fp32.bin")));
    }

    [Fact]
    public void The_golden_CT_grid_goes_back_to_its_native_labels()
    {
        // The fit of golden.json: grid 13 x 167 x 167, window at row 30, column 19, native 20 x 512 x 512 (z upwards).
        ClassScores scores = Segment.Run(Package.Array<float>("ct.grid.bin"), Manifest, Package.App.Network);
        LpsAxes axial = LpsAxes.Of(new(0, 0, 1), new(0, 1, 0), new(1, 0, 0))!;
        byte[] asIs = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        byte[] labels = Restore.Aligned(
            scores, new GridVolume([], 13, 167, 167), new BodyFit(30, 19, 0), [20, 512, 512], axial, asIs);
        Assert.Equal(0, Package.Different(labels, Package.Bytes("ct.native.labels.u8.bin.gz")));
    }

    private static float[] PhantomHu() => [.. Package.Array<short>("phantom.hu.bin").Select(hu => (float)hu)];

    private static byte[] Argmax(Network network, string slice)
    {
        byte[] labels = new byte[128 * 128];
        ClassScores.Argmax(Logits(network, $"{slice}.input.bin"), labels);
        return labels;
    }

    private static float[] Logits(Network network, string input)
    {
        SliceTensors tensors = network.Rent();
        Package.Array<float>(input).CopyTo(tensors.Input, 0);
        network.Run(tensors);
        float[] logits = [.. tensors.Logits];
        network.Return(tensors);
        return logits;
    }
}
