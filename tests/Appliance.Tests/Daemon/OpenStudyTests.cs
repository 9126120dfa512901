using Appliance.Daemon;
using Appliance.Daemon.Screen;
using Appliance.Dicom.Data;
using SkiaSharp;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Planes and the view in space, drawn by the kernels; Skia decodes what a browser would get.</summary>
public sealed class OpenStudyTests : IDisposable
{
    /// <summary>A value that says where it is: 100 for each slice, 5 for each row, 1 for each column.</summary>
    private static readonly Func<int, int, int, int> Place = (slice, row, column) => (slice * 100) + (row * 5) + column;

    private readonly Scratch scratch = new();
    private readonly StoredStudy stored;
    private readonly Canvas canvas = new();
    private byte[] file = [];

    public OpenStudyTests() => stored = new StoredStudy(new Journal(scratch.Folder, []));

    public void Dispose()
    {
        canvas.Dispose();
        scratch.Dispose();
    }

    [Fact]
    public void The_scanners_plane_is_shown_pixel_for_pixel()
    {
        using OpenStudy study = Open(Place);

        using SKBitmap shown = Draw(
            study, new Wish(Plane: 0, At: 3, C: 300, W: 600, Width: StoredStudy.Columns, Height: StoredStudy.Rows, Fine: true));

        for (int row = 0; row < StoredStudy.Rows; row++)
        {
            for (int column = 0; column < StoredStudy.Columns; column++)
            {
                Assert.InRange(shown.GetPixel(column, row).Red - (Place(3, row, column) * 255 / 600.0), -1, 1);
            }
        }
    }

    [Theory]
    [InlineData(1, 7, 2)] // coronal, row 7: columns across, the head up, slices twice as far apart as columns
    [InlineData(2, 9, 2)] // sagittal, column 9: front to back across, the head up
    public void The_other_planes_have_the_head_up_and_true_proportions(int plane, int at, int sliceMm)
    {
        using OpenStudy study = Open(Place);
        int across = plane == 1 ? StoredStudy.Columns : StoredStudy.Rows;

        using SKBitmap shown = Draw(
            study, new Wish(Plane: plane, At: at, C: 300, W: 600, Width: across, Height: StoredStudy.Slices * sliceMm, Fine: true));

        for (int slice = 1; slice < StoredStudy.Slices - 1; slice++)
        {
            for (int x = 0; x < across; x++)
            {
                // Two pixels high is a slice; between them lies its middle.
                int y = (StoredStudy.Slices - 1 - slice) * sliceMm;
                double mean = (shown.GetPixel(x, y).Red + shown.GetPixel(x, y + 1).Red) / 2.0;
                double expected = plane == 1 ? Place(slice, at, x) : Place(slice, x, at);
                Assert.InRange(mean - (expected * 255 / 600.0), -1, 1);
            }
        }
    }

    [Fact]
    public void Zoom_shows_the_middle_larger_and_outside_the_volume_it_is_black()
    {
        using OpenStudy study = Open((_, row, column) => row is 7 or 8 && column is 11 or 12 ? 1000 : 100);

        using SKBitmap zoomed = Draw(study, new Wish(C: 500, W: 1000, Width: 24, Height: 16, Zoom: 2, Fine: true));
        using SKBitmap wide = Draw(study, new Wish(C: 500, W: 1000, Width: 48, Height: 16, Fine: true));

        Assert.Equal(255, zoomed.GetPixel(12, 8).Red);
        Assert.Equal(0, wide.GetPixel(2, 8).Red);
        Assert.Equal(26, wide.GetPixel(14, 3).Red, 1.0);
    }

    [Fact]
    public void Organs_are_coloured_where_the_segmentation_has_them_in_every_plane_as_strong_as_wished()
    {
        using OpenStudy study = Open(StoredStudy.Flat, isAnalysed: true);
        Wish wish = new(Plane: 0, At: 2, C: 100, W: 200, Labels: 100, Width: StoredStudy.Columns, Height: StoredStudy.Rows, Fine: true);

        using SKBitmap axial = Draw(study, wish);
        using SKBitmap faint = Draw(study, wish with { Labels = 10 });
        using SKBitmap coronal = Draw(study, wish with { Plane = 1, At = 6, Height = StoredStudy.Slices * 2 });

        Assert.Equal(new SKColor(0xdd, 0x54, 0x3c), axial.GetPixel(8, 4));
        Assert.True(Colour(axial.GetPixel(11, 7)) > Colour(faint.GetPixel(11, 7)), "the fill is not fainter");
        Assert.True(Colour(faint.GetPixel(11, 7)) > 5, "the fill is not coloured");
        Assert.Equal(0, Colour(axial.GetPixel(7, 4)));
        Assert.True(Colour(coronal.GetPixel(10, 4)) > 50, "slice 2 lies at pixels 4 and 5 from above");
        Assert.Equal(0, Colour(coronal.GetPixel(10, 8)));
    }

