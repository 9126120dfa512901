using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using SkiaSharp;
using Xunit;
using Judge = Appliance.Tests.Dicom.Objects.Judge;

namespace Appliance.Tests.Imaging;

/// <summary>Views of the organs in space: the pictures lie in out/imaging to be looked at.</summary>
public sealed class RenderingTests
{
    [Theory]
    [InlineData("axial", 3, 2, 1)]
    [InlineData("sagittal", 1, -3, 2)]
    [InlineData("feet first", -3, 2, -1)]
    public void The_liver_is_on_the_left_of_the_picture_from_the_front_and_on_its_right_from_behind(
        string name, int slices, int rows, int columns)
    {
        Judge.AreHere();
        (Analysis analysis, Dictionary<string, DicomFile> sources) = AnnotateTests.Analyse(
            AnnotateTests.Body.Value.Series(slices, rows, columns));
        Annotate annotate = Package.Value(Annotate.Of(analysis, AnnotateTests.Equipment, TimeProvider.System));
        using Pictures pictures = new(
            annotate.Notes,
            annotate.Segmentation?.DataSet,
            AnnotateTests.Equipment,
            slice => AnnotateTests.SourceOf(sources, analysis, slice));
        DataSet[] views = [.. annotate.Notes.All(ResultKind.Rendering).Select(view => pictures.Draw(view)!.File.DataSet)];

        Assert.Equal(12, views.Length);
        Assert.Equal(12, views.Select(view => view.GetString(Tags.SOPInstanceUID)).Distinct().Count());
        NotedOrgan liver = annotate.Notes.Organs.First(organ => organ.Name == "Liver");
        double front = MiddleOf(views[0], liver), behind = MiddleOf(views[6], liver);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: the liver is at {front:0.00} from the front, {behind:0.00} from behind");
        Assert.InRange(front, 0.05, 0.49);
        Assert.InRange(behind, 0.51, 0.95);
        using Judge judge = new();
        Judge.DciodvfyFindsNoError(judge.Write("view.dcm", views[3]));
        Assert.Equal("NO", views[3].GetString(Tags.BurnedInAnnotation));
        Assert.Equal(analysis.Sources.Count, views[3].GetItems(Tags.ReferencedImageSequence).Count);
        Save(views, Path.Combine(Directory.CreateDirectory(Path.Combine(Package.Root, "out", "imaging")).FullName, $"space.{name}.png"));
    }

    /// <summary>Where the organ's colour is, as a share of the view's width.</summary>
    private static double MiddleOf(DataSet picture, NotedOrgan organ)
    {
        const int side = 512;
        ReadOnlySpan<byte> rgb = picture.GetBytes(Tags.PixelData).Span;
        int columns = (int)picture.GetInteger(Tags.Columns)!;
        double sum = 0, count = 0;
        for (int row = 0; row < side; row++)
        {
            for (int x = 0; x < side; x++)
            {
                ReadOnlySpan<byte> pixel = rgb.Slice(((row * columns) + x) * 3, 3);
                double length = Length(pixel[0], pixel[1], pixel[2]), wanted = Length(organ.Rgb[0], organ.Rgb[1], organ.Rgb[2]);
                double along = ((pixel[0] * organ.Rgb[0]) + (pixel[1] * organ.Rgb[1]) + (pixel[2] * organ.Rgb[2])) / (length * wanted);
                if (length > 60 && along > 0.995)
                {
                    (sum, count) = (sum + x, count + 1);
                }
            }
        }

        Assert.True(count > 500, "the organ is not seen");
        return sum / count / side;
    }

    private static double Length(int red, int green, int blue) => Math.Sqrt((red * red) + (green * green) + (blue * blue)) + 1e-9;

    private static void Save(DataSet[] views, string path)
    {
        int columns = (int)views[0].GetInteger(Tags.Columns)!, rows = (int)views[0].GetInteger(Tags.Rows)!;
        int[] shown = [0, 2, 4, 6];
        using SKBitmap page = new(new SKImageInfo(columns * 2, rows * 2, SKColorType.Rgba8888, SKAlphaType.Opaque));
        foreach ((int place, int view) in shown.Index())
        {
            byte[] rgb = views[view].GetBytes(Tags.PixelData).ToArray();
            for (int i = 0; i < rows * columns; i++)
            {
                page.SetPixel(
                    (i % columns) + (place % 2 * columns), (i / columns) + (place / 2 * rows),
                    new SKColor(rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]));
            }
        }

        using SKData png = page.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, png.ToArray());
    }
}
