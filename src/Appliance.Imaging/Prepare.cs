using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>A volume on the network's grid in patient order: [z][y][x], x to the left, y to the back, z to the head, in HU.</summary>
public sealed record GridVolume(float[] Hu, int Z, int Y, int X);

/// <summary>Stage 2: Hounsfield units to the network's grid (model package, steps 2 and 3).</summary>
/// <remarks>
/// Axes are independent, so rows and columns are done when a slice arrives and only the slice axis is left for the end. Sums are in
/// float, as the package's own are: the order of axes, and so the scanner's orientation, moves a value by 3e-4 HU at most, where the
/// package asks for 0.05 HU.
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

    /// <summary>Planes in stack order onto the grid's slices: [slices.Outputs][plane].</summary>
    /// <param name="until">Looked at before each of these.</param>
    public static float[] AlongSlices(IReadOnlyList<Memory<float>> planes, Taps slices, Deadline? until = null)
    {
        int pixels = planes[0].Length;
        float[] volume = GC.AllocateUninitializedArray<float>(checked(slices.Outputs * pixels));
        (until ?? Deadline.Never).For(slices.Outputs, k =>
        {
            ReadOnlySpan<double> weights = slices.Weights(k);
            Span<float> sum = volume.AsSpan(k * pixels, pixels);
            for (int i = 0; i < weights.Length; i++)
            {
                Add(planes[slices.Start(k) + i].Span, (float)weights[i], sum, i == 0);
            }
        });
        return volume;
    }

    /// <summary>sum = weight * plane, or that more.</summary>
    internal static unsafe void Add(ReadOnlySpan<float> plane, float weight, Span<float> sum, bool isFirst)
    {
        fixed (float* source = plane, target = sum)
        {
            WeightedSum.Plane kernel = new()
            {
                Source = new View<float>(source, plane.Length),
                Target = new View<float>(target, sum.Length),
                Width = plane.Length,
                Weight = weight,
                First = isFirst ? 1 : 0,
            };
            CpuLaunch.Lanes(kernel, plane.Length, 1, 0, 1);
        }
    }

    /// <summary>Native order [slice][row][column] to patient order, by permuting and flipping axes only.</summary>
    public static GridVolume ToPatientOrder(float[] volume, int rows, int columns, LpsAxes axes, Deadline? until = null)
    {
        int[] counts = [volume.Length / (rows * columns), rows, columns];
        GridVolume grid = Empty(counts[axes.Native(2)], counts[axes.Native(1)], counts[axes.Native(0)]);
        ToPatientOrder(volume, counts, axes, grid.Hu, until);
        return grid;
    }

    /// <summary>The same into memory of the caller's.</summary>
    /// <param name="counts">Native slices, rows and columns.</param>
    internal static unsafe void ToPatientOrder(
        ReadOnlySpan<float> volume, int[] counts, LpsAxes axes, Span<float> hu, Deadline? until = null)
    {
        (long start, long strideX, long strideY, long strideZ) = axes.Strides(counts);
        int x = counts[axes.Native(0)], y = counts[axes.Native(1)], z = counts[axes.Native(2)];
        fixed (float* source = volume, target = hu)
        {
            Reorient.Float kernel = new()
            {
                Source = new View<float>(source, volume.Length),
                Target = new View<float>(target, hu.Length),
                Width = x,
                Height = y,
                Axes = new Reorient.Axes { Start = start, StrideX = (int)strideX, StrideY = (int)strideY, StrideZ = strideZ },
            };
            Compute.Shared.Do((kernel, z), Turn, wide: true, until);
        }
    }

    private static void Turn(LaunchQueue on, in (Reorient.Float Kernel, int Planes) asked)
    {
        Reorient.Float kernel = asked.Kernel;
        (kernel.Source, kernel.Target) = (on.In(kernel.Source), on.Out(kernel.Target));
        on.Lanes(kernel, kernel.Width, kernel.Height, asked.Planes);
    }

    private static GridVolume Empty(int z, int y, int x) => new(GC.AllocateUninitializedArray<float>(checked(z * y * x)), z, y, x);
}
