using Appliance.Core;
using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>Enhanced CT, made of the classic slices by pydicom, beside these slices themselves.</summary>
public sealed class MultiFrameTests
{
    private static readonly string Judge = Path.Combine(Package.Root, "tests/Appliance.Tests/Imaging/Judges/enhanced.py");

    private static string Ct => Path.Combine(Package.Root, "..", "shared", "data", "ct-abdomen-20");

    [Theory]
    [InlineData("native")]
    [InlineData("encapsulated")]
    public void An_enhanced_image_gets_the_labels_of_its_slices_and_results_refer_to_its_frames(string form)
    {
        Dicom.Objects.Judge.AreHere();
        RealCtTests.SkipWithoutData();
        using Dicom.Objects.Judge judge = new();
        string path = judge.Write("enhanced.dcm", Array.Empty<byte>());
        Python("make", Ct, path, form);
        DicomFile enhanced = Read(path);

        Analysis classic = Analyse(RealCtTests.Slices());
        Analysis multi = Analyse([enhanced]);

        Assert.Equal(20, multi.Sources.Count);
        Assert.Equal(0, Package.Different(multi.Labels, classic.Labels));
        Assert.NotEqual(multi.Frames.Select(frame => frame ?? 0).Order(), multi.Frames.Select(frame => frame ?? 0));

        Annotate annotate = Package.Value(Annotate.Of(
            multi, new EquipmentIdentification("Appliance", "Appliance", "1", "0.1.0"), TimeProvider.System));
        string segmentation = judge.Write("seg.dcm", annotate.Segmentation!.DataSet);
        TestContext.Current.TestOutputHelper?.WriteLine(Python("judge", path, segmentation));
        Dicom.Objects.Judge.DciodvfyFindsNoError(segmentation);
        Dicom.Objects.Judge.DciodvfyFindsNoError(judge.Write("sr.dcm", annotate.Report.DataSet));

        PictureNotes notes = annotate.Notes;
        Pictures pictures = new(
            notes, annotate.Segmentation.DataSet, new EquipmentIdentification("Appliance", "Appliance", "1", "0.1.0"),
            slice => SourceFrames.Find(enhanced, notes.Frames?[slice]));
        Result picture = pictures.Draw(new Drawing(ResultKind.Picture, 10))!;
        Assert.Equal(
            multi.Frames[10],
            (int)picture.File.DataSet.GetItem(Tags.SourceImageSequence)!.GetInteger(Tags.ReferencedFrameNumber)!);
        Dicom.Objects.Judge.DciodvfyFindsNoError(judge.Write("sc.dcm", picture.File.DataSet));
    }

    [Theory]
    [InlineData("dicomparser/testImages/encapsulated/multi-frame/IM00001.implicit_little_endian.dcm", "US")]
    [InlineData("pydicom/src/pydicom/data/test_files/examples_ybr_color.dcm", "US")]
    [InlineData("dcmjs/test/cine-test.dcm", "MR")]
    public void A_real_cine_is_refused_by_name(string file, string modality)
    {
        Refusal? refusal = Package.App.Takes(Read(Dicom.Data.Corpus.Unpacked(file)).DataSet);

        Assert.Equal(RefusalReason.NoApp, refusal?.Reason);
        Assert.Contains($"modality {modality} is not CT", refusal!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_real_enhanced_image_is_taken_apart_into_frames_that_decode_as_the_whole_does()
    {
        DicomFile image = Read(Dicom.Data.Corpus.Unpacked("dcmjs/test/cine-test.dcm"));

        IReadOnlyList<SourceFrame> frames = Package.Value(SourceFrames.Of(image));

        Assert.Equal(Enumerable.Range(1, 8).Select(number => (int?)number), frames.Select(frame => frame.Number));
        for (int i = 0; i < frames.Count; i++)
        {
            byte[] expected = PixelDataReader.Decode(image, i).Value!.Pixels.ToArray();
            Assert.Equal(expected, PixelDataReader.Decode(frames[i].File, 0).Value!.Pixels.ToArray());
            Assert.False(SliceGeometry.FromHeader(frames[i].File.DataSet).Refused);
        }
    }

    private static DicomFile Read(string path) => DicomFileReader.Read(File.ReadAllBytes(path)).Value!;

    private static string Python(params string[] arguments)
    {
        (int status, string output) = Dicom.Objects.Judge.Run("/usr/bin/python3", [Judge, .. arguments]);
        Assert.True(status == 0, output);
        return output;
    }

    private static Analysis Analyse(IEnumerable<DicomFile> images)
    {
        SeriesRun run = new(Package.App, TimeProvider.System);
        foreach (DicomFile image in images)
        {
            Assert.Null(run.SliceArrives(image));
        }

        return Package.Value(run.SeriesIsComplete());
    }
}
