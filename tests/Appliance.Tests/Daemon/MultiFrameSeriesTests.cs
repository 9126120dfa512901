using System.Globalization;
using System.Text.Json;
using Appliance.Daemon;
using Appliance.Daemon.Screen;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;
using Appliance.Tests.Imaging;
using SkiaSharp;
using Xunit;
using Judge = Appliance.Tests.Dicom.Objects.Judge;

namespace Appliance.Tests.Daemon;

/// <summary>Images of many frames on the page: pydicom makes them and judges what is shown of each; Skia decodes the pictures.</summary>
public sealed class MultiFrameSeriesTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly Judge judge = new();
    private readonly StoredStudy stored;
    private readonly Canvas canvas = new();
    private byte[] file = [];

    public MultiFrameSeriesTests() => stored = new StoredStudy(new Journal(scratch.Folder, []));

    public void Dispose()
    {
        canvas.Dispose();
        judge.Dispose();
        scratch.Dispose();
    }

    [Fact]
    public void Every_frame_of_an_enhanced_CT_is_a_slice_in_its_place_and_they_make_a_volume()
    {
        stored.Store(Enhanced());
        using OpenStudy study = Open();

        ShownSeries shown = Assert.Single(study.Describe().Series);

        Assert.Equal([StoredStudy.Columns, StoredStudy.Rows, StoredStudy.Slices], shown.Counts);
        Assert.Equal(["axial", "coronal", "sagittal"], shown.Planes.Select(plane => plane.Name));
        Assert.Equal(2, shown.SpacingMm[2]);
        for (int slice = 0; slice < StoredStudy.Slices; slice++)
        {
            using SKBitmap picture = Draw(study, shown, slice, 100, 200);
            Assert.Equal(slice * 40 * 255 / 200, picture.GetPixel(3, 3).Red);
        }

        using SKBitmap coronal = Draw(study, shown, 7, 100, 200, plane: 1, height: 2 * StoredStudy.Slices);
        Assert.True(coronal.GetPixel(12, 0).Red > coronal.GetPixel(12, 9).Red + 150, "the last frame along the patient is up");
    }

    [Fact]
    public void Organs_lie_on_the_frame_that_the_segmentation_refers_to_and_on_no_other()
    {
        DicomFile enhanced = Enhanced();
        stored.Store(enhanced);
        IReadOnlyList<DataSet> frames = SourceFrames.HeadersOf(enhanced.DataSet);
        stored.Analyse(
        [
            .. frames.Index().OrderBy(frame => frame.Item.GetDoubles(Tags.ImagePositionPatient)[2])
                .Select(frame => new SourceSlice(enhanced.DataSet, frame.Index + 1)),
        ]);
        using OpenStudy study = Open();
        ShownSeries shown = Assert.Single(study.Describe().Series);

        int[] coloured =
        [
            .. Enumerable.Range(0, StoredStudy.Slices).Where(slice =>
            {
                using SKBitmap picture = Draw(study, shown, slice, 100, 200, labels: 100);
                return picture.GetPixel(12, 8).Red != picture.GetPixel(12, 8).Green;
            }),
        ];

        Assert.Equal([2], coloured);
        Assert.Equal("Liver", Assert.Single(shown.Organs!).Name);
    }

    [Fact]
    public void A_film_of_one_place_is_no_volume_and_its_frames_stand_in_their_order()
    {
        DicomFile enhanced = Enhanced();
        foreach (DataSet frame in enhanced.DataSet.GetItems(Tags.PerFrameFunctionalGroupsSequence))
        {
            frame.GetItem(Tags.PlanePositionSequence)!.SetDecimal(Tags.ImagePositionPatient, 0, 0, 6);
        }

        stored.Store(enhanced);
        using OpenStudy study = Open();
        ShownSeries shown = Assert.Single(study.Describe().Series);

        Assert.Equal("axial", Assert.Single(shown.Planes).Name);
        for (int frame = 0; frame < StoredStudy.Slices; frame++)
        {
            // The judge has taken every seventh slice.
            using SKBitmap picture = Draw(study, shown, frame, 100, 200);
            Assert.Equal(7 * frame % StoredStudy.Slices * 40 * 255 / 200, picture.GetPixel(3, 3).Red);
        }

        Assert.Equal(0, study.Draw(new Wish(Plane: Wish.Space, Width: 8, Height: 8), canvas, () => false, ref file, 0));
    }

    [Theory]
    [InlineData("dicomparser/testImages/encapsulated/multi-frame/IM00001.implicit_little_endian.dcm", 8, 1, 128, 256, 1)]
    [InlineData("pydicom/src/pydicom/data/test_files/examples_ybr_color.dcm", 30, 1, 128, 256, 3)] // two decoders of one lossy JPEG
    [InlineData("dicomparser/testImages/encapsulated/multi-frame/CT0012.not_fragmented_no_bot_rle.dcm", 2, 3, 1200, 1200, 1)]
    [InlineData("dcmjs/test/cine-test.dcm", 8, 3, 300, 600, 1)]
    public void Every_frame_of_a_real_cine_is_shown_as_pydicom_reads_it(
        string path, int count, int planes, int centre, int width, int tolerance)
    {
        Judge.AreHere();
        string real = Dicom.Data.Corpus.Unpacked(path);
        stored.Store(Read(real));
        using OpenStudy study = Open();
        double[][] expected = JsonSerializer.Deserialize<double[][]>(Python(
            "Daemon/Judges/frames.py", real, centre.ToString(CultureInfo.InvariantCulture), width.ToString(CultureInfo.InvariantCulture)))!;

        ShownSeries shown = Assert.Single(study.Describe().Series);

        Assert.Equal((count, count, planes), (expected.Length, shown.Slices, shown.Planes.Count));
        for (int slice = 0; slice < count; slice++)
        {
            using SKBitmap picture = Draw(study, shown, slice, centre, width);
            double[] seen = [.. Grid(picture, shown.Colour)];
            Assert.Equal(seen.Length, expected[slice].Length);
            Assert.All(seen.Zip(expected[slice]), pair => Assert.InRange(pair.First - pair.Second, -tolerance, tolerance));
        }

        Assert.True(expected.Select(frame => string.Join(' ', frame)).Distinct().Count() >= count / 2, "the frames are all the same");
    }

    /// <summary>The slices of the stored study as one image, in an order of its own.</summary>
    private DicomFile Enhanced()
    {
        Judge.AreHere();
        string folder = Directory.CreateDirectory(judge.PathOf("classic")).FullName;
        for (int slice = 0; slice < StoredStudy.Slices; slice++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{slice}.dcm"), DicomFileWriter.Write(StoredStudy.Slice(slice)));
        }

        string path = judge.PathOf("enhanced.dcm");
        Python("Imaging/Judges/enhanced.py", "make", folder, path, "native");
        return Read(path);
    }

    private OpenStudy Open()
    {
        string folder = Directory.GetDirectories(Path.Combine(scratch.Folder, "journal")).Single();
        return new OpenStudy(Path.GetFileName(folder)[..Appliance.Daemon.Limits.StudyKeyDigits], folder);
    }

    private SKBitmap Draw(
        OpenStudy study, ShownSeries shown, int slice, int centre, int width, int plane = 0, int labels = 0, int? height = null)
    {
        Wish wish = new(
            Plane: plane, At: slice, C: centre, W: width, Labels: labels, Width: shown.Counts[0], Height: height ?? shown.Counts[1],
            Fine: true);
        while (plane > 0 && study.ReadOn())
        {
        }

        int length = study.Draw(wish, canvas, () => false, ref file, Viewer.HeadBytes);
        Assert.True(length > 0, "there is no picture");
        return SKBitmap.Decode(file.AsSpan(Viewer.HeadBytes, length));
    }

    private static IEnumerable<double> Grid(SKBitmap picture, bool isColour) =>
        from row in Enumerable.Range(0, 16)
        from column in Enumerable.Range(0, 16)
        let pixel = picture.GetPixel(((2 * column) + 1) * picture.Width / 32, ((2 * row) + 1) * picture.Height / 32)
        from sample in isColour ? new[] { pixel.Red, pixel.Green, pixel.Blue } : [pixel.Red]
        select (double)sample;

    private static DicomFile Read(string path) => DicomFileReader.Read(File.ReadAllBytes(path)).Value!;

    private static string Python(string script, params string[] arguments)
    {
        string path = Path.Combine(Package.Root, "tests/Appliance.Tests", script);
        (int status, string output) = Judge.Run("/usr/bin/python3", [path, .. arguments]);
        Assert.True(status == 0, output);
        return output;
    }
}
