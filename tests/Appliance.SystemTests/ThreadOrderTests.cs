using Xunit;

namespace Appliance.SystemTests;

/// <summary>Who goes first in the published daemon, as Linux tells it of its threads (proc(5)).</summary>
public sealed class ThreadOrderTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Reception_stands_before_all_that_computes()
    {
        Assert.SkipUnless(
            Command.Run("nice", "-n", "-10", "nice").Output.Trim() == "-10", "nice values below zero are not allowed here (ulimit -e)");
        using RunningAppliance appliance = new(scratch["box"]);
        string series = Series.Make(scratch["phantom"], 3, "--slices", "60");
        Command.Check(
            Place.Phantom, "send", "--folder", series, "--to", $"127.0.0.1:{appliance.Port}", "--called", RunningAppliance.AeTitle);
        appliance.WaitUntilDelivered(1, Limit);

        ILookup<string, int> nice = ThreadStat.NiceOf(ThreadStat.Read(appliance.ProcessId));
        (string, int)[] order =
        [
            ("appliance", -10), (".NET Sockets", -10), ("control", -10), ("analysis", 0), ("network", 5), ("pictures", 10), ("painter", 10),
        ];
        foreach ((string name, int expected) in order)
        {
            Assert.True(nice.Contains(name), $"no thread {name}: {string.Join(", ", nice.Select(each => each.Key))}");
            Assert.All(nice[name], each => Assert.Equal(expected, each));
        }

        Assert.Contains(-10, nice[".NET TP Worker"]);
        IEnumerable<int> kernels = nice.Where(each => each.Key.StartsWith("kernels", StringComparison.Ordinal)).SelectMany(each => each);
        Assert.All(kernels, each => Assert.Equal(0, each));
    }
}
