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
            foreach (DestinationStatus down in status.Destinations.Where(d => d is { LastError: not null, Reachable: not true }))
            {
                Note(console, $"{down.Name}: {down.LastError}");
            }
        }
        else
        {
            Note(console, $"No destination is set: studies stay here. See [[destination]] in {Settings.DefaultPath}.");
        }

        console.WriteLine();
    }

    public static void DrawStudies(Status status)
    {
        AnsiConsole.Write(Studies(status.Studies, status.TakenAt));
        Explain(status.Studies, AnsiConsole.Console);
    }

    private static Grid Top(Status status, DateTimeOffset now)
    {
        Grid grid = new();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(1, 0, 2, 0) });
        grid.AddColumn();
        Lamp lamp = status.Lamp;
        Row(grid, "lamp", $"[{Colour(lamp.Colour)}]●[/] {Markup.Escape(LampDrawing.Words(lamp))}");
        Row(
            grid,
            "device",
            $"{status.Device}, up {Words.Span(TimeSpan.FromSeconds(status.UptimeS))}, version {Markup.Escape(status.Version)}");
        ListenerStatus listener = status.Listener;
        string heard = $"{listener.OpenAssociations} associations, last {Words.Ago(listener.LastAssociation, now)}";
        Row(grid, "listening", listener.Open
            ? $"{Markup.Escape(listener.AeTitle)} on {Markup.Escape(listener.Address)} port {listener.Port}; {heard}"
            : "[red]no[/]");
        Row(grid, "computing", $"{Markup.Escape(status.Compute.Device)} ({Markup.Escape(status.Compute.Reason)})");
        if (status.Compute.Kernels.Length > 0)
        {
            Row(grid, "kernels", $"{Markup.Escape(status.Compute.Kernels)} ({Markup.Escape(status.Compute.KernelsReason)})");
        }

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
        Table table = New(("alarm", false), ("what is wrong, and what to do", false));
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
            ("study", false), ("state", false), ("in", true), ("done", true), ("made", true), ("owed", true), ("tail", true),
            ("last slice", true));
        foreach (StudyStatus study in studies)
        {
            string state = study is { State: StudyState.Analysing, Progress: { } progress }
                ? $"{study.Stage?.ToString() ?? nameof(StudyState.Analysing)} {progress:0 %}"
                : study.State.ToString();
            table.AddRow(
                Markup.Escape(study.Key[..Math.Min(8, study.Key.Length)]),
                $"{Markup.Escape(study.Modality)} {state}".TrimStart(),
                Number(study.Originals),
                Number(study.OriginalsAnalysed),
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
            Note(console, $"{keys}: not analysed: {same.Key}");
        }
    }

    private static Table Destinations(IReadOnlyList<DestinationStatus> destinations, DateTimeOffset now)
    {
        Table table = New(("destination", false), ("where", false), ("state", false), ("owed", true), ("held", true), ("sent", true));
        foreach (DestinationStatus destination in destinations)
        {
            string state = destination switch
            {
                { Paused: true } => "[orange1]paused[/]",
                { Reachable: false } => $"[orange1]down[/] {Words.Span(now - (destination.LastErrorAt ?? now))}",
                { Reachable: true } => "[green]up[/]",
                _ => "not tried yet",
            };
            table.AddRow(
                Markup.Escape(destination.Name),
                Markup.Escape($"{destination.AeTitle} {destination.Host}:{destination.Port}"),
                state,
                Number(destination.Owed),
                Number(destination.Held),
                destination.Delivered.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }

    /// <summary>A remark under a table; it wraps inside its own margin.</summary>
    private static void Note(IAnsiConsole console, string text) =>
        console.Write(new Padder(new Markup($"[grey]{Markup.Escape(text)}[/]"), new Padding(2, 0, 2, 0)));

    private static Table New(params ReadOnlySpan<(string Heading, bool Right)> columns)
    {
        Table table = new() { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        foreach ((string heading, bool right) in columns)
        {
            table.AddColumn(new TableColumn($"[grey]{heading}[/]") { Alignment = right ? Justify.Right : Justify.Left });
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
