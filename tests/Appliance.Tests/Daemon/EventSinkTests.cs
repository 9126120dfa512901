using System.Net.Sockets;
using System.Text;
using Appliance.Core;
using Appliance.Daemon;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Events as journald gets them: over a datagram socket that the test listens on.</summary>
public sealed class EventSinkTests : IDisposable
{
    private readonly Scratch scratch = new();

    private static EventRecord Event => new(
        7, new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), 307, "BudgetMissed", EventLevel.Warning, "series ab was late");

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void An_event_reaches_journald_as_fields_with_its_stable_number()
    {
        using Socket journald = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        journald.Bind(new UnixDomainSocketEndPoint(scratch["journal"]));
        StringWriter lines = new();
        using EventSink sink = new(lines, underSystemd: true, scratch["journal"]);
        sink.Write(Event);

        byte[] datagram = new byte[65536];
        string text = Encoding.UTF8.GetString(datagram, 0, journald.Receive(datagram));
        Dictionary<string, string> fields = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(("307", "BudgetMissed", "4", "appliance"),
            (fields["EVENT"], fields["EVENT_NAME"], fields["PRIORITY"], fields["SYSLOG_IDENTIFIER"]));
        Assert.Equal("307 BudgetMissed: series ab was late", fields["MESSAGE"]);
        Assert.Matches("^[0-9a-f]{28}0307$", fields["MESSAGE_ID"]);
        Assert.Equal("", lines.ToString());
    }

    [Fact]
    public void Every_event_has_a_message_id_of_its_own()
    {
        string[] ids = [.. EventCatalogue.All.Select(definition => EventSink.MessageId(definition.Number))];

        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
        Assert.Distinct(ids);
    }

    [Fact]
    public void Without_journald_events_are_lines_with_its_priorities()
    {
        StringWriter lines = new();
        using EventSink sink = new(lines, underSystemd: true, scratch["nobody"]);
        sink.Write(Event);

        Assert.Equal("<4>307 BudgetMissed: series ab was late\n", lines.ToString());
    }

    [Fact]
    public void A_journald_that_takes_nothing_keeps_nobody_waiting()
    {
        using Socket deaf = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        deaf.Bind(new UnixDomainSocketEndPoint(scratch["journal"]));
        StringWriter lines = new();
        using EventSink sink = new(lines, underSystemd: true, scratch["journal"]);
        for (int i = 0; i < 10_000; i++)
        {
            sink.Write(Event);
        }

        Assert.StartsWith("<4>307 BudgetMissed", lines.ToString(), StringComparison.Ordinal);
    }
}
