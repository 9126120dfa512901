using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests;

/// <summary>NVIDIA's own assembler over all PTX that the daemon carries: a judge that knows neither ILGPU nor our interpreter.</summary>
public sealed partial class PtxasTests
{
    /// <summary>A few registers may go to memory where ptxas prefers more threads; a kernel that lives there is too large.</summary>
    private const int SpilledBytes = 32;

    [Theory]
    [InlineData("sm_70", "sm_70")]
    [InlineData("sm_70", "sm_75")]
    [InlineData("sm_80", "sm_80")]
    [InlineData("sm_80", "sm_90")]
    public async Task Ptxas_takes_every_text_and_spills_next_to_nothing(string written, string card)
    {
        string? assembler = Find();
        Assert.SkipWhen(assembler is null, "ptxas is not here: scripts/ptxas gets it from Debian's non-free section");
        KernelImage[] images = [.. KernelImages.All.Where(image => image.Architecture == written)];
        Assert.NotEmpty(images);
        string folder = Directory.CreateTempSubdirectory("ptxas").FullName;
        try
        {
            foreach (KernelImage image in images)
            {
                string said = await Assemble(assembler, card, Path.Combine(folder, "kernel.ptx"), image.Ptx);
                Match spilled = Spilled().Match(said);
                Assert.True(said.StartsWith("exit 0", StringComparison.Ordinal) && spilled.Success, $"{image.Name} for {card}: {said}");
                Assert.InRange(int.Parse(spilled.Groups[1].Value, CultureInfo.InvariantCulture), 0, SpilledBytes);
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public async Task Ptxas_refuses_what_is_wrong()
    {
        string? assembler = Find();
        Assert.SkipWhen(assembler is null, "ptxas is not here: scripts/ptxas gets it from Debian's non-free section");
        string file = Path.GetTempFileName();
        string wrong = KernelImages.All[0].Ptx.Replace("ret;", "call nothing;", StringComparison.Ordinal);
        Assert.Contains("error", await Assemble(assembler, "sm_80", file, wrong), StringComparison.Ordinal);
        File.Delete(file);
    }

    /// <summary>What ptxas says of a text; the code goes nowhere.</summary>
    private static async Task<string> Assemble(string assembler, string card, string file, string ptx)
    {
        await File.WriteAllTextAsync(file, ptx, TestContext.Current.CancellationToken);
        ProcessStartInfo start = new(assembler, ["-arch", card, "-v", file, "-o", "/dev/null"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return $"exit {process.ExitCode}: {await output}{errors}";
    }

    /// <summary>In out/ptxas of the source tree, or in PATH.</summary>
    private static string? Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Appliance.sln")))
        {
            folder = folder.Parent;
        }

        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return path.Prepend(Path.Combine(folder?.FullName ?? "/", "out/ptxas"))
            .Select(each => Path.Combine(each, "ptxas")).FirstOrDefault(File.Exists);
    }

    [GeneratedRegex(@"(\d+) bytes spill stores")]
    private static partial Regex Spilled();
}
