using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Appliance.Core;
using Appliance.Phantom.Comparison;
using Appliance.Phantom.Series;
using Spectre.Console;

namespace Appliance.Phantom.Commands;

/// <summary>`dice`: a DICOM segmentation against a phantom's truth.</summary>
internal static class DiceCommand
{
    public static Command Create()
    {
        Option<string> segmentation = new("--seg") { Description = "A binary DICOM segmentation.", Required = true };
        Option<string> truth = new("--truth") { Description = "Folder of the phantom, or of its truth.", Required = true };
        Option<string?> json = new("--json") { Description = "File for the numbers." };
        Command dice = new("dice", "Measures a segmentation against the truth, by patient coordinates.") { segmentation, truth, json };
        dice.SetAction(parsed => Run(parsed.GetRequiredValue(segmentation), parsed.GetRequiredValue(truth), parsed.GetValue(json)));
        return dice;
    }

    private static int Run(string segmentation, string truthFolder, string? json)
    {
        DiceScore score;
        try
        {
            if (TruthVolume.Read(truthFolder) is not TruthVolume truth)
            {
                Console.Error.WriteLine($"There is no labels.mhd in {truthFolder} or its folder truth.");
                return ExitCode.Failed;
            }

            score = DiceScore.Of(SegmentationVolume.Read(segmentation), truth);
        }
        catch (Exception failure) when (DiskFault.Is(failure) || failure is InvalidDataException)
        {
            Console.Error.WriteLine(failure.Message);
            return ExitCode.Failed;
        }

        Print(score);
        if (json is not null)
        {
            File.WriteAllText(json, JsonSerializer.Serialize(score, DiceJson.Default.DiceScore));
        }

        return ExitCode.Done;
    }

    private static void Print(DiceScore score)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumn("organ").AddColumn("Dice", right => right.RightAligned())
            .AddColumn("voxels, truth", right => right.RightAligned()).AddColumn("voxels, found", right => right.RightAligned());
        foreach ((string organ, double dice) in score.Dice)
        {
            table.AddRow(
                organ, dice.ToString("0.000", CultureInfo.InvariantCulture),
                score.Truth[organ].ToString(CultureInfo.InvariantCulture), score.Found[organ].ToString(CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
    }
}
