using Appliance.Daemon;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Arrival traces against the decision about completeness and the geometry gate, without sleeping.</summary>
public sealed class TraceReplayTests
{
    public static TheoryData<string> Names =>
        [.. TraceReplay.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_trace_gives_the_documented_outcome(string name)
    {
        (string _, IReadOnlyList<string> expected, IReadOnlyList<ReplayedDecision> decisions) = TraceReplay.Run(name);

        Assert.NotEmpty(expected);
        Assert.Equal(expected.Order(), decisions.Select(decision => $"{decision}").Order());
    }
}
