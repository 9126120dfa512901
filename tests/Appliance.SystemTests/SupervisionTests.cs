using System.Diagnostics;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>One thread of the shipped binary is stopped from outside (ptrace(2)): nothing in it is made for this test.</summary>
public sealed class SupervisionTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_control_thread_that_hangs_ends_the_process_within_two_seconds_and_it_comes_back_with_everything()
    {
        Place.Needs("python3");
        using RunningAppliance appliance = new(scratch["box"]);
        string control = Directory.EnumerateDirectories($"/proc/{appliance.ProcessId}/task")
            .First(task => File.ReadAllText(Path.Combine(task, "comm")).Trim() == "control");

        using Process tracer = Command.Start("/usr/bin/python3", Place.Judge("hold_thread.py"), Path.GetFileName(control));
        Assert.Equal("held", tracer.StandardOutput.ReadLine());
        Stopwatch watch = Stopwatch.StartNew();
        Wait.Until(() => !appliance.IsAlive, "the process ends", TimeSpan.FromSeconds(20));
        TestContext.Current.TestOutputHelper!.WriteLine($"ended {watch.ElapsedMilliseconds} ms after the hang");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Contains("control thread", appliance.Output, StringComparison.Ordinal);

        appliance.Restart();
        Assert.True(appliance.Echo());
    }
}
