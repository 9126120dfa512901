using Appliance.Board;
using Appliance.Core;
using Appliance.Daemon;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>The lease by which the panel's process is told the lamp. Its end by itself: SystemTests/PanelTests.</summary>
public sealed class PanelTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Every_lamp_survives_the_datagram()
    {
        foreach ((string meaning, LampColour colour, LampPattern pattern) in Lamps.Legend)
        {
            Lamp lamp = new(colour, pattern, meaning);
            Assert.Equal(lamp, PanelText.Read(PanelText.Of(lamp)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Green")]
    [InlineData("Green Steady")]
    [InlineData("Purple Steady ready")]
    [InlineData("7 Steady ready")]
    [InlineData("Green 9 ready")]
    public void What_is_no_lamp_is_none(string text) => Assert.Null(PanelText.Read(text));

    [Fact]
    public void A_panel_that_is_not_there_is_told_where_the_box_has_one_and_costs_nothing_else()
    {
        using PanelLease needed = new(scratch["panel.sock"], new SimulatedBoard(null), isNeeded: true);
        using PanelLease optional = new(scratch["panel.sock"], new SimulatedBoard(null), isNeeded: false);
        Lamp ready = new(LampColour.Green, LampPattern.Steady, "ready");

        Assert.Contains("does not answer", needed.Set(ready)?.Text, StringComparison.Ordinal);
        Assert.Null(optional.Set(ready));

        using PanelTelling telling = new(scratch["nobody.sock"], TimeProvider.System);
        using PanelProcess panel = new(scratch["panel.sock"], new SimulatedBoard(null), telling, TimeProvider.System, () => { });
        Assert.Null(needed.Renew());
    }
}
