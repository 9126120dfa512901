using System.Net.Sockets;
using System.Text;
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
            Lamp lamp = new(colour, pattern, meaning, LampSound.Service);
            Assert.Equal(lamp, PanelText.Read(PanelText.Of(lamp)));
            Assert.Null(PanelText.ReadPlate(PanelText.Of(lamp)));
        }
    }

    [Fact]
    public void What_stands_beside_the_lamp_survives_the_datagram_and_takes_nothing_from_it()
    {
        Lamp lamp = new(LampColour.Green, LampPattern.Pulsing, "receiving");
        Plate plate = new("CT ROOM 2", "0.0.0.0", 11112, "CT 412 at 14:02", "receiving");
        string text = PanelText.Of(lamp) + PanelText.Of(plate);

        Assert.Equal(lamp, PanelText.Read(text));
        Assert.Equal(plate, PanelText.ReadPlate(text));
        Assert.Null(PanelText.ReadPlate(text.Replace("11112", "eleven", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Green")]
    [InlineData("Green Steady Silent")]
    [InlineData("Purple Steady Silent ready")]
    [InlineData("7 Steady Silent ready")]
    [InlineData("Green 9 Silent ready")]
    [InlineData("Green Steady 5 ready")]
    public void What_is_no_lamp_is_none(string text) => Assert.Null(PanelText.Read(text));

    [Fact]
    public void A_panel_that_is_not_there_is_told_where_the_box_has_one_and_costs_nothing_else()
    {
        using PanelLease needed = new(scratch["panel.sock"], new SimulatedBoard(null), isNeeded: true, TimeProvider.System);
        using PanelLease optional = new(scratch["panel.sock"], new SimulatedBoard(null), isNeeded: false, TimeProvider.System);
        Lamp ready = new(LampColour.Green, LampPattern.Steady, "ready");

        Assert.Contains("does not answer", needed.Set(ready)?.Text, StringComparison.Ordinal);
        Assert.Null(optional.Set(ready));

        using PanelTelling telling = new(scratch["nobody.sock"], TimeProvider.System);
        using PanelProcess panel = new(scratch["panel.sock"], new SimulatedBoard(null), telling, TimeProvider.System, () => { });
        Assert.Null(needed.Renew(default));
    }

    /// <summary>The panel's process has no network (its unit gives it none): what it shows of it, it is told.</summary>
    [Fact]
    public void What_is_dialled_in_is_told_by_the_daemon_where_it_listens_everywhere()
    {
        using Socket process = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 5000 };
        process.Bind(new UnixDomainSocketEndPoint(scratch["panel.sock"]));
        using PanelLease lease = new(scratch["panel.sock"], new SimulatedBoard(null), isNeeded: true, TimeProvider.System);
        byte[] datagram = new byte[1000];
        Plate Told(string address)
        {
            Assert.Null(lease.Renew(new Plate("APPLIANCE", address, 11112, "", "")));
            return PanelText.ReadPlate(Encoding.UTF8.GetString(datagram, 0, process.Receive(datagram)))!.Value;
        }

        Assert.Equal("192.0.2.7", Told("192.0.2.7").Address);
        Assert.Equal(OwnAddresses.All().FirstOrDefault(Environment.MachineName), Told("0.0.0.0").Address);
        Assert.Equal("APPLIANCE", Told("::").AeTitle);
    }
}
