using System.Text.Json;
using Appliance.Imaging.Launch;
using Appliance.Kernels.Tests.Stub;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>The published daemon on a box with GPUs, which a stub driver plays: it runs the daemon's own PTX on the CPU.</summary>
public sealed class GpuTests : IDisposable
{
    private const string SegmentationStorage = "1.2.840.10008.5.1.4.1.1.66.4";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Kernels_run_on_both_gpus_that_answer_rightly_and_the_network_on_the_cpu_and_the_labels_are_the_same()
    {
        Place.Needs("storescp", "storescu", "gcc");
        using StoreScp receiver = new(scratch["received"]);
        using RunningAppliance appliance = Box("devices=3 cc=70,61,80", receiver.Port);
        JsonElement compute = Chosen(appliance);
        Assert.Equal("GPU 0, Stub 7.0; GPU 2, Stub 8.0", compute.GetProperty("kernels").GetString());
        Assert.Contains("known answers of", compute.GetProperty("kernels_reason").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("CPU", compute.GetProperty("device").GetString(), StringComparison.Ordinal);

        Study(appliance, receiver);

        string events = appliance.Events();
        Assert.Contains("GPU 1, Stub 6.1, is too old: compute capability 6.1, 7.0 is needed", events, StringComparison.Ordinal);
        Assert.DoesNotContain("failed and is not used any more", events, StringComparison.Ordinal);
    }

    /// <summary>The known answers take about 150 launches, so the card is lost in the middle of the study.</summary>
    [Fact]
    public void A_gpu_that_fails_in_the_middle_of_a_study_is_an_alarm_and_the_study_and_its_labels_arrive()
    {
        Place.Needs("storescp", "storescu", "gcc");
        using StoreScp receiver = new(scratch["received"]);
        using RunningAppliance appliance = Box("cc=80 fail=250", receiver.Port);
        Assert.Equal("GPU 0, Stub 8.0", Chosen(appliance).GetProperty("kernels").GetString());

        Study(appliance, receiver);

        JsonElement status = appliance.Status();
        Assert.StartsWith("CPU", status.GetProperty("compute").GetProperty("kernels").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            status.GetProperty("alarms").EnumerateArray(),
            alarm => alarm.GetProperty("text").GetString()!.Contains("CUDA_ERROR_ILLEGAL_ADDRESS (700)", StringComparison.Ordinal));
        string events = appliance.Events();
        Assert.Contains("GPU 0, Stub 8.0 failed and is not used any more", events, StringComparison.Ordinal);
    }

    /// <summary>The library in this process, so that the stub can be asked what it did: most steps come as graphs.</summary>
    [Theory]
    [InlineData("axial")]
    [InlineData("oblique")]
    [InlineData("feet-first")]
    public void The_pipeline_gives_the_same_labels_on_a_gpu_where_its_steps_are_replayed_as_graphs(string orientation)
    {
        Place.Needs("gcc");
        string series = Series.Make(
            scratch["phantom"], 34,
            "--orientation", orientation, "--slices", "70", "--thickness", "3", "--rows", "192", "--spacing", "2.1");
        byte[] onCpu = File.ReadAllBytes(OurLabels.Write(series, scratch["cpu.raw"]));
        using StubDriver stub = new("cc=80");
        Compute.Shared.Use(stub.Gpu());
        byte[] onGpu = File.ReadAllBytes(OurLabels.Write(series, scratch["gpu.raw"]));
        Assert.Single(Compute.Shared.Gpus);
        Compute.Shared.LeaveGpus();

        Assert.True(onCpu.Count(label => label != 0) > 1000, "an empty mask proves nothing");
        Assert.Equal(onCpu, onGpu);
        Assert.InRange(stub.GraphLaunches, 100, int.MaxValue);
        Assert.Equal(0, stub.Live);
    }

    [Fact]
    public void A_gpu_with_one_wrong_answer_is_not_used_and_the_kernel_is_named()
    {
        Place.Needs("gcc");
        using RunningAppliance appliance = Box("cc=80 wrong=Softmax_Probabilities", Place.FreePort());
        JsonElement compute = Chosen(appliance);
        Assert.StartsWith("CPU", compute.GetProperty("kernels").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            "kernel Softmax_Probabilities gives a wrong answer",
            appliance.Status().GetProperty("alarms").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_driver_the_reason_is_in_the_status()
    {
        Place.Needs();
        Assert.SkipWhen(File.Exists("/proc/driver/nvidia/version"), "this machine has an NVIDIA driver");
        using RunningAppliance appliance = new(scratch["box"]);
        Assert.Equal("no NVIDIA driver (libcuda.so.1 is missing)", Chosen(appliance).GetProperty("kernels_reason").GetString());
    }

    private RunningAppliance Box(string stub, int port) => new(
        scratch["box"], RunningAppliance.Destination("pacs", port),
        prefix: ["env", $"LD_LIBRARY_PATH={StubDriver.Folder}", $"STUB_CUDA={stub}"]);

    private static JsonElement Chosen(RunningAppliance appliance)
    {
        JsonElement compute = default;
        Wait.Until(
            () =>
            {
                compute = appliance.Status().GetProperty("compute");
                return compute.TryGetProperty("kernels", out JsonElement kernels) && kernels.GetString() is { Length: > 0 };
            },
            "kernels chosen",
            TimeSpan.FromSeconds(60));
        return compute;
    }

    /// <summary>All originals, and the labels that the CPU alone makes here.</summary>
    private void Study(RunningAppliance appliance, StoreScp receiver)
    {
        string series = Series.Make(scratch["phantom"], 33, "--slices", "70", "--thickness", "3", "--rows", "192", "--spacing", "2.1");
        string[] files = Series.Files(series);
        Command.Check("storescu", ["-R", "-aec", RunningAppliance.AeTitle, "127.0.0.1", appliance.Port.ToString(), .. files]);
        appliance.WaitUntilDelivered(1, Limit);
        JsonElement compared = Series.Compare(series, receiver.Folder);
        Assert.Equal(files.Length, compared.GetProperty("identical").GetInt32());
        Assert.True(
            compared.GetProperty("results").TryGetProperty(SegmentationStorage, out JsonElement segmentations),
            "no segmentation: " + appliance.Events());
        string segmentation = segmentations.EnumerateArray().Single().GetString()!;
        string labels = OurLabels.Write(series, scratch["labels.raw"]);
        using JsonDocument judged = JsonDocument.Parse(Series.Python("mask.py", segmentation, series, labels));
        Assert.True(judged.RootElement.GetProperty("voxels").GetInt64() > 1000, "an empty mask proves nothing");
        Assert.True(
            judged.RootElement.GetProperty("wrong").GetInt64() == 0,
            judged.RootElement.GetRawText() + appliance.Events());
    }
}
