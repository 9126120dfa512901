using System.Diagnostics;
using Appliance.Daemon;
using Appliance.Daemon.Screen;
using Appliance.Dicom.Data;
using SkiaSharp;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Real images in colour as the page shows them; dcmtk, or pydicom for JPEG 2000, says what they look like.</summary>
public sealed class ColourPicturesTests : IDisposable
{
    private const string Pydicom = "pydicom/src/pydicom/data/test_files/";
    private const string More = "pydicom-data/data_store/data/";
    private const string Cornerstone = "cornerstone/packages/dicomImageLoader/testImages/";

    private readonly Scratch scratch = new();
    private readonly Canvas canvas = new();
    private byte[] file = [];

    public void Dispose()
    {
        canvas.Dispose();
        scratch.Dispose();
    }

    /// <param name="most">Mean difference that is allowed: JPEG decoders differ in how they smooth chroma, nothing else does.</param>
    [Theory]
    [InlineData(Pydicom + "examples_palette.dcm", 1, 0.01)] // PALETTE COLOR
    [InlineData(Cornerstone + "no-pixel-spacing.dcm", 1, 0.01)] // the same, RLE
    [InlineData(More + "OBXXXX1A_2frame.dcm", 2, 0.01)] // the same, two frames
    [InlineData(More + "OBXXXX1A_expb_2frame.dcm", 2, 0.01)] // the same, big endian
    [InlineData(Cornerstone + "TestPattern_Palette.dcm", 1, 0.01)]
    [InlineData(Cornerstone + "TestPattern_Palette_16.dcm", 1, 0.01)]
    [InlineData(Pydicom + "examples_rgb_color.dcm", 1, 0.01)] // RGB
    [InlineData(More + "color-pl.dcm", 1, 0.01)] // the same, planar
    [InlineData("dicomparser/testImages/encapsulated/multi-frame/IM00001.implicit_little_endian.dcm", 4, 0.01)]
    [InlineData(Pydicom + "SC_rgb_rle_16bit.dcm", 1, 1)]
    [InlineData(Cornerstone + "US-YBR_FULL_422-EVRLE.dcm", 1, 1)] // YBR_FULL_422
    [InlineData(Pydicom + "examples_ybr_color.dcm", 17, 1.5)] // YBR_FULL_422, JPEG
    [InlineData(Pydicom + "SC_rgb_dcmtk_+eb+cy+s2.dcm", 1, 1.5)]
    [InlineData(Pydicom + "SC_rgb_dcmtk_+eb+cy+n1.dcm", 1, 1.5)] // YBR_FULL, JPEG
    [InlineData(Pydicom + "SC_rgb_dcmtk_+eb+cr.dcm", 1, 1.5)] // RGB in a JPEG
    [InlineData(Pydicom + "SC_jpeg_no_color_transform.dcm", 1, 1.5)] // the same, said by the data set alone
    [InlineData(Pydicom + "SC_jpeg_no_color_transform_2.dcm", 1, 1.5)]
    [InlineData(Cornerstone + "TestPattern_JPEG-Lossless_RGB.dcm", 1, 0.01)]
    [InlineData(More + "US1_J2KR.dcm", 1, 0.01)] // JPEG 2000, YBR_RCT
    [InlineData(More + "US1_J2KI.dcm", 1, 1)] // and YBR_ICT
    public void An_image_in_colour_is_shown_as_it_is_whatever_the_window(string path, int frame, double most)
    {
        DicomFile image = Real(path);
        bool isJpeg2000 = image.Syntax.Name.Contains("2000", StringComparison.Ordinal);
        using SKBitmap expected = Expected(Dicom.Data.Corpus.Unpacked(path), frame, isJpeg2000);
        using OpenStudy study = Open(image);
        Wish wish = new(At: frame - 1, C: 3, W: 2, Width: expected.Width, Height: expected.Height, Fine: true);

        using SKBitmap shown = Draw(study, wish);
        using SKBitmap moving = Draw(study, wish with { Fine = false });

        (double mean, double colour) = Compare(expected, shown);
        TestContext.Current.TestOutputHelper!.WriteLine($"mean difference {mean:F3}, colour {colour:F1}");
        Assert.InRange(mean, 0, most);
        Assert.InRange(Compare(expected, moving).Mean, 0, most + 8);
        ShownSeries series = Assert.Single(study.Describe().Series);
        Assert.True(series.Colour);
        Assert.Single(series.Planes);
    }

    [Fact]
    public void A_cine_in_colour_says_that_its_slices_are_frames()
    {
        using OpenStudy study = Open(Real(Pydicom + "examples_ybr_color.dcm"));

        ShownSeries series = Assert.Single(study.Describe().Series);

        Assert.Equal((30, true, "US"), (series.Slices, series.Frames, series.Modality));
    }

    /// <summary>Among images in colour one in grey comes through its window, and zoomed colours keep their place.</summary>
    [Fact]
    public void Grey_beside_colour_is_grey_and_zoomed_colours_stay_where_they_are()
    {
        Journal journal = new(scratch.Folder, []);
        StoredStudy stored = new(journal);
        DicomFile colour = Made("1.2.3.4.1", 1, "RGB", [.. Enumerable.Range(0, 8 * 8).SelectMany(i =>
            i % 8 < 4 ? new byte[] { 200, 0, 0 } : [0, 0, 100])]);
        stored.Store(colour);
        stored.Store(Made("1.2.3.4.2", 2, "MONOCHROME2", [.. Enumerable.Repeat((byte)64, 8 * 8)]));
        using OpenStudy study = new(StoredStudy.Key, Directory.GetDirectories(journal.Studies)[0]);

        using SKBitmap large = Draw(study, new Wish(Width: 32, Height: 16, Fine: true));
        using SKBitmap grey = Draw(study, new Wish(At: 1, Width: 8, Height: 8, Fine: true));

        // 16 x 16 pixels in the middle of 32: eight black ones on each side.
        Assert.Equal(
            [SKColors.Black, new SKColor(200, 0, 0), new SKColor(0, 0, 100), SKColors.Black],
            new[] { 3, 9, 22, 28 }.Select(x => large.GetPixel(x, 8)));
        SKColor shown = grey.GetPixel(4, 4);
        Assert.Equal((shown.Red, shown.Red), (shown.Green, shown.Blue));
        Assert.InRange(shown.Red, 60, 68);
    }

