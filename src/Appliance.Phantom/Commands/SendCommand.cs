using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Appliance.Dicom.Data;
using Appliance.Phantom.Anatomy;
using Appliance.Phantom.Modality;
using Appliance.Phantom.Series;

namespace Appliance.Phantom.Commands;

/// <summary>`send`: a paced modality, for a phantom made on the fly or for any folder of DICOM files.</summary>
internal sealed class SendCommand
{
    private readonly PhantomOptions phantom = new("fresh", "seed");
    private readonly Option<string> to = new("--to") { Description = "host:port", Required = true };
    private readonly Option<string> called = new("--called") { Description = "AE title of the receiver.",
        DefaultValueFactory = _ => "APPLIANCE" };
    private readonly Option<string> calling = new("--calling") { Description = "Our AE title.", DefaultValueFactory = _ => "PHANTOM" };
    private readonly Option<double> rate = new("--rate") { Description = "Objects a second; 0: as fast as it goes.",
        DefaultValueFactory = _ => 20 };
    private readonly Option<string?> folder = new(
        "--folder") { Description = "Send the DICOM files below this folder instead of a phantom." };
    private readonly Option<string> order = new("--order") { Description = "sequential, random or reverse.",
        DefaultValueFactory = _ => "sequential" };
    private readonly Option<string> use = new("--association") { Description = "one, or per-image.", DefaultValueFactory = _ => "one" };
    private readonly Option<string?> truth = new("--truth") { Description = "Folder for the phantom's truth masks." };
    private readonly Option<string?> keep = new("--keep") { Description = "Folder for a copy of each object as it was sent." };
    private readonly Option<string?> json = new("--json") { Description = "File for a summary." };

    public Command Create()
    {
        order.AcceptOnlyFromAmong("sequential", "random", "reverse");
        use.AcceptOnlyFromAmong("one", "per-image");
        Command send = new("send", "Sends like a scanner: one object after the other, at an even pace.")
            { to, called, calling, rate, folder, order, use, truth, keep, json };
        foreach (Option option in phantom.All)
        {
            send.Add(option);
        }

        send.SetAction(RunAsync);
        return send;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        // 1. Where to.
        if ((phantom.Fault(parsed) ?? Fault(parsed)) is string fault)
        {
            await Console.Error.WriteLineAsync(fault);
            return ExitCode.Usage;
        }

        // 2. What, and in which order.
        PhantomSeries? series = parsed.GetValue(folder) is null ? phantom.Make(parsed) : null;
        using TruthWriter? masks = series is not null && parsed.GetValue(truth) is string at ? new TruthWriter(at, series.Geometry) : null;
        List<Outgoing> objects = series is not null ? OfPhantom(series, phantom.SyntaxOf(parsed), masks) : OfFolder(
            parsed.GetValue(folder)!);
        if (objects.Count == 0)
        {
            await Console.Error.WriteLineAsync("There is nothing to send.");
            return ExitCode.Failed;
        }

        Arrange(objects, parsed.GetRequiredValue(order), parsed.GetRequiredValue(phantom.Seed));

        if (parsed.GetValue(keep) is string copies)
        {
            Directory.CreateDirectory(copies);
            objects = [.. objects.Select(next => next.KeptIn(copies))];
        }

        // 3. Out it goes.
        PacedModality modality = new(DestinationOf(parsed), TimeProvider.System);
        SendSummary summary = await Progress.ShowAsync("Sent", objects.Count, report => modality.SendAsync(objects, report, cancel));
        masks?.Describe(parsed.GetRequiredValue(phantom.Seed), series!.Identity.SeriesUid);

        // 4. What came of it.
        if (parsed.GetValue(json) is string file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(summary, SendJson.Default.SendSummary), cancel);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{summary.Slices - summary.Failures} of {summary.Slices} stored, {summary.AchievedRate ?? 0:0.00} a second"
            + $"{(summary.WantedRate > 0 ? $" (wanted {summary.WantedRate:0.##}, latest start {summary.LatestStartMs:0} ms late)" : "")}, "
            + $"response in {summary.MeanResponseMs:0.0} ms on average, {summary.LongestResponseMs:0.0} ms at most."));
        if (summary.Failures > 0)
        {
            await Console.Error.WriteLineAsync($"{summary.Failures} not stored; the first: {summary.FirstFailure}");
        }

        return summary.Failures > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private string? Fault(ParseResult parsed) =>
        !(parsed.GetValue(rate) is >= 0 and <= 10000) ? "--rate must lie between 0 and 10000."
        : !TryDestination(parsed.GetRequiredValue(to), out _, out _) ? "--to must be host:port."
        : parsed.GetValue(folder) is string path && !Directory.Exists(path) ? $"There is no folder {path}."
        : null;

    private Destination DestinationOf(ParseResult parsed)
    {
        TryDestination(parsed.GetRequiredValue(to), out string host, out int port);
        return new Destination(
            host, port, parsed.GetRequiredValue(calling), parsed.GetRequiredValue(called), parsed.GetValue(rate),
            parsed.GetRequiredValue(use) == "one" ? AssociationUse.One : AssociationUse.PerImage);
    }

    private static bool TryDestination(string text, out string host, out int port)
    {
        int colon = text.LastIndexOf(':');
        host = text[..Math.Max(0, colon)].Trim('[', ']');
        port = 0;
        return host.Length > 0 && int.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536;
    }

    private static List<Outgoing> OfPhantom(PhantomSeries series, TransferSyntax syntax, TruthWriter? masks) =>
    [
        .. Enumerable.Range(0, series.Geometry.Slices).Select(acquired => new Outgoing(
            Uids.CTImageStorage, series.Identity.Instance(acquired + 1), series.Identity.StudyUid, series.Identity.SeriesUid, syntax,
            () => DataSetWriter.Write(series.Acquire(acquired, masks), syntax))),
    ];

    private static List<Outgoing> OfFolder(string path)
    {
        FolderObjects found = FolderObjects.Below(path);
        if (found.Passed > 0)
        {
            Console.WriteLine($"{found.Passed} files are no DICOM objects and stay behind.");
        }

        if (found.Completed > 0)
        {
            Console.WriteLine($"{found.Completed} of {found.Objects.Count} objects lack UIDs: they go out with new ones.");
        }

        return found.Objects;
    }

    private static void Arrange(List<Outgoing> objects, string order, ulong seed)
    {
        if (order == "reverse")
        {
            objects.Reverse();
        }

        // Fisher and Yates, by our own stream: the same order for the same seed.
        RandomStream random = new(seed);
        for (int last = objects.Count - 1; order == "random" && last > 0; last--)
        {
            int other = random.Integer(0, last + 1);
            (objects[last], objects[other]) = (objects[other], objects[last]);
        }
    }
}
