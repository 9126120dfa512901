using System.Globalization;
using System.Text.Json.Nodes;
using Appliance.Core;
using Spectre.Console;
using Snapshot = Appliance.Core.Status;

namespace Appliance.Ctl;

/// <summary>Parts of the status: studies, alarms, apps. With --json the same part of the daemon's answer.</summary>
internal static class Lists
{
    public static Task<int> Studies(string socket, bool json, CancellationToken cancel) =>
        Show(socket, json, "studies", status => StatusLines.Studies(status, Console.Out), status => StatusView.DrawStudies(status), cancel);

    public static Task<int> Alarms(string socket, bool json, CancellationToken cancel) =>
        Show(socket, json, "alarms", AlarmLines, null, cancel);

    public static Task<int> Apps(string socket, bool json, CancellationToken cancel) =>
        Show(socket, json, "apps", AppLines, null, cancel);

    /// <summary>One study, found by the first digits of its key.</summary>
    public static async Task<int> Study(string socket, bool json, string key, CancellationToken cancel)
    {
        using Daemon daemon = new(socket);
        Outcome<Answer<Snapshot>> answer = await daemon.Status(cancel);
        if (answer.Refused)
        {
            return Commands.Refuse(answer.Refusal.Text);
        }

        StudyStatus[] found = [.. answer.Value.Said.Studies.Where(study => study.Key.StartsWith(key, StringComparison.Ordinal))];
        if (key.Length == 0 || found.Length != 1)
        {
            return Commands.NotDone(found.Length == 0 ? "no such study" : "several studies: give more digits of the key");
        }

        if (json)
        {
            JsonNode? all = JsonNode.Parse(answer.Value.Json)!["studies"];
            Console.Out.WriteLine(all!.AsArray().First(each => each!["key"]!.GetValue<string>() == found[0].Key)!.ToString());
            return ExitCode.Well;
        }

        Write(found[0], answer.Value.Said.TakenAt, Console.Out);
        return ExitCode.Well;
    }

    private static async Task<int> Show(
        string socket, bool json, string part, Action<Snapshot> lines, Action<Snapshot>? table, CancellationToken cancel)
    {
        using Daemon daemon = new(socket);
        Outcome<Answer<Snapshot>> answer = await daemon.Status(cancel);
        if (answer.Refused)
        {
            return Commands.Refuse(answer.Refusal.Text);
        }

        if (json)
        {
            Console.Out.WriteLine(JsonNode.Parse(answer.Value.Json)![part]?.ToString() ?? "[]");
        }
        else
        {
            (Console.IsOutputRedirected ? lines : table ?? lines)(answer.Value.Said);
        }

        return ExitCode.Well;
    }

    private static void AlarmLines(Snapshot status)
    {
        foreach (Alarm alarm in status.Alarms)
        {
            string seen = alarm.Acknowledged is null ? string.Empty : $" (acknowledged {Words.Ago(alarm.Acknowledged, status.TakenAt)})";
            Console.Out.WriteLine($"{alarm.Name}: {alarm.Level} {(int)alarm.Event} since {Words.Span(status.TakenAt - alarm.Since)}{seen}: "
                + $"{alarm.Text}; {alarm.Remedy}");
        }
    }

    private static void AppLines(Snapshot status)
    {
        foreach (AppStatus app in status.Apps)
        {
            Console.Out.WriteLine($"{app.Name} {app.Version}, {(app.Ready ? "ready" : app.Trouble)}");
        }
    }

    private static void Write(StudyStatus study, DateTimeOffset now, TextWriter to)
    {
        to.WriteLine($"key: {study.Key}");
        to.WriteLine($"state: {study.State}");
        to.WriteLine($"modality: {study.Modality}");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"series: {study.SeriesCount}"));
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"objects: {study.Originals} received, {study.OriginalsAnalysed} analysed, {study.Results} made"));
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"owed: {study.Owed}"));
        to.WriteLine($"first arrival: {Words.Ago(study.FirstArrival, now)}");
        to.WriteLine($"last arrival: {Words.Ago(study.LastArrival, now)}");
        to.WriteLine($"tail: {(study.TailMs is int ms ? $"{ms} ms" : "not known")}");
        to.WriteLine($"tail from decision: {(study.TailFromDecisionMs is int decided ? $"{decided} ms" : "not known")}");
        to.WriteLine($"complete by: {study.CompletedBy ?? "not known"}");
        foreach (ResultVersion version in study.ResultVersions)
        {
            string replaced = version.Superseded ? ", replaced" : "";
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"results of {version.Series}: version {version.Version}, {version.Results} objects{replaced}"));
        }

        to.WriteLine($"not analysed: {study.NotAnalysed ?? "no"}");
    }
}
