using System.Globalization;
using Appliance.Core;
using Spectre.Console;
using Status = Appliance.Core.Status;

namespace Appliance.Ctl;

/// <summary>A status for a terminal of 80 columns.</summary>
internal static class StatusView
{
    public static void Draw(Status status, IAnsiConsole console)
    {
        DateTimeOffset now = status.TakenAt;
        console.WriteLine();
        console.Write(Top(status, now));
        if (status.Alarms.Count > 0)
        {
            console.WriteLine();
            console.Write(Alarms(status.Alarms, now));
        }

        if (status.Studies.Count > 0)
        {
            console.WriteLine();
            console.Write(Studies(status.Studies, now));
            Explain(status.Studies, console);
        }

        console.WriteLine();
        if (status.Destinations.Count > 0)
        {
            console.Write(Destinations(status.Destinations, now));
        }
        else
        {
            console.MarkupLine(" [grey]No destination is set: studies stay here. See [[[[destination]]]] in /etc/appliance/appliance.toml.[/]");
        }

        console.WriteLine();
    }

    private static Grid Top(Status status, DateTimeOffset now)
    {
        Grid grid = new();
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(1));
        grid.AddColumn();
        Lamp lamp = status.Lamp;
        Row(grid, "lamp", $"[{Colour(lamp.Colour)}]●[/] {Markup.Escape(LampDrawing.Words(lamp))}");
        Row(grid, "device", $"{status.Device}, up {Words.Span(TimeSpan.FromSeconds(status.UptimeS))}, version {Markup.Escape(status.Version)}");
        ListenerStatus listener = status.Listener;
        string heard = $"{listener.OpenAssociations} associations, last {Words.Ago(listener.LastAssociation, now)}";
        Row(grid, "listening", listener.Open
            ? $"{Markup.Escape(listener.AeTitle)} on {Markup.Escape(listener.Address)} port {listener.Port}; {heard}"
            : "[red]no[/]");
        Row(grid, "computing", $"{Markup.Escape(status.Compute.Device)} ({Markup.Escape(status.Compute.Reason)})");
        foreach (AppStatus app in status.Apps)
        {
            string state = app.Ready ? "ready" : $"[orange1]{Markup.Escape(app.Trouble ?? "not ready")}[/]";
            Row(grid, "app", $"{Markup.Escape(app.Name)} {Markup.Escape(app.Version)}, {state}");
        }

        Row(grid, "disk", $"{status.Disk.UsedPercent:0} % used, {Words.Bytes(status.Disk.FreeBytes)} free"
            + (status.Disk.RefusesObjects ? ", [red]objects are refused[/]" : string.Empty));
        CounterStatus counted = status.Counters;
        Row(grid, "so far", $"{counted.ObjectsStored} objects stored ({Words.Bytes(counted.BytesStored)}), "
            + $"{counted.SeriesAnalysed} series analysed, {counted.ObjectsDelivered} delivered");
        return grid;
    }

    private static Table Alarms(IReadOnlyList<Alarm> alarms, DateTimeOffset now)
    {
        Table table = New("alarms", ("since", false), ("what, and what to do", false));
        foreach (Alarm alarm in alarms)
        {
            string colour = alarm.Level == AlarmLevel.Service ? "red" : "orange1";
            table.AddRow(
                Words.Span(now - alarm.Since),
                $"[{colour}]{Markup.Escape(alarm.Text)}[/]\n{Markup.Escape(alarm.Remedy)}");
        }

        return table;
    }

    private static Table Studies(IReadOnlyList<StudyStatus> studies, DateTimeOffset now)
    {
        Table table = New(
            "studies", ("study", false), ("state", false), ("series", true), ("in", true), ("made", true), ("owed", true), ("tail", true), ("last slice", true));
        foreach (StudyStatus study in studies)
        {
            string state = study is { State: StudyState.Analysing, Progress: { } progress }
                ? $"{study.Stage?.ToString() ?? nameof(StudyState.Analysing)} {progress:0 %}"
                : study.State.ToString();
            table.AddRow(
                Markup.Escape(study.Key[..Math.Min(8, study.Key.Length)]),
                $"{Markup.Escape(study.Modality)} {state}".TrimStart(),
                Number(study.SeriesCount),
                Number(study.Originals),
                Number(study.Results),
                Number(study.Owed),
                study.TailMs is { } ms ? $"{ms / 1000.0:0.0} s" : string.Empty,
                Words.Ago(study.LastArrival, now));
        }

        return table;
    }

    /// <summary>Each reason once, with the studies it holds for: it is too long for a column.</summary>
    private static void Explain(IReadOnlyList<StudyStatus> studies, IAnsiConsole console)
    {
        foreach (IGrouping<string?, StudyStatus> same in studies.Where(s => s.NotAnalysed is not null).GroupBy(s => s.NotAnalysed))
        {
            string keys = string.Join(", ", same.Select(s => s.Key[..Math.Min(8, s.Key.Length)]));
            console.MarkupLine($" [grey]{Markup.Escape(keys)}: not analysed: {Markup.Escape(same.Key!)}[/]");
        }
    }

    private static Table Destinations(IReadOnlyList<DestinationStatus> destinations, DateTimeOffset now)
    {
        Table table = New("destinations", ("name", false), ("where", false), ("state", false), ("owed", true), ("held", true), ("sent", true));
        foreach (DestinationStatus destination in destinations)
        {
            string state = destination switch
            {
                { Paused: true } => "[orange1]paused[/]",
                { Reachable: false } => $"[orange1]down[/] since {Words.Span(now - (destination.LastErrorAt ?? now))}",
                { Reachable: true } => "[green]up[/]",
                _ => "not tried yet",
            };
            string trouble = destination is { LastError: { } error, Reachable: not true } ? $"\n{Markup.Escape(error)}" : string.Empty;
            table.AddRow(
                Markup.Escape(destination.Name),
                Markup.Escape($"{destination.AeTitle} at {destination.Host} port {destination.Port}"),
                state + trouble,
                Number(destination.Owed),
                Number(destination.Held),
                destination.Delivered.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static Table New(string title, params ReadOnlySpan<(string Heading, bool Right)> columns)
    {
        Table table = new() { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        table.Title = new TableTitle(title, new Style(decoration: Decoration.Bold));
        foreach ((string heading, bool right) in columns)
        {
            TableColumn column = new($"[grey]{heading}[/]") { Alignment = right ? Justify.Right : Justify.Left };
            table.AddColumn(column);
        }

        return table;
    }

    private static void Row(Grid grid, string name, string value) => grid.AddRow($"[grey]{name}[/]", value);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Colour(LampColour colour) => colour switch
    {
        LampColour.Green => "green3",
        LampColour.Amber => "orange1",
        LampColour.Red => "red",
        _ => "deepskyblue1",
    };
}
