using System.Text.RegularExpressions;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>The box calls nobody whom its settings do not name: no maker, no collector, no name server.</summary>
public sealed class SilenceTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_box_without_destinations_connects_to_nobody_and_keeps_no_telemetry_of_its_models()
    {
        Place.Needs("strace");
        string log = scratch["calls"];

        // ONNX Runtime keeps quiet by itself where it believes to be in somebody's CI.
        string[] env = ["env", "-u", "CI", "-u", "ORT_DISABLE_TELEMETRY", $"HOME={scratch.Make("home")}"];
        using (RunningAppliance appliance = new(
            scratch["box"], prefix: [.. env, "strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmmsg,openat,mkdir", "-o", log]))
        {
            Wait.Until(
                () => appliance.Status().GetProperty("device").GetString() is "Ready" or "Degraded", "self-test",
                TimeSpan.FromSeconds(120));
        }

        string[] calls = File.ReadAllLines(log);
        Assert.Contains(calls, call => call.Contains("libonnxruntime.so", StringComparison.Ordinal));
        Assert.Contains(calls, call => call.Contains("model.", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.Contains(".onnxruntime", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => IsFar(call));
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch["home"]));
    }

    /// <summary>An address that is not this machine's.</summary>
    private static bool IsFar(string call) =>
        Regex.Match(call, "inet_addr\\(\"([0-9.]+)\"\\)|inet_pton\\(AF_INET6, \"([^\"]+)\"") is { Success: true } address
        && !address.Groups[1].Value.StartsWith("127.", StringComparison.Ordinal) && address.Groups[2].Value != "::1";
}
