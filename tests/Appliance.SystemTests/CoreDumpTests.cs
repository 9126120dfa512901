using Xunit;

namespace Appliance.SystemTests;

/// <summary>A core dump would hold images and names of patients.</summary>
public sealed class CoreDumpTests
{
    [Theory]
    [InlineData("", @"Max core file size\s+0\s+0\s")]
    [InlineData("core_dumps = true", @"Max core file size\s+(unlimited|[1-9]|0\s+unlimited)")]
    public void A_crash_leaves_no_core_unless_the_settings_ask_for_one(string root, string limit)
    {
        Assert.SkipUnless(File.ReadAllText("/proc/self/limits").Contains("unlimited", StringComparison.Ordinal), "no limit to be lowered");
        using Scratch scratch = new();
        using RunningAppliance appliance = new(scratch["box"], root: root);

        Assert.Matches(limit, File.ReadAllText($"/proc/{appliance.ProcessId}/limits"));
    }
}
