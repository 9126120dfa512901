using Xunit;

namespace Appliance.Tests.House;

/// <summary>How a rule of the house speaks: one line for each breach, with place and remedy.</summary>
internal static class Rule
{
    /// <summary>Passes without a breach; otherwise prints them all.</summary>
    public static void Kept(IEnumerable<string> breaches)
    {
        string[] all = [.. breaches];
        Assert.True(all.Length == 0, $"{all.Length} breaches:\n{string.Join('\n', all)}");
    }

    /// <summary>Shows that the rule can fail: exactly one breach, which speaks of this.</summary>
    public static void Breaks(IEnumerable<string> breaches, string about) =>
        Assert.Contains(about, Assert.Single(breaches), StringComparison.Ordinal);
}
