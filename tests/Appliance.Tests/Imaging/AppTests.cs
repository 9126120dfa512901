using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

public sealed class AppTests
{
    /// <summary>Of the second in which the appliance has to be ready; some 20 ms are needed.</summary>
    private const double LoadBudgetMs = 300;

    [Fact]
    public void The_installed_app_loads_within_its_time()
    {
        TimeProvider time = TimeProvider.System;
        _ = Package.App; // ONNX Runtime itself is loaded once a process.
        long start = time.GetTimestamp();
        using App app = Package.Value(App.Load(Package.Folder, Package.NoGpu));
        double ms = time.GetElapsedTime(start).TotalMilliseconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"loaded in {ms:0} ms");
        Assert.InRange(ms, 0, LoadBudgetMs);
        Assert.Equal("ct-organs 0.1.0", app.NameAndVersion);
        Assert.False(app.Network.OnGpu);
        Assert.Equal("the test asks for the CPU", app.Network.GpuAbsence);
    }

    [Fact]
    public void Without_a_GPU_the_reason_is_a_value()
    {
        GpuProbe probe = GpuProbe.Look();
        TestContext.Current.TestOutputHelper?.WriteLine($"GPU: {probe.Absence ?? "usable"}");
        Assert.Equal(probe.Usable, probe.Absence is null);
        Assert.SkipWhen(File.Exists("/dev/nvidiactl"), "this machine has an NVIDIA device");
        Assert.False(probe.Usable);
    }

    [Theory]
    [InlineData("model.u8.onnx")]
    [InlineData("model.fp32.onnx")]
    [InlineData("golden/golden.json")]
    [InlineData("golden/slice20.input.bin")]
    public void A_changed_file_is_refused_by_its_name(string file)
    {
        string folder = Copy();
        byte[] bytes = File.ReadAllBytes(Path.Combine(folder, file));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(folder, file), bytes);
        Bad(folder, file);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("model.u8.onnx")]
    public void A_missing_file_is_refused_by_its_name(string file)
    {
        string folder = Copy();
        File.Delete(Path.Combine(folder, file));
        Bad(folder, file);
    }

    [Theory]
    [InlineData("\"modality\": \"CT\",\n  \"sopClasses\"", "\"sopClasses\"", "modality")]
    [InlineData("clamp(HU / 1000, -1, 1)", "HU / 1000", "unknown scale")]
    [InlineData("\"truncate\": 4", "\"truncate\": \"four\"", "truncate")]
    [InlineData("\"spacingMm\": [\n   3,", "\"spacingMm\": [\n   2,", "the grid is not 3 mm")]
    [InlineData("   1,\n   12,\n   128,\n   128", "   1,\n   11,\n   128,\n   128", "output shape and classes differ")]
    [InlineData("\"name\": \"logits\"", "\"name\": \"scores\"", "no single tensor named scores")]
    public void A_manifest_that_does_not_fit_is_refused_by_what_is_wrong(string from, string to, string named)
    {
        string folder = Copy();
        string path = Path.Combine(folder, "manifest.json");
        string text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
        Bad(folder, named);
    }

    [Fact]
    public void A_body_CT_is_taken() => Assert.Null(Package.App.Takes(Header()));

    [Fact]
    public void An_MR_is_not_taken() => NoApp(Header().SetString(Tags.Modality, Vr.CS, "MR"), "modality MR");

    [Fact]
    public void A_localizer_is_not_taken() =>
        NoApp(Header().SetString(Tags.ImageType, Vr.CS, "ORIGINAL", "PRIMARY", "LOCALIZER"), "LOCALIZER");

    [Theory]
    [InlineData("HEAD", null, "HEAD")]
    [InlineData("", "CT Head 5.0 H31s", "HEAD")]
    [InlineData("UNKNOWN", "Brain/Skull", "BRAIN")]
    public void A_CT_head_is_not_taken(string bodyPart, string? description, string named) =>
        NoApp(Header().SetString(Tags.BodyPartExamined, Vr.CS, bodyPart).SetString(Tags.SeriesDescription, Vr.LO, description), named);

    [Fact]
    public void A_scan_from_neck_to_pelvis_is_taken() =>
        Assert.Null(Package.App.Takes(Header().SetString(Tags.SeriesDescription, Vr.LO, "Neck-Thorax-Abdomen 3.0")));

    [Fact]
    public void Another_SOP_class_is_not_taken() =>
        NoApp(Header().SetString(Tags.SOPClassUID, Vr.UI, Uids.SecondaryCaptureImageStorage), "SOP class");

    [Fact]
    public void Pixels_of_a_detail_scan_are_not_taken() => NoApp(Header().SetDecimal(Tags.PixelSpacing, 0.1, 0.1), "pixel spacing 0.1 mm");

    [Fact]
    public void Few_or_thick_slices_are_not_taken()
    {
        Assert.Equal(RefusalReason.TooFewSlices, Package.App.Takes(StackOf(7, 3))?.Reason);
        Assert.Equal(RefusalReason.TooFewSlices, Package.App.Takes(StackOf(8, 1))?.Reason);
        Assert.Equal(RefusalReason.NoApp, Package.App.Takes(StackOf(20, 7))?.Reason);
        Assert.Null(Package.App.Takes(StackOf(8, 3)));
    }

    [Fact]
    public void A_head_without_a_name_is_refused_by_its_width()
    {
        // A disc of 160 mm in air: what a head looks like when nobody wrote that it is one.
        Refusal? refusal = Run(disc: 160).Refusal;
        Assert.Equal(RefusalReason.NoApp, refusal?.Reason);
        Assert.Contains("mm wide", refusal!.Text, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.NoApp, Run(disc: 0).Refusal?.Reason);
    }

    [Fact]
    public void A_refusal_at_arrival_stays()
    {
        SeriesRun run = new(Package.App, TimeProvider.System);
        DataSet localizer = Header().SetString(Tags.ImageType, Vr.CS, "ORIGINAL", "PRIMARY", "LOCALIZER");
        Assert.Equal(RefusalReason.NoApp, run.HounsfieldArrives(localizer, new float[128 * 128])?.Reason);
        Assert.Equal(RefusalReason.NoApp, run.HounsfieldArrives(Header(), new float[128 * 128])?.Reason);
        Assert.Equal(RefusalReason.NoApp, run.SeriesIsComplete().Refusal?.Reason);
    }

    private static Outcome<Analysis> Run(double disc)
    {
        SeriesRun run = new(Package.App, TimeProvider.System);
        float[] hu = [.. Enumerable.Range(0, 128 * 128)
            .Select(i => Math.Sqrt(Math.Pow((i % 128) - 63.5, 2) + Math.Pow((i / 128) - 63.5, 2)) * 3 < disc / 2 ? 30f : -1000f)];
        for (int k = 0; k < 10; k++)
        {
            Assert.Null(run.HounsfieldArrives(Header(k * 3), hu));
        }

        return run.SeriesIsComplete();
    }

    private static Stack StackOf(int count, double step) => Package.Value(Stack.Of(
        [.. Enumerable.Range(0, count).Select(i => Package.Value(SliceGeometry.FromHeader(Header(i * step))))]));

    private static DataSet Header(double z = 0) => PatientVolume.Header(new(0, 0, z), new(1, 0, 0), new(0, 1, 0), 3, 3, 128, 128);

    private static void NoApp(DataSet header, string named)
    {
        Refusal? refusal = Package.App.Takes(header);
        Assert.Equal(RefusalReason.NoApp, refusal?.Reason);
        Assert.Contains(named, refusal!.Text, StringComparison.Ordinal);
    }

    private static void Bad(string folder, string named)
    {
        Refusal? refusal = App.Load(folder, Package.NoGpu).Refusal;
        Directory.Delete(folder, true);
        Assert.Equal(RefusalReason.BadApp, refusal?.Reason);
        Assert.Contains(named, refusal!.Text, StringComparison.Ordinal);
    }

    private static string Copy()
    {
        string folder = Directory.CreateTempSubdirectory("appliance-app-").FullName;
        foreach (string file in Directory.EnumerateFiles(Package.Folder, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(Package.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }
}
