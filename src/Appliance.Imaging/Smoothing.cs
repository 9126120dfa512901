using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>What makes a coarse volume fit to be looked at: steps become slopes, and labels reach a little beyond their organs.</summary>
internal static unsafe class Smoothing
{
    /// <summary>Binomial 1 2 1 along x, y and z; beyond the border its own value goes on.</summary>
    public static void Blur(short* values, Extent extent)
    {
        (int x, int y, int z) = (extent.Width, extent.Height, extent.Depth);
        for (int line = 0; line < y * z; line++)
        {
            Blur(values + ((long)line * x), x, 1);
        }

        for (int plane = 0; plane < z; plane++)
        {
            for (int column = 0; column < x; column++)
            {
                Blur(values + ((long)plane * x * y) + column, y, x);
            }
        }

        for (int column = 0; column < x * y; column++)
        {
            Blur(values + column, z, x * y);
        }
    }

    /// <summary>
    /// Voxels without a label take that of a neighbour along an axis: a ray that meets the slope of an organ meets its label.
    /// </summary>
    public static void Spread(byte* labels, Extent extent)
    {
        long count = (long)extent.Width * extent.Height * extent.Depth, plane = (long)extent.Width * extent.Height;
        foreach (long step in (ReadOnlySpan<long>)[1, extent.Width, plane])
        {
            // Ends of lines take from the next line: of no weight, since nothing is seen at the border of a scan.
            for (long i = 0; i + step < count; i++)
            {
                labels[i] = labels[i] == 0 ? labels[i + step] : labels[i];
            }

            for (long i = count - 1; i >= step; i--)
            {
                labels[i] = labels[i] == 0 ? labels[i - step] : labels[i];
            }
        }
    }

    private static void Blur(short* line, int count, long stride)
    {
        int before = line[0];
        for (int i = 0; i < count; i++)
        {
            int here = line[i * stride], after = i + 1 < count ? line[(i + 1) * stride] : here;
            line[i * stride] = (short)((before + (2 * here) + after + 2) >> 2);
            before = here;
        }
    }
}
