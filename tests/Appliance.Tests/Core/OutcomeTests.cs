using Appliance.Core;
using Xunit;

namespace Appliance.Tests.Core;

public sealed class OutcomeTests
{
    [Fact]
    public void A_refusal_stands_in_the_place_of_the_value()
    {
        Outcome<string> outcome = new Refusal(RefusalReason.NoApp, "no app takes this series");

        Assert.True(outcome.Refused);
        Assert.Null(outcome.Value);
    }
}