    [Fact]
    public void In_space_bone_is_seen_from_every_side_and_air_is_black()
    {
        // A rod along the patient, right of the middle: from the front it is on the left, from behind on the right.
        using OpenStudy study = Open((_, _, column) => column is >= 2 and <= 5 ? 1200 : -1000);
        Wish front = new(Plane: Wish.Space, Width: 96, Height: 96, Fine: true);

        using SKBitmap before = Draw(study, front);
        using SKBitmap behind = Draw(study, front with { Turn = 180 });
        using SKBitmap moving = Draw(study, front with { Fine = false });

        Assert.True(Sum(before, 0, 48) > 50 * Sum(before, 48, 96), "from the front the patient's right is on the left");
        Assert.True(Sum(behind, 48, 96) > 50 * Sum(behind, 0, 48), "from behind it is on the right");
        Assert.Equal((48, 48), (moving.Width, moving.Height));
    }

    [Fact]
    public void In_space_an_organ_has_its_colour_and_what_has_no_label_is_not_seen()
    {
        using OpenStudy study = Open((_, _, _) => 50, isAnalysed: true);
        Wish wish = new(Plane: Wish.Space, Width: 96, Height: 96, Labels: 100, Look: "organs", Fine: true);

        using SKBitmap organs = Draw(study, wish);
        using SKBitmap skin = Draw(study, wish with { Look = "skin", Labels = 0 });

        // The liver is a plate of 8 x 8 x 1 voxels in the middle; the body around it, of the same value, is the whole picture's width.
        SKColor middle = organs.GetPixel(48, 47);
        Assert.True(middle.Red > 2 * middle.Green && middle.Red > 2 * middle.Blue && middle.Red > 40, $"the liver is {middle}");
        Assert.True(skin.GetPixel(20, 48).Red > 40, $"the body is {skin.GetPixel(20, 48)}");
        Assert.InRange(organs.GetPixel(20, 48).Red, 0, 4);
    }

    [Fact]
    public void Slices_and_organs_that_come_while_somebody_looks_are_shown()
    {
        DicomFile[] all = [.. Enumerable.Range(0, StoredStudy.Slices).Select(slice => StoredStudy.Slice(slice))];
        stored.Store(all[3]);
        stored.Store(all[4]);
        using OpenStudy study = new(StoredStudy.Key, Folder);
        Wish wish = new(Plane: 0, At: 0, C: 100, W: 200, Width: 24, Height: 16, Labels: 100);
        using (SKBitmap first = Draw(study, wish))
        {
            Assert.Equal(153, first.GetPixel(3, 3).Red, 2.0);
        }

        stored.Store(all[0]);
        stored.Store(all[1]);
        stored.Store(all[2]);
        stored.Analyse(all);
        study.Refresh();

        while (study.ReadOn())
        {
        }

        using SKBitmap second = Draw(study, wish with { Fine = true });
        using SKBitmap organ = Draw(study, wish with { At = 2, Fine = true });
        Assert.Equal(0, second.GetPixel(3, 3).Red);
        Assert.Equal((5, 5), study.Progress);
        Assert.True(Colour(organ.GetPixel(10, 8)) > 50, "the organ is not there");
    }

    private string Folder => Directory.GetDirectories(Path.Combine(scratch.Folder, "journal")).Single();

    private OpenStudy Open(Func<int, int, int, int> valueOf, bool isAnalysed = false)
    {
        DicomFile[] slices = [.. Enumerable.Range(0, StoredStudy.Slices).Select(slice => StoredStudy.Slice(slice, valueOf))];
        Array.ForEach(slices, stored.Store);
        if (isAnalysed)
        {
            stored.Analyse(slices);
        }

        OpenStudy study = new(StoredStudy.Key, Folder);
        Draw(study, new Wish(Width: 1, Height: 1)).Dispose();
        while (study.ReadOn())
        {
        }

        return study;
    }

    private SKBitmap Draw(OpenStudy study, Wish wish)
    {
        int length = study.Draw(wish, canvas, () => false, ref file, Viewer.HeadBytes);
        Assert.True(length > 0, "there is no picture");
        return SKBitmap.Decode(file.AsSpan(Viewer.HeadBytes, length));
    }

    private static int Colour(SKColor pixel) =>
        Math.Max(pixel.Red, Math.Max(pixel.Green, pixel.Blue)) - Math.Min(pixel.Red, Math.Min(pixel.Green, pixel.Blue));

    private static int Sum(SKBitmap picture, int from, int to) =>
        1 + Enumerable.Range(from, to - from).Sum(x => Enumerable.Range(0, picture.Height).Sum(y => picture.GetPixel(x, y).Red / 16));
}
