using Appliance.Core;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Appliance.Tests.Core;

public sealed class EventLogTests
{
    private readonly List<EventRecord> heard = [];
    private readonly FakeTimeProvider time = new(SampleStatus.Now);

    [Fact]
    public void Every_event_is_in_the_catalogue_once_in_the_order_of_its_number()
    {
        Assert.Equal(Enum.GetValues<DeviceEvent>(), EventCatalogue.All.Select(e => e.Event));
    }

    [Fact]
    public void Every_event_says_cause_effect_and_remedy()
    {
        Assert.All(EventCatalogue.All, e =>
        {
            Assert.EndsWith(".", e.Cause, StringComparison.Ordinal);
            Assert.EndsWith(".", e.Effect, StringComparison.Ordinal);
            Assert.EndsWith(".", e.Remedy, StringComparison.Ordinal);
            Assert.Equal(e.Text.Count(c => c == '{'), e.Text.Count(c => c == '}'));
        });
    }

    /// <summary>Hole names are the vocabulary of what may be told; none of them can be a patient's.</summary>
    [Fact]
    public void No_hole_is_for_patient_data()
    {
        string[] allowed =
        [
            "version", "from", "to", "address", "ae_title", "ms", "by", "uptime", "reason", "source", "destinations", "error",
            "device", "app", "check", "object", "study", "other_study", "series", "other_series", "objects",
            "slices", "pictures", "took", "share", "evidence", "step", "state", "kept", "results", "stage", "budget", "destination",
            "command", "target", "outcome", "user",
            "free", "share", "rung", "file", "part", "failure", "operation",
        ];
        foreach (EventDefinition definition in EventCatalogue.All)
        {
            foreach (string hole in definition.Text.Split('{').Skip(1).Select(h => h[..h.IndexOf('}', StringComparison.Ordinal)]))
            {
                Assert.Contains(hole, allowed);
            }
        }
    }

    [Fact]
    public void Values_fill_the_holes_in_order()
    {
        EventLog log = new(time, heard.Add);

        log.Write(DeviceEvent.StudyStateChanged, "ab12", "Receiving", "Analysing");

        EventRecord record = Assert.Single(heard);
        Assert.Equal("study ab12: Receiving -> Analysing", record.Text);
        Assert.Equal("<6>300 StudyStateChanged: study ab12: Receiving -> Analysing", record.ToLine(journald: true));
        Assert.Equal("19:30:00.000 Info    300 StudyStateChanged: study ab12: Receiving -> Analysing", record.ToLine(journald: false));
    }

    [Fact]
    public void Too_few_or_too_many_values_are_a_defect()
    {
        EventLog log = new(time, heard.Add);

        Assert.Throws<DefectException>(() => log.Write(DeviceEvent.AppRefused, "one"));
        Assert.Throws<DefectException>(() => log.Write(DeviceEvent.AppRefused, "one", "two", "three"));
    }

    [Fact]
    public void A_value_cannot_begin_a_line_of_its_own_or_fill_the_journal()
    {
        EventLog log = new(time, heard.Add);

        log.Write(DeviceEvent.ObjectRefused, "a\n<0>9999 Forged: \e[2J" + new string('x', 10_000));

        Assert.DoesNotContain(heard[0].Text, char.IsControl);
        Assert.True(heard[0].Text.Length < Limits.EventDetailChars + 100);
    }

    [Fact]
    public void The_ring_keeps_the_last_events_and_the_counters_keep_them_all()
    {
        EventLog log = new(time, heard.Add);
        int written = Limits.EventsKeptCount + 10;
        for (int i = 1; i <= written; i++)
        {
            log.Write(DeviceEvent.StudyRemoved, $"{i}");
        }

        IReadOnlyList<EventRecord> kept = log.Recent();

        Assert.Equal(written, log.CountOf(DeviceEvent.StudyRemoved));
        Assert.Equal(0, log.CountOf(DeviceEvent.Started));
        Assert.Equal(Enumerable.Range(11, Limits.EventsKeptCount).Select(i => (long)i), kept.Select(r => r.Sequence));
        Assert.Equal([written - 1, written], log.Recent(2).Select(r => r.Sequence));
    }

    [Fact]
    public void Events_survive_the_wire()
    {
        EventLog log = new(time, heard.Add);
        log.Write(DeviceEvent.Listening, "0.0.0.0:11112", "APPLIANCE", "312");

        EventsAnswer read = StatusJson.ReadEvents(StatusJson.Write(new EventsAnswer(Status.CurrentSchema, log.Recent())));

        Assert.Equal(log.Recent(), read.Events);
    }
}
