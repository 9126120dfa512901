using System.Text.Json;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>The whole way from image files to results, judged by pydicom and dciodvfy.</summary>
public sealed class AnnotateTests
{
    internal static readonly EquipmentIdentification Equipment = new("Appliance", "Appliance", "1", "0.1.0");

    internal static readonly Lazy<PatientVolume> Body = new(() => PatientVolume.Phantom(128, 144, 40));

    [Theory]
    [InlineData("axial", 3, 2, 1)]
    [InlineData("axial, feet first", -3, 2, -1)]
    [InlineData("sagittal", 1, -3, 2)]
    [InlineData("coronal", 2, -3, 1)]
    public void A_segmentation_lies_where_the_organs_are(string name, int slices, int rows, int columns)
    {
        Dicom.Objects.Judge.AreHere();
        PatientVolume body = Body.Value;
        (Analysis analysis, Dictionary<string, DicomFile> _) = Analyse(body.Series(slices, rows, columns));
        byte[] labels = body.ToPatientOrder(analysis.Labels, analysis.Stack);
        Annotate annotate = Package.Value(Annotate.Of(analysis, Equipment, TimeProvider.System));

        using Dicom.Objects.Judge judge = new();
        byte[] grid = JsonSerializer.SerializeToUtf8Bytes(new
        {
            counts = body.Counts,
            spacing = body.Spacing,
            origin = new[] { body.Origin.X, body.Origin.Y, body.Origin.Z },
            values = analysis.Organs.ToDictionary(organ => organ.Organ.DisplayName, organ => organ.Organ.Value),
        });
        (int status, string output) = Dicom.Objects.Judge.Run(
            "/usr/bin/python3", Path.Combine(Package.Root, "tests/Appliance.Tests/Imaging/Judges/patient.py"),
            judge.Write("seg.dcm", annotate.Segmentation!.DataSet), judge.Write("labels", labels), judge.Write("grid.json", grid));
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {output}");
        Assert.True(status == 0, output);
    }

    [Fact]
    public void Dciodvfy_finds_no_error_in_any_result()
    {
        Dicom.Objects.Judge.AreHere();
        (Analysis analysis, Dictionary<string, DicomFile> sources) = Analyse(Body.Value.Series(3, 2, 1));
        Annotate annotate = Package.Value(Annotate.Of(analysis, Equipment, TimeProvider.System));
        DicomFile[] results = [.. Results(annotate, analysis, sources).Take(3)];
        Assert.Equal(
            [Uids.SegmentationStorage, Uids.Comprehensive3DSRStorage, Uids.SecondaryCaptureImageStorage],
            results.Select(result => result.DataSet.GetString(Tags.SOPClassUID)));
        using Dicom.Objects.Judge judge = new();
        foreach (DicomFile result in results)
        {
            Dicom.Objects.Judge.DciodvfyFindsNoError(judge.Write(result.SopInstanceUid!, result.DataSet));
        }
    }

    /// <summary>A receiver that had got some of the results when the power went must not end up with two of them.</summary>
    [Fact]
    public void An_analysis_made_again_makes_the_same_objects_and_one_of_other_slices_does_not()
    {
        (DataSet Header, float[] Hu)[] series = Body.Value.Series(3, 2, 1);
        string[] first = Uids(series), again = Uids(series), fewer = Uids(series[1..]);

        Assert.Equal(first, again);
        Assert.Empty(first.Intersect(fewer));

        static string[] Uids((DataSet Header, float[] Hu)[] series)
        {
            (Analysis analysis, Dictionary<string, DicomFile> sources) = Analyse(series);
            Annotate annotate = Package.Value(Annotate.Of(analysis, Equipment, TimeProvider.System));
            return [.. Results(annotate, analysis, sources).Take(3).Select(result => result.SopInstanceUid!)];
        }
    }

    [Fact]
    public void Every_slice_gets_a_picture_at_its_place_and_without_a_name()
    {
        (Analysis analysis, Dictionary<string, DicomFile> sources) = Analyse(Body.Value.Series(3, 2, 1));
        Annotate annotate = Package.Value(Annotate.Of(analysis, Equipment, TimeProvider.System));
        DataSet[] pictures = [.. Results(annotate, analysis, sources).Skip(2).Select(result => result.DataSet)];
        Assert.Equal(analysis.Sources.Count, pictures.Length);
        foreach ((DataSet picture, DataSet source) in pictures.Zip(analysis.Sources))
        {
            Assert.Equal(source.GetDoubles(Tags.ImagePositionPatient), picture.GetDoubles(Tags.ImagePositionPatient));
            Assert.Equal(source.GetDoubles(Tags.PixelSpacing), picture.GetDoubles(Tags.PixelSpacing));
            Assert.Equal("NO", picture.GetString(Tags.BurnedInAnnotation));
            Assert.True(picture.GetInteger(Tags.Columns) > analysis.Stack.Columns);
        }
    }

    [Fact]
    public void Pictures_are_drawn_from_the_segmentation_as_from_the_labels_and_under_the_names_written_down()
    {
        (Analysis analysis, Dictionary<string, DicomFile> sources) = Analyse(Body.Value.Series(3, 2, 1));
        Annotate annotate = Package.Value(Annotate.Of(analysis, Equipment, TimeProvider.System));
        DicomFile[] pictures = [.. Results(annotate, analysis, sources).Skip(2)];
        SlicePainter painter = Painter(analysis);
        for (int slice = 0; slice < pictures.Length; slice++)
        {
            byte[] rgb = Package.Value(painter.Paint(analysis.LabelsOf(slice), SourceOf(sources, analysis, slice)));
            Assert.Equal(rgb, pictures[slice].DataSet.GetBytes(Tags.PixelData).ToArray());
            Assert.Equal(annotate.Notes.PictureUid(slice), pictures[slice].SopInstanceUid);
        }
    }

