using System.CommandLine;
using System.Globalization;
using Appliance.Dicom.Data;
using Appliance.Phantom.Series;

namespace Appliance.Phantom.Commands;

/// <summary>`make`: a phantom as files: ct/*.dcm and truth/.</summary>
internal static class MakeCommand
{
    public static Command Create()
    {
        PhantomOptions phantom = new("seed", "fresh");
        Option<string> folder = new("--out") { Description = "Folder for ct/ and truth/.", Required = true };
        Command make = new("make", "Writes a phantom CT and its truth masks.") { folder };
        foreach (Option option in phantom.All)
        {
            make.Add(option);
        }

        make.SetAction((parsed, cancel) => RunAsync(parsed, phantom, parsed.GetRequiredValue(folder), cancel));
        return make;
    }

    private static async Task<int> RunAsync(ParseResult parsed, PhantomOptions phantom, string folder, CancellationToken cancel)
    {
        if (phantom.Fault(parsed) is string fault)
        {
            await Console.Error.WriteLineAsync(fault);
            return ExitCode.Usage;
        }

        PhantomSeries series = phantom.Make(parsed);
        TransferSyntax syntax = phantom.SyntaxOf(parsed);
        string images = Directory.CreateDirectory(Path.Combine(folder, "ct")).FullName;
        using TruthWriter truth = new(Path.Combine(folder, "truth"), series.Geometry);
        int done = 0;
        await Progress.ShowAsync("Slices", series.Geometry.Slices, async report =>
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel };
            await Parallel.ForAsync(0, series.Geometry.Slices, options, (acquired, _) =>
            {
                Write(series.Acquire(acquired, truth), syntax,
                    Path.Combine(images, (acquired + 1).ToString("0000", CultureInfo.InvariantCulture) + ".dcm"));
                lock (options)
                {
                    report(++done);
                }

                return ValueTask.CompletedTask;
            });
            return done;
        });
        truth.Describe(parsed.GetRequiredValue(phantom.Seed), series.Identity.SeriesUid);
        Console.WriteLine($"{done} slices in {images}, truth beside them.");
        return ExitCode.Done;
    }

    private static void Write(DataSet set, TransferSyntax syntax, string path)
    {
        DataSet meta = FileMeta.Create(set.GetString(Tags.SOPClassUID)!, set.GetString(Tags.SOPInstanceUID)!, syntax, "PHANTOM");
        using FileStream stream = new(path, FileMode.Create);
        DicomFileWriter.Write(new DicomFile(meta, syntax, set), stream);
    }
}

/// <summary>Exit codes, as sysexits.h has them where it does.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something was not sent, or could not be read.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;
}
