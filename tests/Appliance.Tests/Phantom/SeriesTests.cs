using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Appliance.Phantom.Anatomy;
using Appliance.Phantom.Scan;
using Appliance.Phantom.Series;
using Appliance.Tests.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Phantom;

public sealed class SeriesTests
{
    private static readonly SeriesGeometry Small = new(Orientation.Axial, 16, 64, 64, 6, 6);

    [Fact]
    public void A_seed_makes_the_same_pixels_and_masks_for_ever()
    {
        // Of this program on linux-x64: a change here changes every phantom that anyone has on file.
        Assert.Equal("ec99788c694acff7", HashOf(42).Pixels);
        Assert.Equal("5b989e912cfcb440", HashOf(42).Masks);
        Assert.NotEqual(HashOf(42), HashOf(43));
    }

    [Fact]
    public void A_slice_is_the_same_in_whatever_order_slices_are_made()
    {
        NativeScan scan = NativeScan.Make(5, Small);
        short[] before = scan.Slice(9).Hu;
        scan.Slice(3);
        Assert.Equal(before, scan.Slice(9).Hu);
    }

    [Fact]
    public void Lesions_can_be_ordered()
    {
        long Tumour(int lesions) => Enumerable.Range(0, Small.Slices)
            .Sum(slice => (long)NativeScan.Make(11, Small, lesions).Slice(slice).Truth.AsSpan().Count(Organ.LiverTumour));
        Assert.Equal(0, Tumour(0));
        Assert.True(Tumour(12) > 0);
    }

    [Theory]
    [InlineData(Orientation.Axial)]
    [InlineData(Orientation.FeetFirst)]
    [InlineData(Orientation.Sagittal)]
    [InlineData(Orientation.Oblique)]
    public void Pydicom_finds_bone_and_lung_where_the_truth_says(Orientation orientation)
    {
        using PassingFolder folder = new();
        SmallSeries series = new(folder.File("series"), orientation);

        string output = Ground.RunPython(
            "judge_series.py", series.Folder, series.Geometry.SliceMm.ToString(CultureInfo.InvariantCulture),
            series.Geometry.PixelMm.ToString(CultureInfo.InvariantCulture));
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Dictionary<string, string[]> lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).ToDictionary(words => words[0]);

        Assert.InRange(int.Parse(lines["bone"][2], CultureInfo.InvariantCulture), 100, 600);
        Assert.InRange(int.Parse(lines["lung"][2], CultureInfo.InvariantCulture), -950, -500);
        Assert.InRange(int.Parse(lines["liver"][2], CultureInfo.InvariantCulture), 0, 200);
    }

    [Theory]
    [InlineData(Orientation.Axial)]
    [InlineData(Orientation.Sagittal)]
    [InlineData(Orientation.Oblique)]
    public void Dciodvfy_has_nothing_against_a_slice(Orientation orientation)
    {
        const string judge = "/usr/bin/dciodvfy";
        Assert.SkipUnless(File.Exists(judge), "dciodvfy is not installed (Debian: dicom3tools)");
        using PassingFolder folder = new();
        SmallSeries series = new(folder.File("series"), orientation);

        foreach (string file in (ReadOnlySpan<string>)[series.Files[0], series.Files[^1]])
        {
            (_, string output, string error) = Corpus.Run(judge, file);
            Assert.DoesNotContain("Error", output + error, StringComparison.Ordinal);
            Assert.Contains("CTImage", output + error, StringComparison.Ordinal);
        }
    }

    private static (string Pixels, string Masks) HashOf(ulong seed)
    {
        NativeScan scan = NativeScan.Make(seed, Small);
        using IncrementalHash pixels = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using IncrementalHash masks = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int slice = 0; slice < Small.Slices; slice++)
        {
            NativeSlice made = scan.Slice(slice);
            pixels.AppendData(MemoryMarshal.AsBytes(made.Hu.AsSpan()));
            masks.AppendData(MemoryMarshal.AsBytes(made.Truth.AsSpan()));
        }

        return (Convert.ToHexStringLower(pixels.GetHashAndReset())[..16], Convert.ToHexStringLower(masks.GetHashAndReset())[..16]);
    }
}