    [Fact]
    public void Organs_lie_over_colours_as_over_grey()
    {
        canvas.Resize(8, 8);
        int[] palette = new int[256];
        palette[1] = 0x0000ff;
        Fill(canvas);

        using SKBitmap shown = Decode(canvas.EncodeLabelled(true, palette, 1, true, ref file, 0));

        Assert.Equal(new SKColor(0, 100, 0), shown.GetPixel(0, 0));
        Assert.Equal(new SKColor(255, 0, 0), shown.GetPixel(2, 2));
        SKColor inside = shown.GetPixel(4, 4);
        Assert.InRange(inside.Red, 100, 115);
        Assert.InRange(inside.Green, 50, 65);
    }

    private static unsafe void Fill(Canvas canvas)
    {
        for (int i = 0; i < 8 * 8; i++)
        {
            canvas.Colours.Pointer[(3 * i) + 1] = 100;
            canvas.Labels[i] = (byte)(i / 8 is >= 2 and <= 6 && i % 8 is >= 2 and <= 6 ? 1 : 0);
        }
    }

    private static DicomFile Real(string path)
    {
        DicomFile image = DicomFileReader.Read(File.ReadAllBytes(Dicom.Data.Corpus.Unpacked(path))).Value!;

        // Big endian is read and not written; some test images name neither study nor series.
        image.DataSet.SetString(Tags.StudyInstanceUID, Vr.UI, StoredStudy.StudyUid);
        image.DataSet.SetString(Tags.SeriesInstanceUID, Vr.UI, StoredStudy.SeriesUid);
        return image.Syntax.IsBigEndian ? image with { Syntax = TransferSyntax.ExplicitLittleEndian } : image;
    }

    private static DicomFile Made(string uid, int number, string photometric, byte[] pixels)
    {
        DicomFile slice = StoredStudy.Slice(0);
        slice.DataSet.SetString(Tags.SOPInstanceUID, Vr.UI, uid).SetString(Tags.PhotometricInterpretation, Vr.CS, photometric)
            .SetDecimal(Tags.InstanceNumber, number).SetDecimal(Tags.ImagePositionPatient, 0, 0, number).SetUInt16(Tags.Rows, 8)
            .SetUInt16(Tags.Columns, 8).SetUInt16(Tags.SamplesPerPixel, (ushort)(pixels.Length / 64)).SetUInt16(Tags.BitsAllocated, 8)
            .SetUInt16(Tags.BitsStored, 8).SetUInt16(Tags.HighBit, 7).SetUInt16(Tags.PixelRepresentation, 0)
            .SetUInt16(Tags.PlanarConfiguration, 0).SetBytes(Tags.PixelData, Vr.OB, pixels);
        return slice with { Meta = FileMeta.Create(Uids.CTImageStorage, uid, slice.Syntax) };
    }

    private OpenStudy Open(DicomFile image)
    {
        Journal journal = new(scratch.Folder, []);
        new StoredStudy(journal).Store(image);
        return new OpenStudy(StoredStudy.Key, Directory.GetDirectories(journal.Studies)[0]);
    }

    private SKBitmap Draw(OpenStudy study, Wish wish) => Decode(study.Draw(wish, canvas, () => false, ref file, 0));

    private SKBitmap Decode(int length)
    {
        Assert.True(length > 0, "there is no such picture");
        return SKBitmap.Decode(file.AsSpan(0, length));
    }

    /// <summary>What another reader makes of it, as PNG.</summary>
    private SKBitmap Expected(string path, int frame, bool isJpeg2000)
    {
        string png = scratch["expected.png"];
        (string tool, string[] arguments) = isJpeg2000
            ? ("/usr/bin/python3", ["-c", PydicomToPng, path, png])
            : ("dcmj2pnm", new[] { "--write-png", "--frame", $"{frame}", "--no-windowing", path, png });
        using Process process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && File.Exists(png), $"{tool}: {said}");
        return SKBitmap.Decode(png);
    }

    private const string PydicomToPng = """
        import sys, pydicom, PIL.Image
        PIL.Image.fromarray(pydicom.dcmread(sys.argv[1]).pixel_array).save(sys.argv[2])
        """;

    /// <summary>Mean difference of all samples, and how far the expected picture is from grey.</summary>
    private static (double Mean, double Colour) Compare(SKBitmap expected, SKBitmap shown)
    {
        Assert.Equal((expected.Width, expected.Height), (shown.Width, shown.Height));
        SKColor[] should = expected.Pixels, does = shown.Pixels;
        double difference = should.Zip(does).Average(pair => (Math.Abs(pair.First.Red - pair.Second.Red)
            + Math.Abs(pair.First.Green - pair.Second.Green) + Math.Abs(pair.First.Blue - pair.Second.Blue)) / 3.0);
        return (difference, should.Average(c => Math.Max(c.Red, Math.Max(c.Green, c.Blue)) - Math.Min(c.Red, Math.Min(c.Green, c.Blue))));
    }
}
