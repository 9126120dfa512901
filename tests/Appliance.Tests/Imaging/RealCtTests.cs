using System.IO.Compression;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>20 slices of real abdomen, JPEG 2000, with labels of another model (../shared/data/README.md).</summary>
public sealed class RealCtTests
{
    /// <summary>Model package README, step by step: a grid value off by more is a defect.</summary>
    private const double GridToleranceHu = 0.05;

    private static readonly Lazy<Analysis> Analysed = new(() =>
    {
        SeriesRun run = new(Package.App, TimeProvider.System);
        foreach (DicomFile slice in Slices())
        {
            Assert.Null(run.SliceArrives(slice));
        }

        return Package.Value(run.SeriesIsComplete());
    });

    private static string Shared => Path.Combine(Package.Root, "..", "shared", "data");

    [Fact]
    public void The_grid_and_its_window_are_the_golden_ones()
    {
        SkipWithoutData();
        Decode decode = new();
        DicomFile[] slices = [.. Slices().OrderBy(slice => slice.DataSet.GetDoubles(Tags.ImagePositionPatient)[2])];
        InPlane inPlane = InPlane.For(Package.Value(SliceGeometry.FromHeader(slices[0].DataSet)), Package.App.Manifest);
        Memory<float>[] planes = [.. slices.Select(slice => inPlane.Apply(Package.Value(decode.Hounsfield(slice))).AsMemory())];
        float[] volume = Prepare.AlongSlices(planes, Prepare.AxisTaps(20, 2, 3, 4));
        GridVolume grid = Prepare.ToPatientOrder(volume, 167, 167, LpsAxes.Of(new(0, 0, 1), new(0, 1, 0), new(1, 0, 0))!);
        FitRule rule = Package.App.Manifest.Grid.Fit;
        BodyFit fit = BodyFit.Of(grid, rule, 128, 128)!;
        float[] window = fit.Apply(grid, rule, 128, 128);

        Assert.Equal((13, 167, 167), (grid.Z, grid.Y, grid.X));
        Assert.Equal((30, 19), (fit.Top, fit.Left));
        double worst = window.Zip(Package.Array<float>("ct.grid.bin"), (a, b) => Math.Abs((double)a - b)).Max();
        TestContext.Current.TestOutputHelper?.WriteLine($"worst difference {worst:g3} HU; body {fit.BodyColumns * 3} mm wide");
        Assert.InRange(worst, 0, GridToleranceHu);
    }

    [Fact]
    public void Native_labels_are_the_golden_ones_after_tidying()
    {
        SkipWithoutData();
        byte[] golden = Package.Bytes("ct.native.labels.u8.bin.gz");
        Pieces.KeepLargest(golden, 512, 512, new ClassRules(Package.App.Manifest).LargestPiece);
        int different = Package.Different(Analysed.Value.Labels, golden);
        TestContext.Current.TestOutputHelper?.WriteLine($"{different} of {golden.Length} voxels differ");

        // The grid may differ by rounding (two passes stored as float32 there, one in double here), which moves a few borders.
        Assert.InRange(different, 0, golden.Length / 100_000);
    }

    [Fact]
    public void Dice_against_the_reference_is_that_of_the_package()
    {
        SkipWithoutData();
        byte[] reference = ReferenceLabels();
        (int Reference, string Name, double Expected)[] organs = [(5, "liver", 0.949), (1, "spleen", 0.531), (52, "aorta", 0.896)];
        foreach ((int label, string name, double expected) in organs)
        {
            int organ = Package.App.Manifest.Classes.First(c => c.Name == name).Value;
            long both = 0, one = 0;
            for (int i = 0; i < reference.Length; i++)
            {
                bool ours = Analysed.Value.Labels[i] == organ, theirs = reference[i] == label;
                both += ours && theirs ? 2 : 0;
                one += (ours ? 1 : 0) + (theirs ? 1 : 0);
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: Dice {both / (double)one:0.000}, the package says {expected:0.000}");
            Assert.InRange(both / (double)one, expected - 0.01, expected + 0.01);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Analysed.Value.Times}");
    }

    [Fact]
    public void Sources_are_in_order_and_carry_no_pixels()
    {
        SkipWithoutData();
        double[] z = [.. Analysed.Value.Sources.Select(source => source.GetDoubles(Tags.ImagePositionPatient)[2])];
        Assert.Equal(z.Order(), z);
        Assert.All(Analysed.Value.Sources, source => Assert.False(source.Contains(Tags.PixelData)));
        Assert.Equal(512 * 512 * 20, Analysed.Value.Labels.Length);
        Assert.Equal(
            Analysed.Value.Organs.Select(organ => organ.Voxels),
            Analysed.Value.Organs.Select(organ => (long)Analysed.Value.Labels.Count(label => label == organ.Organ.Value)));
    }

    internal static Analysis Result => Analysed.Value;

    /// <summary>The source images in the order of <see cref="Analysis.Sources"/>.</summary>
    internal static DicomFile[] InOrder()
    {
        Dictionary<string, DicomFile> slices = Slices().ToDictionary(slice => slice.SopInstanceUid!);
        return [.. Result.Sources.Select(source => slices[source.GetString(Tags.SOPInstanceUID)!])];
    }

    internal static void SkipWithoutData() =>
        Assert.SkipUnless(Directory.Exists(Path.Combine(Shared, "ct-abdomen-20")), "../shared/data/ct-abdomen-20 is not here");

    /// <summary>The files as they are, but for the UIDs, which are empty in them: the sender gives new ones.</summary>
    internal static IEnumerable<DicomFile> Slices()
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(Shared, "ct-abdomen-20")).Order())
        {
            Parsed<DicomFile> read = DicomFileReader.Read(File.ReadAllBytes(path));
            Assert.False(read.Failed, read.Malformed?.ToString());
            DataSet dataSet = read.Value.DataSet.Copy()
                .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage)
                .SetString(Tags.SOPInstanceUID, Vr.UI, read.Value.Meta.GetString(Tags.MediaStorageSOPInstanceUID))
                .SetString(Tags.StudyInstanceUID, Vr.UI, "2.25.100")
                .SetString(Tags.SeriesInstanceUID, Vr.UI, "2.25.101");
            yield return read.Value with { DataSet = dataSet };
        }
    }

    /// <summary>NIfTI-1, 352 bytes of header: voxel (i, j, k) is column i, row 511 - j of the k-th slice in rising z.</summary>
    internal static byte[] ReferenceLabels()
    {
        using GZipStream gzip = new(File.OpenRead(Path.Combine(Shared, "ct-abdomen-20.labels.nii.gz")), CompressionMode.Decompress);
        using MemoryStream plain = new();
        gzip.CopyTo(plain);
        byte[] nifti = plain.ToArray();
        int offset = (int)BitConverter.ToSingle(nifti, 108);
        byte[] labels = new byte[20 * 512 * 512];
        for (int i = 0; i < labels.Length; i++)
        {
            int column = i % 512, row = i / 512 % 512, slice = i / (512 * 512);
            labels[i] = nifti[offset + (((slice * 512) + 511 - row) * 512) + column];
        }

        return labels;
    }
}
