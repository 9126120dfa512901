using System.Text.Json;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;
using Judge = Appliance.Tests.Dicom.Objects.Judge;

namespace Appliance.Tests.Imaging;

/// <summary>Outlines as a presentation state, judged by pydicom, dciodvfy and dcmtk's reader of presentation states.</summary>
public sealed class PresentationTests
{
    [Theory]
    [InlineData(3, 2, 1)]
    [InlineData(1, -3, 2)]
    public void Its_outlines_are_the_borders_of_the_organs_and_its_window_is_the_apps(int slices, int rows, int columns)
    {
        Judge.AreHere();
        (Analysis analysis, Dictionary<string, DicomFile> sources) = AnnotateTests.Analyse(
            AnnotateTests.Body.Value.Series(slices, rows, columns));
        foreach (DicomFile source in sources.Values)
        {
            // dcmpschk takes a patient without a name for an error.
            source.DataSet.SetString(Tags.PatientName, Vr.PN, "Phantom^Paula").SetString(Tags.PatientID, Vr.LO, "P-1")
                .SetString(Tags.PatientSex, Vr.CS, "O").SetString(Tags.PatientBirthDate, Vr.DA, "19700101");
        }

        Annotate annotate = Package.Value(Annotate.Of(analysis, AnnotateTests.Equipment, TimeProvider.System));
        using Pictures pictures = new(
            annotate.Notes,
            annotate.Segmentation?.DataSet,
            AnnotateTests.Equipment,
            slice => AnnotateTests.SourceOf(sources, analysis, slice));

        Result state = pictures.Draw(Assert.Single(annotate.Notes.All(ResultKind.Presentation)))!;

        using Judge judge = new();
        string file = judge.Write("gsps.dcm", state.File.DataSet);
        (int status, string output) = Judge.Run(
            "/usr/bin/python3", Path.Combine(Package.Root, "tests/Appliance.Tests/Imaging/Judges/gsps.py"),
            file, judge.Write("labels", analysis.Labels), judge.Write("expect.json", Expectation(analysis)));
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.True(status == 0, output);
        Judge.DciodvfyFindsNoError(file);
        (int checkedStatus, string said) = Judge.Run("dcmpschk", "-v", file);
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.True(checkedStatus == 0 && said.Contains("Test passed", StringComparison.Ordinal), said);

        // dcmtk draws it: the window of the app, and the outlines as bitmap beside it.
        string image = judge.Write("image.dcm", AnnotateTests.SourceOf(sources, analysis, analysis.Sources.Count / 2).DataSet);
        (int drawn, string how) = Judge.Run("dcmp2pgm", "-p", file, image, judge.PathOf("drawn.pgm"));
        Assert.True(drawn == 0, how);
        Assert.True(File.ReadAllBytes(judge.PathOf("drawn.pgm")).Distinct().Count() > 50, "the picture is empty");
    }

    [Fact]
    public void Pixels_that_touch_at_a_corner_have_outlines_of_their_own_and_a_hole_has_one_too()
    {
        byte[] labels =
        [
            1, 0, 0, 0, 0,
            0, 1, 1, 1, 0,
            0, 1, 0, 1, 0,
            0, 1, 1, 1, 2,
        ];

        IReadOnlyList<IReadOnlyList<(float X, float Y)>> borders = new Outlines(4, 5).Of(labels, 1);

        Assert.Equal(
            [
                [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)],
                [(1, 1), (4, 1), (4, 4), (1, 4), (1, 1)],
                [(2, 3), (3, 3), (3, 2), (2, 2), (2, 3)],
            ],
            borders.Select(border => border.Select(point => ((int)point.X, (int)point.Y)).ToArray()).ToArray());
        Assert.Empty(new Outlines(4, 5).Of(labels, 3));
    }

    private static byte[] Expectation(Analysis analysis)
    {
        DataSet first = analysis.Sources[0];
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            rows = analysis.Stack.Rows,
            columns = analysis.Stack.Columns,
            slices = analysis.Sources.Select(source => source.GetString(Tags.SOPInstanceUID)),
            organs = analysis.Organs.ToDictionary(organ => organ.Organ.DisplayName.ToUpperInvariant(), organ => organ.Organ.Value),
            slope = first.GetDouble(Tags.RescaleSlope),
            intercept = first.GetDouble(Tags.RescaleIntercept),
            window = new[] { analysis.Manifest.Display.WindowCenter, analysis.Manifest.Display.WindowWidth },
        });
    }
}
