using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>What a radiologist sees: OHIF over Orthanc's DICOMweb in a real Chromium.</summary>
public sealed class ViewerTests : IDisposable
{
    private const string SegmentationStorage = "1.2.840.10008.5.1.4.1.1.66.4";

    /// <summary>Loads the segmentation over the CT and tells each slice's voxels by segment, as the viewer has them.</summary>
    private const string LoadSegmentation = """
        (async () => {
          const segmentation = services.displaySetService.getActiveDisplaySets().find(each => each.Modality === 'SEG');
          await segmentation.load({ headers: {} });
          const viewportId = services.viewportGridService.getState().activeViewportId;
          await commandsManager.runCommand('hydrateSecondaryDisplaySet', { displaySet: segmentation, viewportId });
          const loaded = services.segmentationService.getSegmentations()[0];
          const counts = {};
          for (const imageId of loaded.representationData.Labelmap.imageIds) {
            const image = cornerstone.cache.getImage(imageId);
            const source = cornerstone.metaData.get('instance', image.referencedImageId).SOPInstanceUID;
            for (const value of image.voxelManager.getScalarData()) {
              if (value) {
                const ofSlice = counts[source] ??= {};
                ofSlice[loaded.segments[value].label] = (ofSlice[loaded.segments[value].label] ?? 0) + 1;
              }
            }
          }
          return JSON.stringify(counts);
        })()
        """;

    private const string SideBySide = """
        (async () => {
          const sets = services.displaySetService.getActiveDisplaySets();
          const viewports = [...services.viewportGridService.getState().viewports.keys()];
          services.viewportGridService.setDisplaySetsForViewports([1, 9003].map((number, i) => ({
            viewportId: viewports[i],
            displaySetInstanceUIDs: [sets.find(each => each.SeriesNumber == number).displaySetInstanceUID],
          })));
        })()
        """;

    private const string TheSameSlice = """
        (async () => {
          for (const id of services.viewportGridService.getState().viewports.keys()) {
            const viewport = services.cornerstoneViewportService.getCornerstoneViewport(id);
            await viewport.setImageIdIndex(45);
            viewport.resetCamera();
            viewport.render();
          }
        })()
        """;

    /// <summary>The viewer's own: nothing in the page says that all it had begun is drawn.</summary>
    private const string ThreeSeconds = "new Promise(done => setTimeout(done, 3000))";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void OHIF_shows_every_voxel_of_the_segmentation_over_the_CT_and_the_annotated_series_beside_it()
    {
        Place.Needs("Orthanc", "dcmsend", "chromium", "node");
        string viewers = Path.Combine(Place.Root, "tests", "viewers");
        Assert.SkipUnless(File.Exists(OrthancServer.DicomWebPlugin), "orthanc-dicomweb is not installed: make setup");
        Assert.SkipUnless(Directory.Exists(Path.Combine(viewers, "ohif")), "OHIF is not here: scripts/viewers");
        string series = Series.Make(scratch["phantom"], 41, "--slices", "90", "--thickness", "3", "--rows", "384", "--spacing", "1.05");
        using OrthancServer orthanc = new(scratch["orthanc"], dicomWeb: true);
        using (RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", orthanc.DicomPort)))
        {
            Command.Check("dcmsend", "-aec", RunningAppliance.AeTitle, "127.0.0.1", appliance.Port.ToString(), "+sd", "+r", series);
            appliance.WaitUntilDelivered(1, Limit);
        }

        orthanc.Download(scratch.Make("downloaded"));
        string segmentation = Series.Compare(series, scratch["downloaded"])
            .GetProperty("results").GetProperty(SegmentationStorage)[0].GetString()!;
        int port = Place.FreePort();
        using Process server = Command.Start("node", Path.Combine(viewers, "serve.mjs"), $"{port}", $"{orthanc.HttpPort}");
        try
        {
            Wait.Until(() => StoreScp.Listens(port), "the viewer's server", TimeSpan.FromSeconds(20));
            using Chromium browser = new(scratch["profile"], drawsVolumes: true);
            browser.Size(1600, 900);
            browser.Open($"http://127.0.0.1:{port}/viewer?StudyInstanceUIDs={StudyOf(segmentation)}");
            browser.Until("window.services?.displaySetService?.getActiveDisplaySets().length >= 4", Limit);
            browser.Until("services.cornerstoneViewportService.getCornerstoneViewport('default')?.getImageIds?.().length === 90", Limit);
            browser.Evaluate("[...document.querySelectorAll('*')].filter(each => each.textContent.trim() === 'Skip all').pop()?.click()");

            // Voxel for voxel what pydicom finds in the object: slice by slice, organ by organ.
            JsonNode shown = JsonNode.Parse((string)browser.Evaluate(LoadSegmentation)!)!;
            Assert.True(
                JsonNode.DeepEquals(JsonNode.Parse(Series.Python("segcounts.py", segmentation)), shown), shown.ToJsonString());

            browser.Evaluate("commandsManager.runCommand('setViewportGridLayout', { numRows: 1, numCols: 2 })");
            browser.Until("services.viewportGridService.getState().viewports.size === 2", Limit);
            browser.Evaluate(ThreeSeconds);
            browser.Evaluate(SideBySide);
            browser.Until("[...services.viewportGridService.getState()"
                + ".viewports.keys()].every(id => services.cornerstoneViewportService.getCornerstoneViewport(id)?.getImageIds?.()"
                + ".filter(each => cornerstone.cache.getImage(each)).length === 90)", Limit);
            browser.Evaluate(ThreeSeconds);
            browser.Evaluate(TheSameSlice);
            browser.Until("services.segmentationService.getSegmentationRepresentations('default').length === 1", Limit);
            browser.Evaluate(ThreeSeconds);
            string picture = Path.Combine(Directory.CreateDirectory(Path.Combine(Place.Root, "out", "pictures")).FullName, "ohif.png");
            browser.Screenshot(picture);
            using JsonDocument colours = JsonDocument.Parse(Series.Python("coloured.py", picture));
            Assert.All(colours.RootElement.EnumerateArray(), side => Assert.InRange(side.GetDouble(), 0.005, 0.5));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    private static string StudyOf(string file) =>
        Command.Check("dcmdump", "+P", "0020,000d", file).Split('[')[1].Split(']')[0];
}
