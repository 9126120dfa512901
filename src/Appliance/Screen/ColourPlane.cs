namespace Appliance.Daemon.Screen;

/// <summary>Draws the scanner's own plane of a series in colour: between pixels the mean of the four around, and no window.</summary>
/// <remarks>
/// No other plane: what has colours is no volume. <see cref="Kernels.Trilinear"/> reads one value of 16 bits for each voxel, and places
/// by the nearest pixel (<see cref="PlanePicture"/>) have no weights: neither does what is done here. One caller at a time.
/// </remarks>
public sealed class ColourPlane
{
    private const int One = 256; // a pixel's step in the fractions that are counted with

    private Between[] columns = [];
    private Between[] rows = [];

    /// <param name="across">Change of the column for each pixel, and the column of pixel 0.</param>
    /// <param name="down">The same for rows.</param>
    public unsafe void Draw(SeriesVolume volume, int slice, (float Step, float From) across, (float Step, float From) down, Canvas canvas)
    {
        (int width, int height) = (volume.Extent.Width, volume.Extent.Height);
        Place(ref columns, canvas.Width, across, width, 3);
        Place(ref rows, canvas.Height, down, height, 3 * width);
        byte* image = volume.Colours.Pointer + (3L * slice * width * height);
        byte* to = canvas.Colours.Pointer;
        for (int y = 0; y < canvas.Height; y++)
        {
            Between row = rows[y];
            byte* upper = image + row.First, lower = image + row.Second;
            for (int x = 0; x < canvas.Width; x++, to += 3)
            {
                Between column = columns[x];
                if (row.First < 0 || column.First < 0)
                {
                    to[0] = to[1] = to[2] = 0;
                    continue;
                }

                for (int i = 0; i < 3; i++)
                {
                    int above = (upper[column.First + i] * (One - column.Weight)) + (upper[column.Second + i] * column.Weight);
                    int below = (lower[column.First + i] * (One - column.Weight)) + (lower[column.Second + i] * column.Weight);
                    to[i] = (byte)(((above * (One - row.Weight)) + (below * row.Weight) + (One * One / 2)) / (One * One));
                }
            }
        }
    }

    private static void Place(ref Between[] places, int pixels, (float Step, float From) line, int count, int stride)
    {
        if (places.Length < pixels)
        {
            places = new Between[pixels];
        }

        for (int i = 0; i < pixels; i++)
        {
            // Rounded and not cut off: what lies on a pixel is that pixel, whatever the float says.
            int at = (int)MathF.Round((line.From + (line.Step * i)) * One);
            if (at < -One / 2 || at > ((count - 1) * One) + (One / 2))
            {
                places[i] = new Between(-1, -1, 0);
                continue;
            }

            at = Math.Clamp(at, 0, (count - 1) * One);
            int first = at / One;
            places[i] = new Between(first * stride, Math.Min(first + 1, count - 1) * stride, at % One);
        }
    }

    /// <param name="First">Offset of the pixel before; -1 outside.</param>
    /// <param name="Weight">Of the pixel behind, of <see cref="One"/>.</param>
    private readonly record struct Between(int First, int Second, int Weight);
}
