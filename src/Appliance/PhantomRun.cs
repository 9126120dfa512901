using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Daemon;

/// <summary>Quality assurance end to end: a phantom scanner as a child process sends here; the result is compared with its truth.</summary>
/// <param name="learned">The organs that the installed apps know: what they never learned is not judged.</param>
public sealed class PhantomRun(
    Settings settings, Journal journal, Func<IReadOnlySet<string>> learned, Func<Status> status, Func<int> port, TimeProvider time)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "appliance-phantom");

    // A body that the app knows, coarse enough to be made and analysed within a minute on two cores.
    private static readonly string[] Body = ["--seed", "10", "--slices", "150", "--rows", "256", "--spacing", "1.6", "--thickness", "2"];

    public async Task<CommandAnswer> RunAsync(CancellationToken stop)
    {
        if (!File.Exists(Program))
        {
            return CommandAnswer.Failure($"{Program} is not installed");
        }

        string folder = Directory.CreateTempSubdirectory("appliance-phantom-").FullName;
        using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(Core.Limits.CommandAnswerMs), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await RunInAsync(folder, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return CommandAnswer.Failure("no result in time: the machine is overloaded, or the analysis hangs");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<CommandAnswer> RunInAsync(string folder, CancellationToken stop)
    {
        long began = time.GetTimestamp();

        // 1. The scanner. The truth names its series.
        string truth = Path.Combine(folder, "truth");
        string calling = settings.Listener.AcceptCallingAe is [string first, ..] ? first : "PHANTOM";
        string[] to = ["--to", $"127.0.0.1:{port()}", "--called", settings.Listener.AeTitle, "--calling", calling, "--rate", "0"];
        if (await ChildAsync(["send", .. Body, .. to, "--truth", truth], stop).ConfigureAwait(false) is string notSent)
        {
            return CommandAnswer.Failure($"the phantom could not be sent: {notSent}");
        }

        string series = JournalEntry.Hash(SeriesOf(truth));
        string? study = Directory.EnumerateDirectories(journal.Studies)
            .FirstOrDefault(each => Directory.Exists(Path.Combine(each, series)));
        if (study is null)
        {
            return CommandAnswer.Failure("the phantom's series is not in the journal");
        }

        // 2. Until its analysis has ended: looked at, because what counts is whether the results are on the disk.
        string key = Path.GetFileName(study);
        while (!journal.IsSettled(key, series) && journal.DocumentsOf(key, series) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Limits.PhantomLookMs), time, stop).ConfigureAwait(false);
        }

        if (journal.IsSettled(key, series) && journal.NotAnalysed(key, series) is Refusal refusal)
        {
            return CommandAnswer.Failure($"the phantom was not analysed: {refusal}");
        }

        // 3. Its segmentation against the truth.
        string results = journal.ResultsFolderOf(key, series);
        string? segmentation = Directory.EnumerateFiles(results, "*" + JournalEntry.Extension).FirstOrDefault(IsSegmentation);
        string numbers = Path.Combine(folder, "dice.json");
        string? notCompared = segmentation is null
            ? "there is no segmentation"
            : await ChildAsync(["dice", "--seg", segmentation, "--truth", truth, "--json", numbers], stop).ConfigureAwait(false);
        if (notCompared is not null)
        {
            return CommandAnswer.Failure($"the result could not be compared: {notCompared}");
        }

        return Judge(numbers, time.GetElapsedTime(began), status().Version);
    }

    private CommandAnswer Judge(string numbers, TimeSpan took, string version)
    {
        using JsonDocument read = JsonDocument.Parse(File.ReadAllBytes(numbers));
        Dictionary<string, double> dice = read.RootElement.GetProperty("dice").EnumerateObject()
            .Where(organ => organ.Value.ValueKind == JsonValueKind.Number && learned().Contains(organ.Name))
            .ToDictionary(organ => organ.Name, organ => organ.Value.GetDouble());
        double mean = dice.Count == 0 ? 0 : dice.Values.Average();
        bool good = mean >= Limits.PhantomDiceShare;
        string text = string.Create(CultureInfo.InvariantCulture,
            $"mean Dice {mean:0.000} of {dice.Count} organs, {Limits.PhantomDiceShare} are expected; "
            + $"{took.TotalSeconds:0.0} s, version {version}");
        return new CommandAnswer(Status.CurrentSchema, good, text) { Dice = dice };
    }

    private static string SeriesOf(string truth)
    {
        using JsonDocument read = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(truth, "truth.json")));
        return read.RootElement.GetProperty("series_uid").GetString() ?? "";
    }

    private static bool IsSegmentation(string path)
    {
        using FileStream file = File.OpenRead(path);
        return MetaOfFile.Read(file).SopClassUid == Uids.SegmentationStorage;
    }

    /// <summary>A program inherits the place of the thread that starts it, and this one is of the pool that receives.</summary>
    private static Process Start(string[] arguments)
    {
        OwnThread.Stand(ThreadOrder.Analysis);
        try
        {
            return Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        finally
        {
            OwnThread.Stand(ThreadOrder.Reception);
        }
    }

    /// <returns>Why it failed, or null. Its output is about the phantom only.</returns>
    private static async Task<string?> ChildAsync(string[] arguments, CancellationToken stop)
    {
        using Process child = Start(arguments);
        try
        {
            Task<string> output = child.StandardOutput.ReadToEndAsync(stop);
            string error = await child.StandardError.ReadToEndAsync(stop).ConfigureAwait(false);
            await output.ConfigureAwait(false);
            await child.WaitForExitAsync(stop).ConfigureAwait(false);
            return child.ExitCode == 0 ? null : $"exit code {child.ExitCode}, {error.Trim()}";
        }
        finally
        {
            if (!child.HasExited)
            {
                child.Kill(entireProcessTree: true);
            }
        }
    }
}
