namespace Appliance.Imaging;

/// <summary>Whether a manifest asks only for what this pipeline does, and agrees with itself.</summary>
internal static class ManifestCheck
{
    private const string SigmaRule = "(3 / spacing) / 2.355 * 0.8 where spacing < 2.6 mm, else 0";

    /// <summary>What is wrong, or null.</summary>
    public static string? Fault(AppManifest manifest)
    {
        IReadOnlyList<int> input = manifest.Input.Shape;
        IReadOnlyList<int> output = manifest.Output.Shape;
        HashSet<string> names = [.. manifest.Classes.Select(organ => organ.Name)];
        (bool Wrong, string Text)[] rules =
        [
            (!manifest.Grid.SpacingMm.SequenceEqual([Prepare.GridSpacingMm, Prepare.GridSpacingMm, Prepare.GridSpacingMm]),
                $"the grid is not {Prepare.GridSpacingMm} mm in all axes"),
            (manifest.Grid.AntiAliasing is not { Kind: "gaussian", SigmaInSourceVoxels: SigmaRule, Border: "reflect" },
                "unknown rule against aliasing"),
            (manifest.Grid.Size.Count != 2 || manifest.Grid.Size[0] < 8 || manifest.Grid.Size[1] < 8, "grid.size is not [rows, columns]"),
            (manifest.Grid.Fit.ToleratedPixels is < 0 or > 64, "grid.fit.toleratedPixels is not 0 to 64"),
            (input.Count != 4 || input[0] != 1 || !input.Skip(2).SequenceEqual(manifest.Grid.Size), "input shape and grid size differ"),
            (output.Count != 4 || output[0] != 1 || !output.Skip(2).SequenceEqual(manifest.Grid.Size), "output shape and grid size differ"),
            (input.Count == 4 && input[1] != manifest.Channels.Count, "input shape and channels differ"),
            (output.Count == 4 && output[1] != manifest.Classes.Count, "output shape and classes differ"),
            (manifest.Input.Type != "float32" || manifest.Output.Type != "float32", "a tensor is not float32"),
            (manifest.Channels.Any(channel => HuScale.Parse(channel.Scale) is null), "unknown scale of a channel"),
            (manifest.Classes.Where((organ, i) => organ.Value != i).Any(), "classes are not numbered 0, 1, 2 ..."),
            (manifest.Classes.Count > ClassScores.MaximumClasses, $"more than {ClassScores.MaximumClasses} classes"),
            (manifest.Classes.Any(organ => organ.Learned && !HasCodes(organ)), "a learned class lacks category, type, rgb or CIELab"),
            (manifest.PostProcess.LargestPiece.Connectivity != 6, "connectivity of pieces is not 6"),
            (!manifest.PostProcess.LargestPiece.Classes.Concat(manifest.PostProcess.Suppress).Concat(manifest.Judge.MaximumMl.Keys)
                .Concat(manifest.Judge.PatientRightToLeft).All(names.Contains), "a rule names a class that is not there"),
            (manifest.Judge.PatientRightToLeft.Count is not (0 or 2), "patientRightToLeft does not name two classes"),
            (manifest.Takes.SliceSpacingMm.Count != 2 || manifest.Takes.PixelSpacingMm.Count != 2, "a spacing range is not [from, to]"),
            (manifest.Fast is { DiceToFull: not (> 0 and <= 1) }, "the fast variant does not say what it costs"),
            (manifest.BudgetS is <= 0, "there is no time in the budget"),
            (manifest.Display.WindowWidth < 1, "the window has no width"),
        ];
        return rules.FirstOrDefault(rule => rule.Wrong).Text;
    }

    private static bool HasCodes(OrganClass organ) =>
        organ is { Category: not null, Type: not null, Rgb.Count: 3, RecommendedDisplayCIELab.Count: 3 };
}
