using Appliance.Kernels;

namespace Appliance.Daemon.Screen;

/// <summary>Draws a plane of a volume: a multiplanar reformat with window and labels.</summary>
public sealed class PlanePicture
{
    private int[] columnAt = [];
    private int[] rowAt = [];

    private readonly ColourPlane colours = new();

    /// <summary>Fills samples, or colours, and labels of the canvas, which has the size that is wished for.</summary>
    public void Draw(SeriesVolume volume, Plane plane, Wish wish, Canvas canvas)
    {
        Extent extent = volume.Extent;
        int[] counts = [extent.Width, extent.Height, extent.Depth];
        (double x, double y, double z) = volume.SpacingMm;
        double[] spacing = [x, y, z];
        int at = Math.Clamp(wish.At, 0, counts[plane.Through] - 1);

        // 1. Pixels to voxels: all of the plane fits at zoom 1, its middle is in the middle.
        double pixelMm = Math.Max(
            counts[plane.Across] * spacing[plane.Across] / wish.Width, counts[plane.Down] * spacing[plane.Down] / wish.Height) / wish.Zoom;
        (float acrossStep, float acrossFrom) = Line(
            counts[plane.Across], spacing[plane.Across], pixelMm, wish.Width, wish.X, plane.TurnsAcross);
        (float downStep, float downFrom) = Line(counts[plane.Down], spacing[plane.Down], pixelMm, wish.Height, wish.Y, plane.TurnsDown);

        // 2. Colours as they are; or grey values through the window, 0 to 255.
        if (volume.IsColour)
        {
            colours.Draw(volume, at, (acrossStep, acrossFrom), (downStep, downFrom), canvas);
        }
        else
        {
            Grey(volume, wish, Place(plane, at, acrossStep, acrossFrom, downStep, downFrom), canvas);
        }

        // 3. Labels of the nearest voxel: between two organs there is none that is a mean of both.
        if (wish.Labels > 0)
        {
            int[] steps = [1, extent.Width, extent.Width * extent.Height];
            Nearest(ref columnAt, canvas.Width, acrossStep, acrossFrom, counts[plane.Across], steps[plane.Across]);
            Nearest(ref rowAt, canvas.Height, downStep, downFrom, counts[plane.Down], steps[plane.Down]);
            Label(volume.Labels, at * steps[plane.Through], canvas);
        }
    }

    private static void Grey(SeriesVolume volume, Wish wish, Affine toSource, Canvas canvas)
    {
        (double scale, double offset) = new Window(wish.C, wish.W).ToGrey;
        Trilinear.Oblique oblique = new()
        {
            Source = volume.Values,
            Target = canvas.Samples,
            Extent = volume.Extent,
            Width = canvas.Width,
            Height = canvas.Height,
            ToSource = toSource,
            Line = new Rescale.Line
            {
                Scale = (float)scale,
                Offset = (float)(offset - (SliceReader.Lift * scale)),
                High = byte.MaxValue,
            },
        };
        CpuLaunch.Lanes(oblique, canvas.Width, canvas.Height, 0, 1);
    }

    /// <summary>Index of pixel 0 and change for each further one.</summary>
    private static (float Step, float From) Line(int count, double spacingMm, double pixelMm, int pixels, double middleMm, bool turns)
    {
        double step = pixelMm / spacingMm * (turns ? -1 : 1);
        double middle = ((count - 1) / 2.0) + (middleMm / spacingMm * (turns ? -1 : 1));
        return ((float)step, (float)(middle + (step * (0.5 - (pixels / 2.0)))));
    }

    private static Affine Place(Plane plane, int at, float acrossStep, float acrossFrom, float downStep, float downFrom)
    {
        Span<float> rows = stackalloc float[12];
        rows.Clear();
        rows[(4 * plane.Across) + 0] = acrossStep;
        rows[(4 * plane.Across) + 3] = acrossFrom;
        rows[(4 * plane.Down) + 1] = downStep;
        rows[(4 * plane.Down) + 3] = downFrom;
        rows[(4 * plane.Through) + 3] = at;
        return new Affine
        {
            Xx = rows[0], Xy = rows[1], X0 = rows[3], Yx = rows[4], Yy = rows[5], Y0 = rows[7], Zx = rows[8], Zy = rows[9], Z0 = rows[11],
        };
    }

    /// <summary>Offset of the nearest voxel for each pixel of a row or column; -1 outside.</summary>
    private static void Nearest(ref int[] offsets, int pixels, float step, float from, int count, int stride)
    {
        if (offsets.Length < pixels)
        {
            offsets = new int[pixels];
        }

        for (int i = 0; i < pixels; i++)
        {
            int index = (int)MathF.Floor(from + (step * i) + 0.5f);
            offsets[i] = index >= 0 && index < count ? index * stride : -1;
        }
    }

    private unsafe void Label(View<byte> labels, int plane, Canvas canvas)
    {
        Span<byte> target = canvas.Labels;
        byte* source = labels.Pointer + plane;
        for (int y = 0, i = 0; y < canvas.Height; y++)
        {
            for (int x = 0; x < canvas.Width; x++, i++)
            {
                target[i] = rowAt[y] < 0 || columnAt[x] < 0 ? (byte)0 : source[rowAt[y] + columnAt[x]];
            }
        }
    }
}
