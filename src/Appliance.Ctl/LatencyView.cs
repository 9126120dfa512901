using System.Globalization;
using Appliance.Core;
using Spectre.Console;

namespace Appliance.Ctl;

/// <summary><c>appliancectl latency</c>: distributions by stage and end to end, rungs, and what made late series late.</summary>
internal static class LatencyView
{
    public static async Task<int> Show(string socket, bool json, CancellationToken cancel)
    {
        using Daemon daemon = new(socket);
        Outcome<Answer<LatencyAnswer>> answer = await daemon.Latency(cancel);
        if (answer.Refused)
        {
            return Commands.Refuse(answer.Refusal.Text);
        }

        if (json)
        {
            answer.Value.WriteJson();
        }
        else if (Console.IsOutputRedirected)
        {
            WriteLines(answer.Value.Said, Console.Out);
        }
        else
        {
            Draw(answer.Value.Said, AnsiConsole.Console);
        }

        return ExitCode.Well;
    }

    public static void WriteLines(LatencyAnswer latency, TextWriter to)
    {
        to.WriteLine(Summary(latency));
        foreach (LatencyFigures each in latency.Figures)
        {
            to.WriteLine($"{each.Name}: {each.Count} series, p50 {Ms(each.P50Ms)}, p99 {Ms(each.P99Ms)}, "
                + $"p99.9 {Ms(each.P999Ms)}, max {Ms(each.MaxMs)}");
        }

        foreach (string line in Rest(latency))
        {
            to.WriteLine(line);
        }
    }

    private static void Draw(LatencyAnswer latency, IAnsiConsole console)
    {
        console.WriteLine(Summary(latency));
        Table table = new Table().Border(TableBorder.Simple).AddColumn("after the last slice");
        foreach (string heading in (string[])["series", "p50", "p99", "p99.9", "max"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (LatencyFigures each in latency.Figures)
        {
            table.AddRow(
                each.Name.Replace('_', ' '), each.Count.ToString(CultureInfo.InvariantCulture), Ms(each.P50Ms), Ms(each.P99Ms),
                Ms(each.P999Ms), Ms(each.MaxMs));
        }

        console.Write(table);
        foreach (string line in Rest(latency))
        {
            console.WriteLine(line);
        }
    }

    private static string Summary(LatencyAnswer latency) =>
        $"budget {Ms(latency.BudgetMs)} from complete to accepted: {latency.Series} series, {latency.Misses} missed it, "
            + $"{latency.Bypassed} were bypassed";

    private static IEnumerable<string> Rest(LatencyAnswer latency)
    {
        if (latency.Rungs.Count > 0)
        {
            yield return "rungs: " + string.Join(", ", latency.Rungs.Select(each => $"{each.Key} {each.Value} slices"));
        }

        foreach (MissTrace miss in latency.LastMisses)
        {
            string stages = string.Join(", ", miss.StagesMs.Select(each => $"{each.Key} {each.Value:0} of {miss.SharesMs[each.Key]:0}"));
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"miss {miss.When:yyyy-MM-dd HH:mm:ss}Z study {miss.Study} series {miss.Series}: {miss.TookMs:0} ms of {miss.BudgetMs:0}, ")
                + $"guilty: {miss.Guilty} (ms: {stages})";
        }
    }

    private static string Ms(double ms) => ms.ToString(ms < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + " ms";
}
