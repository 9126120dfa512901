using System.Text;
using System.Text.Json;
using Appliance.Core;
using Xunit;

namespace Appliance.Tests.Core;

public sealed class StatusTests
{
    [Fact]
    public void A_status_is_the_same_after_the_wire()
    {
        byte[] json = StatusJson.Write(SampleStatus.Busy());

        Status read = StatusJson.ReadStatus(json);

        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(StatusJson.Write(read)));
        Assert.Equal(4, read.Studies.Count);
        Assert.Equal(0.64, read.Studies[1].Progress);
        Assert.Equal(SampleStatus.Busy().Lamp, read.Lamp);
    }

    [Fact]
    public void The_wire_form_has_the_names_that_the_page_reads()
    {
        using JsonDocument json = JsonDocument.Parse(StatusJson.Write(SampleStatus.Busy()));
        JsonElement root = json.RootElement;

        Assert.Equal(1, root.GetProperty("schema").GetInt32());
        Assert.Equal("Degraded", root.GetProperty("device").GetString());
        Assert.Equal("Amber", root.GetProperty("lamp").GetProperty("colour").GetString());
        Assert.Equal("Segment", root.GetProperty("studies")[1].GetProperty("stage").GetString());
        Assert.Equal(
            [(112, 97, 0), (300, 192, 0), (24, 0, 24), (300, 300, 0)],
            root.GetProperty("studies").EnumerateArray().Select(study => (
                study.GetProperty("originals").GetInt32(), study.GetProperty("originals_analysed").GetInt32(),
                study.GetProperty("originals_not_analysed").GetInt32())));
        Assert.Equal(1, root.GetProperty("activity").GetProperty("receiving").GetInt32());
        Assert.Equal("DestinationDown", root.GetProperty("alarms")[0].GetProperty("event").GetString());
    }

    [Fact]
    public void What_an_older_daemon_does_not_send_is_empty()
    {
        Status read = StatusJson.ReadStatus("""
            {"schema": 1, "version": "0.0.1", "taken_at": "2026-11-24T19:30:00Z", "device": "Ready", "uptime_s": 1,
             "listener": {"ae_title": "A", "address": "0.0.0.0", "port": 104, "open": true}, "compute": {"device": "CPU", "reason": "r"},
             "a_field_of_tomorrow": 5}
            """u8);

        Assert.Empty(read.Studies);
        Assert.Empty(read.Alarms);
        Assert.Equal(0, read.Counters.ObjectsStored);
        Assert.Equal(LampColour.Green, read.Lamp.Colour);
    }

    [Fact]
    public void Another_schema_is_refused_by_name()
    {
        byte[] json = StatusJson.Write(SampleStatus.Ready() with { Schema = 2 });

        JsonException refused = Assert.Throws<JsonException>(() => StatusJson.ReadStatus(json));

        Assert.Contains("schema 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Field_names_of_schema_1_do_not_change()
    {
        // A field may be added: append it here. One that is missing or renamed breaks pages and scripts in the field.
        string[] fields =
        [
            "schema", "version", "taken_at", "device", "uptime_s", "listener", "compute", "apps", "studies", "destinations", "disk",
            "counters", "alarms", "identify", "buzzer_test", "checks", "activity", "lamp",
        ];
        using JsonDocument json = JsonDocument.Parse(StatusJson.Write(SampleStatus.Busy()));

        Assert.Equal(fields, json.RootElement.EnumerateObject().Select(p => p.Name));
    }
}
