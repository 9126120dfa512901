using System.Diagnostics;
using System.Text.Json;
using Appliance.Imaging.Launch.Known;
using Appliance.Kernels.Tests.Stub;

namespace Appliance.Kernels.Tests.Launching;

/// <summary>What `make gpu-check` packs: without a GPU it says so, with one it gives every kernel's answer and time.</summary>
public sealed class GpuCheckTests
{
    [Fact]
    public void Without_a_driver_it_says_so_and_ends_with_0()
    {
        Assert.SkipWhen(File.Exists("/proc/driver/nvidia/version"), "this machine has an NVIDIA driver");
        (int exit, string said, JsonElement json) = Run("", "");
        Assert.Equal(0, exit);
        Assert.Contains("no GPU was checked: no NVIDIA driver", said, StringComparison.Ordinal);
        Assert.Contains("libcuda.so.1", json.GetProperty("absence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kernel_has_a_line_with_answer_time_and_floor_on_every_gpu()
    {
        (int exit, string said, JsonElement json) = Run(StubDriver.Folder, "devices=3 cc=70,61,80");
        Assert.True(exit == 0, said);
        JsonElement[] gpus = [.. json.GetProperty("gpus").EnumerateArray()];
        Assert.Contains("6.1, 7.0 is needed", gpus[1].GetProperty("refused").GetString(), StringComparison.Ordinal);
        foreach (JsonElement gpu in (JsonElement[])[gpus[0], gpus[2]])
        {
            Assert.True(gpu.GetProperty("measured_gb_per_s").GetDouble() > 0);
            JsonElement[] kernels = [.. gpu.GetProperty("kernels").EnumerateArray()];
            Assert.Equal(KnownAnswers.All.Select(answer => answer.Kernel), kernels.Select(each => each.GetProperty("kernel").GetString()));
            Assert.All(kernels, each => Assert.True(each.GetProperty("right").GetBoolean(), each.GetRawText()));
            Assert.All(kernels, each => Assert.True(each.GetProperty("ms").GetDouble() > 0, each.GetRawText()));
            Assert.All(kernels, each => Assert.True(each.GetProperty("floor_ms").GetDouble() > 0, each.GetRawText()));
        }
    }

    [Fact]
    public void A_wrong_answer_ends_with_1_and_names_the_kernel()
    {
        (int exit, string said, _) = Run(StubDriver.Folder, "wrong=Spline_Aligned");
        Assert.Equal(1, exit);
        Assert.Contains("kernel Spline_Aligned gives a wrong answer", said, StringComparison.Ordinal);
    }

    private static (int Exit, string Said, JsonElement Json) Run(string library, string stub)
    {
        string folder = AppContext.BaseDirectory.Replace("Appliance.Kernels.Tests", "Appliance.Bench", StringComparison.Ordinal);
        string program = Path.Combine(folder, "Appliance.Bench.dll");
        string json = Path.Combine(Path.GetTempPath(), $"gpu-check-{Guid.NewGuid():N}.json");
        string[] arguments = ["exec", program, "--gpu-check", "--size", "24x16x5", "--json", json];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            Environment = { ["LD_LIBRARY_PATH"] = library, ["STUB_CUDA"] = stub },
        })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(json));
        File.Delete(json);
        return (process.ExitCode, said, document.RootElement.Clone());
    }
}
