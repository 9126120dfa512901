using System.Globalization;
using System.Text;
using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>Status, events and latencies in Prometheus' text format 0.0.4. No label holds patient data, and none is unbounded.</summary>
/// <remarks>Names end in their unit, counters in _total (prometheus.io, "Metric and label naming"); promtool judges them.</remarks>
public static class Metrics
{
    public const string Path = "/metrics";

    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static byte[] Write(Status status, LatencyAnswer latency, Func<DeviceEvent, long> countOf)
    {
        StringBuilder text = new();
        OfDevice(text, status);
        OfCounters(text, status.Counters);
        OfEvents(text, countOf);
        OfDestinations(text, status.Destinations);
        OfLatency(text, latency);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void OfDevice(StringBuilder text, Status status)
    {
        Family(text, "appliance_build_info", "gauge", "The version of the product; always 1.");
        Sample(text, "appliance_build_info", $"version=\"{Escaped(status.Version)}\"", 1);
        Family(text, "appliance_device_state", "gauge", "1 for the state that the device is in.");
        foreach (DeviceState state in Enum.GetValues<DeviceState>())
        {
            Sample(text, "appliance_device_state", $"state=\"{state}\"", status.Device == state ? 1 : 0);
        }

        One(text, "appliance_uptime_seconds", "gauge", "Since the start of the process.", status.UptimeS);
        One(text, "appliance_resident_memory_bytes", "gauge", "Resident memory of the process.", status.Counters.ResidentBytes);
        One(text, "appliance_open_associations", "gauge", "Associations of modalities.", status.Listener.OpenAssociations);
        One(text, "appliance_disk_free_bytes", "gauge", "Of the journal's file system.", status.Disk.FreeBytes);
        One(text, "appliance_disk_size_bytes", "gauge", "Of the journal's file system.", status.Disk.TotalBytes);
        One(text, "appliance_refuses_objects", "gauge", "1: the disk is too full.", status.Disk.RefusesObjects ? 1 : 0);
        Family(text, "appliance_alarms", "gauge", "What is wrong now, by who has to act.");
        foreach (AlarmLevel level in Enum.GetValues<AlarmLevel>())
        {
            Sample(text, "appliance_alarms", $"level=\"{level}\"", status.Alarms.Count(alarm => alarm.Level == level));
        }

        Family(text, "appliance_studies", "gauge", "Studies of the snapshot (the newest ones), by state.");
        foreach (StudyState state in Enum.GetValues<StudyState>())
        {
            Sample(text, "appliance_studies", $"state=\"{state}\"", status.Studies.Count(study => study.State == state));
        }
    }

    private static void OfCounters(StringBuilder text, CounterStatus counters)
    {
        (string Name, string Help, long Value)[] all =
        [
            ("associations", "Associations that modalities opened.", counters.Associations),
            ("associations_rejected", "Associations that were not taken.", counters.AssociationsRejected),
            ("objects_stored", "Objects stored and acknowledged.", counters.ObjectsStored),
            ("objects_repeated", "Objects that were there already.", counters.ObjectsRepeated),
            ("objects_refused", "Objects refused to their sender.", counters.ObjectsRefused),
            ("stored_bytes", "Bytes of objects stored.", counters.BytesStored),
            ("series_analysed", "Series whose results were stored.", counters.SeriesAnalysed),
            ("series_not_analysed", "Series without results, for a named reason.", counters.SeriesNotAnalysed),
            ("results_made", "Objects made.", counters.ResultsMade),
            ("objects_delivered", "Objects that a destination accepted.", counters.ObjectsDelivered),
            ("studies_removed", "Studies removed to make space.", counters.StudiesRemoved),
        ];
        foreach ((string name, string help, long value) in all)
        {
            One(text, $"appliance_{name}_total", "counter", help, value);
        }
    }

    private static void OfEvents(StringBuilder text, Func<DeviceEvent, long> countOf)
    {
        Family(text, "appliance_events_total", "counter", "Events by number (docs/events.md).");
        foreach (EventDefinition definition in EventCatalogue.All)
        {
            Sample(
                text,
                "appliance_events_total",
                $"event=\"{definition.Number}\",name=\"{definition.Event}\",level=\"{definition.Level}\"",
                countOf(definition.Event));
        }
    }

    private static void OfDestinations(StringBuilder text, IReadOnlyList<DestinationStatus> destinations)
    {
        (string Name, string Kind, string Help, Func<DestinationStatus, double> Value)[] all =
        [
            ("owed_objects", "gauge", "Objects that it has not accepted yet.", each => each.Owed),
            ("held_objects", "gauge", "Of these, objects that it refuses as they are.", each => each.Held),
            ("reachable", "gauge", "1: it answered at the last try.", each => each.Reachable == true ? 1 : 0),
            ("delivered_objects_total", "counter", "Objects that it accepted.", each => each.Delivered),
        ];
        foreach ((string name, string kind, string help, Func<DestinationStatus, double> value) in all)
        {
            Family(text, $"appliance_destination_{name}", kind, help);
            foreach (DestinationStatus destination in destinations)
            {
                Sample(text, $"appliance_destination_{name}", $"destination=\"{Escaped(destination.Name)}\"", value(destination));
            }
        }
    }

    private static void OfLatency(StringBuilder text, LatencyAnswer latency)
    {
        One(text, "appliance_budget_seconds", "gauge", "From complete to documents accepted, as set.", latency.BudgetMs / 1000);
        One(text, "appliance_series_accepted_total", "counter", "Series whose documents were accepted.", latency.Series);
        One(text, "appliance_budget_misses_total", "counter", "Of these, later than their budget.", latency.Misses);
        One(text, "appliance_series_bypassed_total", "counter", "Series that the budget left no time for.", latency.Bypassed);
        Family(text, "appliance_rung_slices_total", "counter", "Grid slices by rung of the ladder.");
        foreach (Rung rung in Enum.GetValues<Rung>())
        {
            Sample(text, "appliance_rung_slices_total", $"rung=\"{rung}\"", latency.Rungs.GetValueOrDefault($"{rung}"));
        }

        const string Name = "appliance_tail_seconds";
        Family(text, Name, "summary", "After the last slice: by stage, and end to end (from_last_slice, from_decision).");
        foreach (LatencyFigures figures in latency.Figures)
        {
            string stage = $"stage=\"{figures.Name}\"";
            Sample(text, Name, $"{stage},quantile=\"0.5\"", figures.P50Ms / 1000);
            Sample(text, Name, $"{stage},quantile=\"0.99\"", figures.P99Ms / 1000);
            Sample(text, Name, $"{stage},quantile=\"0.999\"", figures.P999Ms / 1000);
            Sample(text, $"{Name}_sum", stage, figures.SumMs / 1000);
            Sample(text, $"{Name}_count", stage, figures.Count);
        }

        Family(text, "appliance_tail_longest_seconds", "gauge", "The longest since the start, by stage and end to end.");
        foreach (LatencyFigures figures in latency.Figures)
        {
            Sample(text, "appliance_tail_longest_seconds", $"stage=\"{figures.Name}\"", figures.MaxMs / 1000);
        }
    }

    private static void One(StringBuilder text, string name, string kind, string help, double value)
    {
        Family(text, name, kind, help);
        Sample(text, name, "", value);
    }

    private static void Family(StringBuilder text, string name, string kind, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {kind}\n");

    private static void Sample(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels.Length == 0 ? "" : $"{{{labels}}}")
            .Append(CultureInfo.InvariantCulture, $" {value:R}\n");

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
