using System.Text.Json;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>Scanner in, originals and results out, judged by dcmtk, dciodvfy, pydicom and Orthanc.</summary>
public sealed class MainJobTests : IDisposable
{
    private const string SegmentationStorage = "1.2.840.10008.5.1.4.1.1.66.4";
    private const string SecondaryCaptureStorage = "1.2.840.10008.5.1.4.1.1.7";
    private const string Comprehensive3DSr = "1.2.840.10008.5.1.4.1.1.88.34";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("axial")]
    [InlineData("oblique")]
    [InlineData("feet-first")]
    [InlineData("sagittal")]
    public void Every_original_and_every_result_arrives_whatever_the_orientation(string orientation)
    {
        Place.Needs("storescp", "storescu", "dciodvfy");
        // A sagittal stack has to cross the whole body to hold what the app needs.
        string slicesMade = orientation == "sagittal" ? "140" : "70";
        string series = Series.Make(
            scratch["phantom"], 31,
            "--orientation", orientation, "--slices", slicesMade, "--thickness", "3", "--rows", "192", "--spacing", "2.1");
        using StoreScp receiver = new(scratch["received"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", receiver.Port));

        SendShuffledWithADuplicate(appliance, series);
        appliance.WaitUntilDelivered(1, Limit);

        JsonElement compared = Series.Compare(series, receiver.Folder);
        int slices = Series.Files(series).Length;
        Assert.Equal(slices, compared.GetProperty("identical").GetInt32());
        Assert.Equal(0, compared.GetProperty("missing").GetArrayLength());
        JsonElement results = compared.GetProperty("results");
        Assert.Equal(1, results.GetProperty(SegmentationStorage).GetArrayLength());
        Assert.Equal(1, results.GetProperty(Comprehensive3DSr).GetArrayLength());
        Assert.Equal(slices, results.GetProperty(SecondaryCaptureStorage).GetArrayLength());
        AssertNoErrors(results);
        AssertMask(results.GetProperty(SegmentationStorage)[0].GetString()!, series);
    }

    [Fact]
    public void Orthanc_holds_the_originals_as_they_were_and_the_results_in_the_same_study()
    {
        Place.Needs("Orthanc", "dcmsend");
        string series = Series.Make(scratch["phantom"], 32, "--slices", "70", "--thickness", "3", "--rows", "192", "--spacing", "2.1");
        using OrthancServer orthanc = new(scratch["orthanc"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", orthanc.DicomPort));

        Command.Check("dcmsend", "-aec", RunningAppliance.AeTitle, "127.0.0.1", appliance.Port.ToString(), "+sd", "+r", series);
        appliance.WaitUntilDelivered(1, Limit);

        orthanc.Download(scratch.Make("downloaded"));
        JsonElement compared = Series.Compare(series, scratch["downloaded"]);
        Assert.Equal(Series.Files(series).Length, compared.GetProperty("identical").GetInt32());
        Assert.True(compared.GetProperty("results").TryGetProperty(SegmentationStorage, out _));
        Assert.Equal(1, orthanc.StudyCount());
    }

    [Fact]
    public void Real_CT_is_segmented_as_well_as_the_model_package_says()
    {
        Place.Needs("storescp");
        Place.NeedsShared("data/ct-abdomen-20");
        using StoreScp receiver = new(scratch["received"], options: ["+xa"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", receiver.Port));
        string source = Path.Combine(Place.Shared, "data", "ct-abdomen-20");

        Command.Check(
            Place.Phantom, "send", "--folder", source, "--to", $"127.0.0.1:{appliance.Port}", "--called", RunningAppliance.AeTitle,
            "--rate", "50",
            "--order", "random", "--keep", scratch["sent"]);
        appliance.WaitUntilDelivered(1, Limit);

        JsonElement compared = Series.Compare(scratch["sent"], receiver.Folder);
        Assert.Equal(20, compared.GetProperty("identical").GetInt32());
        string segmentation = compared.GetProperty("results").GetProperty(SegmentationStorage)[0].GetString()!;
        using JsonDocument dice = JsonDocument.Parse(
            Series.Python("dice.py", segmentation, scratch["sent"], Path.Combine(Place.Shared, "data", "ct-abdomen-20.labels.nii.gz")));
        TestContext.Current.TestOutputHelper!.WriteLine(dice.RootElement.GetRawText());
        // data/models/ct-organs/README.md: u8, tidied, against TotalSegmentator's labels.
        Assert.InRange(dice.RootElement.GetProperty("liver").GetDouble(), 0.939, 0.959);
    }

    [Theory]
    [InlineData("localizer", "no app")]
    [InlineData("gap", "IrregularGeometry")]
    [InlineData("mixed orientations", "IrregularGeometry")]
    [InlineData("no positions", "MissingGeometry")]
    [InlineData("JPEG-LS", "transfer syntax")]
    public void What_cannot_be_analysed_leaves_all_the_same_with_its_reason(string kind, string reason)
    {
        Place.Needs("storescp", "dcmsend", "dcmodify", "dcmcjpls");
        string series = Series.Make(scratch["phantom"], 33, "--slices", "70", "--thickness", "3", "--rows", "128", "--spacing", "3.2");
        string[] files = Series.Files(series);
        Spoil(kind, files);

        using StoreScp receiver = new(scratch["received"], options: ["+xa"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", receiver.Port));
        Command.Check("dcmsend", "-dn", "-aec", RunningAppliance.AeTitle, "127.0.0.1", appliance.Port.ToString(), "+sd", "+r", series);
        JsonElement status = appliance.WaitUntilDelivered(1, Limit);

        Assert.Equal(Series.Files(series).Length, Series.Compare(series, receiver.Folder).GetProperty("identical").GetInt32());
        Assert.Contains(
            reason,
            status.GetProperty("studies")[0].GetProperty("not_analysed").GetString()!,
            StringComparison.OrdinalIgnoreCase);
    }

    private static void Spoil(string kind, string[] files)
    {
        switch (kind)
        {
            case "localizer":
                Command.Check("dcmodify", ["-nb", "-m", "(0008,0008)=ORIGINAL\\PRIMARY\\LOCALIZER", .. files]);
                break;
            case "gap":
                Array.ForEach(files[30..36], File.Delete);
                break;
            case "mixed orientations":
                Command.Check("dcmodify", ["-nb", "-m", "(0020,0037)=1\\0\\0\\0\\0\\-1", .. files[60..]]);
                break;
            case "no positions":
                Command.Check("dcmodify", ["-nb", "-ea", "(0020,0032)", .. files]);
                break;
            default:
                Array.ForEach(files, file => Command.Check("dcmcjpls", file, file));
                break;
        }
    }

    private static void AssertNoErrors(JsonElement results)
    {
        foreach (JsonProperty sopClass in results.EnumerateObject())
        {
            // Of the hundreds of annotated slices the first and the last stand for all: they are made by the same lines.
            JsonElement[] paths = [.. sopClass.Value.EnumerateArray()];
            foreach (JsonElement path in paths.Length > 2 ? [paths[0], paths[^1]] : paths)
            {
                Assert.Empty(Series.DciodvfyErrors(path.GetString()!));
            }
        }
    }

    private void AssertMask(string segmentation, string series)
    {
        string labels = OurLabels.Write(series, scratch["labels.raw"]);
        using JsonDocument judged = JsonDocument.Parse(Series.Python("mask.py", segmentation, series, labels));
        TestContext.Current.TestOutputHelper!.WriteLine(judged.RootElement.GetRawText());
        Assert.True(judged.RootElement.GetProperty("voxels").GetInt64() > 1000, "an empty mask proves nothing");
        Assert.Equal(0, judged.RootElement.GetProperty("wrong").GetInt64());
    }

    private static void SendShuffledWithADuplicate(RunningAppliance appliance, string series)
    {
        string[] files = Series.Files(series);
        Random.Shared.Shuffle(files);
        string[] withDuplicate = [.. files[..(files.Length / 2)], files[0], .. files[(files.Length / 2)..]];
        Command.Check("storescu", ["-R", "-aec", RunningAppliance.AeTitle, "127.0.0.1", appliance.Port.ToString(), .. withDuplicate]);
    }
}
