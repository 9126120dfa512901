using System.Text.Json;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;
using Judge = Appliance.Tests.Dicom.Objects.Judge;

namespace Appliance.Tests.Imaging;

/// <summary>Segmentations through the adapter of cornerstone, which OHIF loads them with: dcmjs reads, every voxel is compared.</summary>
public sealed class AdapterTests
{
    private static readonly string Viewers = Path.Combine(Package.Root, "tests", "viewers");

    [Theory]
    [InlineData(ResultKind.Segmentation, 3, 2, 1)]
    [InlineData(ResultKind.Segmentation, 1, -3, 2)]
    [InlineData(ResultKind.SegmentationOfAllFrames, 3, 2, 1)]
    [InlineData(ResultKind.LabelMap, 3, 2, 1)]
    [InlineData(ResultKind.LabelMap, -3, 2, -1)]
    [InlineData(ResultKind.LabelMap, 1, -3, 2)]
    public void Every_voxel_is_on_the_grid_of_the_source(ResultKind kind, int slices, int rows, int columns)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/node"), "node is not installed (apt-get install nodejs npm)");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Viewers, "node_modules")), "the viewers are not here: scripts/viewers");
        (Analysis analysis, Dictionary<string, DicomFile> sources) = AnnotateTests.Analyse(
            AnnotateTests.Body.Value.Series(slices, rows, columns));
        Annotate annotate = Package.Value(Annotate.Of(
            analysis, AnnotateTests.Equipment, TimeProvider.System, new HashSet<ResultKind> { kind }));
        Result segmentation = annotate.Documents.Single(result => result.Kind == kind);

        using Judge judge = new();
        string folder = Directory.CreateDirectory(judge.PathOf("sources")).FullName;
        foreach ((string uid, DicomFile source) in sources)
        {
            judge.Write(Path.Combine(folder, uid), source.DataSet);
        }

        (int status, string output) = Judge.Run(
            "/usr/bin/node", Path.Combine(Viewers, "adapters.mjs"), judge.Write("seg.dcm", segmentation.File.DataSet), folder,
            judge.Write("labels", analysis.Labels), judge.Write("expect.json", JsonSerializer.SerializeToUtf8Bytes(new
            {
                slices = analysis.Sources.Select(source => source.GetString(Tags.SOPInstanceUID)),
                values = analysis.Organs.ToDictionary(organ => organ.Organ.DisplayName, organ => organ.Organ.Value),
            })));

        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.True(status == 0, output);
    }
}
