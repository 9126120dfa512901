using System.Text.Json;
using System.Text.Json.Nodes;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;

namespace Appliance.SystemTests;

/// <summary>The label volume of a series as the library computes it here, for a judge to compare with what the daemon sent.</summary>
internal static class OurLabels
{
    /// <summary>Analyses the files of a folder and writes raw labels and their index (see Judges/mask.py).</summary>
    /// <returns>The path of the raw file.</returns>
    public static string Write(string series, string path)
    {
        Outcome<App> loaded = App.Load(Path.Combine(Place.Binaries, "apps", "ct-organs"));
        using App app = loaded.Value ?? throw new InvalidOperationException(loaded.Refusal!.ToString());
        SeriesRun run = new(app, TimeProvider.System);
        foreach (string file in Series.Files(series))
        {
            DicomFile slice = DicomFileReader.Read(File.ReadAllBytes(file)).Value ?? throw new InvalidOperationException(file);
            if (run.SliceArrives(slice) is Refusal refusal)
            {
                throw new InvalidOperationException(refusal.ToString());
            }
        }

        Outcome<Analysis> analysed = run.SeriesIsComplete();
        Analysis analysis = analysed.Value ?? throw new InvalidOperationException(analysed.Refusal!.ToString());
        File.WriteAllBytes(path, analysis.Labels);
        JsonObject values = [];
        foreach (OrganVolume organ in analysis.Organs)
        {
            values[organ.Organ.Value.ToString()] = new JsonObject { ["segment"] = organ.Organ.DisplayName };
        }

        JsonArray slices = [.. analysis.Sources.Select(source => (JsonNode)source.GetString(Tags.SOPInstanceUID)!)];
        File.WriteAllText(
            path + ".json",
            new JsonObject { ["slices"] = slices, ["values"] = values }.ToJsonString(JsonSerializerOptions.Default));
        return path;
    }
}
