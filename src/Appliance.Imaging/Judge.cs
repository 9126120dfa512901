namespace Appliance.Imaging;

/// <summary>Stage 4: tidies the labels on the grid and asks whether they can be true.</summary>
public static class Judge
{
    /// <summary>Tidied labels [z][y][x] on the grid (model package, step 8).</summary>
    public static byte[] Tidy(ClassScores scores, ClassRules rules)
    {
        byte[] labels = [.. scores.Labels];
        Tidy(labels, scores.Rows, scores.Columns, rules);
        return labels;
    }

    /// <summary>The same in place.</summary>
    public static void Tidy(byte[] labels, int rows, int columns, ClassRules rules)
    {
        rules.Apply(labels);
        Pieces.KeepLargest(labels, rows, columns, rules.LargestPiece);
    }

    /// <summary>What a reader should know before trusting the result; empty where nothing is odd. Never corrects anything.</summary>
    public static IReadOnlyList<string> Remarks(byte[] labels, int columns, AppManifest manifest)
    {
        List<string> remarks = [];
        long[] counts = new long[256];
        long[] sumX = new long[256];
        for (int i = 0; i < labels.Length; i++)
        {
            counts[labels[i]]++;
            sumX[labels[i]] += i % columns;
        }

        double voxelMl = Math.Pow(Prepare.GridSpacingMm, 3) / 1000;
        foreach (OrganClass organ in manifest.Classes)
        {
            if (manifest.Judge.MaximumMl.TryGetValue(organ.Name, out double maximum) && counts[organ.Value] * voxelMl > maximum)
            {
                remarks.Add($"{organ.DisplayName}: {counts[organ.Value] * voxelMl:0} ml is more than the plausible {maximum:0} ml.");
            }
        }

        if (counts.Skip(1).All(count => count == 0))
        {
            remarks.Add("None of the organs was found.");
        }

        if (manifest.Judge.PatientRightToLeft is [string right, string left]
            && manifest.Classes.First(organ => organ.Name == right) is { } rightOrgan
            && manifest.Classes.First(organ => organ.Name == left) is { } leftOrgan
            && counts[rightOrgan.Value] > 0 && counts[leftOrgan.Value] > 0
            && sumX[rightOrgan.Value] / (double)counts[rightOrgan.Value] > sumX[leftOrgan.Value] / (double)counts[leftOrgan.Value])
        {
            remarks.Add($"{rightOrgan.DisplayName} was found to the left of {leftOrgan.DisplayName.ToLowerInvariant()}.");
        }

        return remarks;
    }
}
