using Appliance.Imaging.Launch;

namespace Appliance.Imaging;

/// <summary>Stage 4: tidies the labels on the grid and asks whether they can be true.</summary>
public static class Judge
{
    /// <summary>Tidied labels [z][y][x] on the grid (model package, step 8).</summary>
    public static byte[] Tidy(ClassScores scores, ClassRules rules, Deadline? until = null)
    {
        byte[] labels = [.. scores.Labels];
        Tidy(labels, scores.Rows, scores.Columns, rules, until);
        return labels;
    }

    /// <summary>The same in place.</summary>
    public static void Tidy(byte[] labels, int rows, int columns, ClassRules rules, Deadline? until = null)
    {
        until?.Check();
        rules.Apply(labels);
        Pieces.KeepLargest(labels, rows, columns, rules.LargestPiece, until);
        until?.Check();
    }

    /// <summary>What a reader should know before trusting the result; empty where nothing is odd. Never corrects anything.</summary>
    public static IReadOnlyList<string> Remarks(byte[] labels, int columns, AppManifest manifest)
    {
        List<string> remarks = [];
        LabelPlaces places = LabelPlaces.Of(labels, labels.Length / columns, columns);
        double voxelMl = Math.Pow(Prepare.GridSpacingMm, 3) / 1000;
        foreach (OrganClass organ in manifest.Classes)
        {
            if (manifest.Judge.MaximumMl.TryGetValue(organ.Name, out double maximum) && places.Count(organ.Value) * voxelMl > maximum)
            {
                remarks.Add($"{organ.DisplayName}: {places.Count(organ.Value) * voxelMl:0} ml is more than the plausible {maximum:0} ml.");
            }
        }

        if (Enumerable.Range(1, 255).All(label => places.Count(label) == 0))
        {
            remarks.Add("None of the organs was found.");
        }

        if (manifest.Judge.PatientRightToLeft is [string right, string left]
            && manifest.Classes.First(organ => organ.Name == right) is { } rightOrgan
            && manifest.Classes.First(organ => organ.Name == left) is { } leftOrgan
            && places.Count(rightOrgan.Value) > 0 && places.Count(leftOrgan.Value) > 0
            && places.MeanColumn(rightOrgan.Value) > places.MeanColumn(leftOrgan.Value))
        {
            remarks.Add($"{rightOrgan.DisplayName} was found to the left of {leftOrgan.DisplayName.ToLowerInvariant()}.");
        }

        return remarks;
    }
}