    [Fact]
    public void A_picture_is_grey_where_nothing_was_found_and_tinted_where_an_organ_is()
    {
        (Analysis analysis, Dictionary<string, DicomFile> sources) = Analyse(Body.Value.Series(3, 2, 1));
        SlicePainter painter = Painter(analysis);
        int slice = analysis.Sources.Count / 2;
        byte[] rgb = Package.Value(painter.Paint(analysis.LabelsOf(slice), SourceOf(sources, analysis, slice)));
        ReadOnlySpan<byte> labels = analysis.LabelsOf(slice);
        int tinted = 0;
        for (int row = 2; row < analysis.Stack.Rows - 2; row++)
        {
            for (int column = 2; column < analysis.Stack.Columns - 2; column++)
            {
                ReadOnlySpan<byte> pixel = rgb.AsSpan(((row * painter.Columns) + column) * 3, 3);
                int label = labels[(row * analysis.Stack.Columns) + column];
                bool grey = pixel[0] == pixel[1] && pixel[1] == pixel[2];
                Assert.True(label == 0 || !grey, $"no colour on class {label} at row {row}, column {column}");
                Assert.True(
                    grey || HasLabelNear(labels, analysis.Stack.Columns, row, column), $"colour far from any organ at {row}, {column}");
                tinted += grey ? 0 : 1;
            }
        }

        Assert.True(tinted > 1000);
    }

    [Fact]
    public void The_legend_is_the_same_beside_every_slice()
    {
        (Analysis analysis, Dictionary<string, DicomFile> sources) = Analyse(Body.Value.Series(3, 2, 1));
        SlicePainter painter = Painter(analysis);
        byte[] first = Strip(3), second = Strip(20);
        Assert.Equal(first, second);
        Assert.True(first.Distinct().Count() > 20, "the strip is empty");

        byte[] Strip(int slice)
        {
            byte[] rgb = Package.Value(painter.Paint(analysis.LabelsOf(slice), SourceOf(sources, analysis, slice)));
            int from = analysis.Stack.Columns * 3, stride = painter.Columns * 3;
            return [.. Enumerable.Range(0, painter.Rows).SelectMany(row => rgb[((row * stride) + from)..((row + 1) * stride)])];
        }
    }

    [Fact]
    public void Real_CT_becomes_pictures()
    {
        RealCtTests.SkipWithoutData();
        DicomFile[] sources = RealCtTests.InOrder();
        SlicePainter painter = Painter(RealCtTests.Result);
        Directory.CreateDirectory(Path.Combine(Package.Root, "out", "imaging"));
        foreach (int slice in new[] { 2, 10, 17 })
        {
            byte[] png = Package.Value(painter.PaintPng(RealCtTests.Result.LabelsOf(slice), sources[slice]));
            Assert.Equal<byte>([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
            File.WriteAllBytes(Path.Combine(Package.Root, "out", "imaging", $"ct-abdomen-20.{slice}.png"), png);
        }

        Assert.Equal((512, 732), (painter.Rows, painter.Columns));
    }

    private static bool HasLabelNear(ReadOnlySpan<byte> labels, int columns, int row, int column)
    {
        bool near = false;
        for (int y = row - 2; y <= row + 2; y++)
        {
            near |= labels.Slice((y * columns) + column - 2, 5).ContainsAnyExcept((byte)0);
        }

        return near;
    }

    /// <summary>Segmentation and report, then the pictures, drawn from the segmentation as it is delivered.</summary>
    private static IEnumerable<DicomFile> Results(Annotate annotate, Analysis analysis, Dictionary<string, DicomFile> sources)
    {
        PictureNotes notes = JsonSerializer.Deserialize(
            JsonSerializer.Serialize(annotate.Notes, PictureNotesJson.Default.PictureNotes), PictureNotesJson.Default.PictureNotes)!;
        using Pictures pictures = new(notes, annotate.Segmentation?.DataSet, Equipment, slice => SourceOf(sources, analysis, slice));
        return annotate.Documents.Concat(
            notes.All(ResultKind.Picture).Select(drawing => pictures.Draw(drawing)!))
            .Select(result => result.File);
    }

    private static SlicePainter Painter(Analysis analysis) => new(
        Package.Value(Annotate.Of(analysis, Equipment, TimeProvider.System)).Notes, analysis.Stack.Rows, analysis.Stack.Columns);

    internal static DicomFile SourceOf(Dictionary<string, DicomFile> sources, Analysis analysis, int slice) =>
        sources[analysis.Sources[slice].GetString(Tags.SOPInstanceUID)!];

    internal static (Analysis Analysis, Dictionary<string, DicomFile> Sources) Analyse((DataSet Header, float[] Hu)[] series)
    {
        SeriesRun run = new(Package.App, TimeProvider.System);
        DicomFile[] files = [.. series.Select(slice => PatientVolume.File(slice.Header, slice.Hu))];
        foreach (DicomFile file in files)
        {
            Refusal? refusal = run.SliceArrives(file);
            Assert.Null(refusal);
        }

        return (Package.Value(run.SeriesIsComplete()), files.ToDictionary(file => file.SopInstanceUid!));
    }
}
