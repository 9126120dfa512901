namespace Appliance.Imaging;

/// <summary>A volume on the network's grid in patient order: [z][y][x], x to the left, y to the back, z to the head, in HU.</summary>
public sealed record GridVolume(float[] Hu, int Z, int Y, int X);

/// <summary>Stage 2: Hounsfield units to the network's grid (model package, steps 2 and 3).</summary>
/// <remarks>
/// Axes are independent, so rows and columns are done when a slice arrives and only the slice axis is left for the end.
/// Planes are kept in double: then the order of axes, and so the scanner's orientation, does not change the result.
/// </remarks>
public static class Prepare
{
    public const double GridSpacingMm = 3;

    /// <summary>Spacings from here on are coarse enough not to need a blur.</summary>
    private const double BlurBelowMm = 2.6;

    /// <summary>Full width at half maximum in sigmas, and the share of it that the package blurs by.</summary>
    private const double FwhmInSigmas = 2.355, BlurShare = 0.8;

    public static Taps AxisTaps(int count, double spacing, double target, double truncate) =>
        Taps.Create(count, spacing, target, Sigma(spacing), truncate);

    /// <summary>The blur against aliasing along an axis, in its own samples.</summary>
    internal static double Sigma(double spacing) => spacing < BlurBelowMm ? GridSpacingMm / spacing / FwhmInSigmas * BlurShare : 0;

    /// <summary>One slice onto the grid's rows and columns: [rows.Outputs][columns.Outputs].</summary>
    /// <param name="scratch">One double for each source column.</param>
    public static double[] InPlane(ReadOnlySpan<float> hu, Taps rows, Taps columns, Span<double> scratch)
    {
        double[] plane = new double[rows.Outputs * columns.Outputs];
        for (int y = 0; y < rows.Outputs; y++)
        {
            scratch.Clear();
            int row = rows.Start(y);
            foreach (double weight in rows.Weights(y))
            {
                ReadOnlySpan<float> source = hu.Slice(row++ * columns.Inputs, columns.Inputs);
                for (int x = 0; x < source.Length; x++)
                {
                    scratch[x] += weight * source[x];
                }
            }

            for (int x = 0; x < columns.Outputs; x++)
            {
                plane[(y * columns.Outputs) + x] = WeightedSum(columns.Weights(x), scratch[columns.Start(x)..]);
            }
        }

        return plane;
    }

    /// <summary>Planes in stack order onto the grid's slices: [slices.Outputs][plane].</summary>
    public static double[][] AlongSlices(IReadOnlyList<double[]> planes, Taps slices)
    {
        double[][] volume = new double[slices.Outputs][];
        Parallel.For(0, slices.Outputs, k =>
        {
            double[] sum = new double[planes[0].Length];
            int plane = slices.Start(k);
            foreach (double weight in slices.Weights(k))
            {
                double[] source = planes[plane++];
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += weight * source[i];
                }
            }

            volume[k] = sum;
        });
        return volume;
    }

    /// <summary>Native order [slice][row][column] to patient order, by permuting and flipping axes only.</summary>
    public static GridVolume ToPatientOrder(double[][] volume, int rows, int columns, LpsAxes axes)
    {
        int[] counts = [volume.Length, rows, columns];
        (long start, long strideX, long strideY, long strideZ) = axes.Strides(counts);
        GridVolume grid = Empty(counts[axes.Native(2)], counts[axes.Native(1)], counts[axes.Native(0)]);
        int plane = rows * columns;
        int i = 0;
        for (int z = 0; z < grid.Z; z++)
        {
            for (int y = 0; y < grid.Y; y++)
            {
                long at = start + (z * strideZ) + (y * strideY);
                for (int x = 0; x < grid.X; x++, at += strideX)
                {
                    grid.Hu[i++] = (float)volume[at / plane][at % plane];
                }
            }
        }

        return grid;
    }

    private static GridVolume Empty(int z, int y, int x) => new(new float[z * y * x], z, y, x);

    private static double WeightedSum(ReadOnlySpan<double> weights, ReadOnlySpan<double> values)
    {
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            sum += weights[k] * values[k];
        }

        return sum;
    }
}
