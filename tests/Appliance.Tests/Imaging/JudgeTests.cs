using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

public sealed class JudgeTests
{
    private const int Kidneys = 200;

    private static AppManifest Manifest => Package.App.Manifest;

    [Fact]
    public void The_golden_phantom_is_plausible()
    {
        ClassScores scores = Scores(Package.Bytes("phantom.labels.u8.tidy.bin"), 40);
        Assert.Empty(Judge.Remarks(scores.Labels, scores.Columns, Manifest));
    }

    [Fact]
    public void Finding_nothing_is_remarked()
    {
        ClassScores scores = Scores(new byte[4 * 128 * 128], 4);
        Assert.Equal(["None of the organs was found."], Judge.Remarks(scores.Labels, scores.Columns, Manifest));
    }

    [Fact]
    public void Exchanged_kidneys_are_remarked()
    {
        // x grows to the patient's left, so the right kidney belongs to low x.
        byte[] labels = new byte[4 * 128 * 128];
        labels.AsSpan(80, Kidneys / 10).Fill(Class("kidney_right"));
        labels.AsSpan(20, Kidneys / 10).Fill(Class("kidney_left"));
        ClassScores scores = Scores(labels, 4);
        Assert.Equal(["Right kidney was found to the left of left kidney."], Judge.Remarks(labels, scores.Columns, Manifest));
    }

    [Fact]
    public void An_organ_larger_than_any_is_remarked()
    {
        byte[] labels = new byte[20 * 128 * 128];
        labels.AsSpan(0, 200_000).Fill(Class("liver"));
        ClassScores scores = Scores(labels, 20);
        Assert.Equal(["Liver: 5400 ml is more than the plausible 5000 ml."], Judge.Remarks(labels, scores.Columns, Manifest));
    }

    [Fact]
    public void What_was_never_learned_is_offered_as_background_and_a_tumour_as_its_organ()
    {
        ClassRules rules = new(Manifest);
        Assert.Equal(0, rules.OfferedAs[Class("bladder")]);
        Assert.Equal(0, rules.OfferedAs[Class("pancreas")]);
        Assert.Equal(Class("liver"), rules.OfferedAs[Class("liver_tumour")]);
        Assert.Equal(
            ["liver", "spleen", "kidney_right", "kidney_left", "lung", "bone", "aorta", "stomach"],
            rules.Offered.Select(organ => organ.Name));
    }

    private static byte Class(string name) => (byte)Manifest.Classes.First(organ => organ.Name == name).Value;

    private static ClassScores Scores(byte[] labels, int slices)
    {
        ClassScores scores = new(slices, 128, 128, 12);
        labels.CopyTo(scores.Labels, 0);
        return scores;
    }
}
