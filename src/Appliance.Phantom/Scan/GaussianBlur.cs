using System.Numerics.Tensors;
using Appliance.Phantom.Anatomy;

namespace Appliance.Phantom.Scan;

/// <summary>Separable Gaussian, cut at four standard deviations, mirrored at the border with the edge sample repeated.</summary>
internal static class GaussianBlur
{
    private const float Negligible = 1e-3f;

    /// <summary>Blurs a volume in place; standard deviations in voxels.</summary>
    public static void Apply(float[] hu, Lattice lattice, float sigmaInPlane, float sigmaAcross)
    {
        if (sigmaInPlane > Negligible)
        {
            float[] weights = Weights(sigmaInPlane);
            Parallel.For(0, lattice.Slices, slice =>
                InPlane(hu.AsSpan(slice * lattice.SliceSize, lattice.SliceSize), lattice.Rows, lattice.Columns, weights));
        }

        if (sigmaAcross > Negligible)
        {
            Across(hu, lattice, Weights(sigmaAcross));
        }
    }

    public static float[] Weights(float sigma)
    {
        int radius = (int)((4 * sigma) + .5f);
        float[] weights = new float[(2 * radius) + 1];
        for (int k = -radius; k <= radius; k++)
        {
            weights[k + radius] = MathF.Exp(-k * k / (2 * sigma * sigma));
        }

        TensorPrimitives.Divide(weights, TensorPrimitives.Sum<float>(weights), weights);
        return weights;
    }

    /// <summary>Blurs one slice in place, along columns of samples and then along rows.</summary>
    public static void InPlane(Span<float> slice, int rows, int columns, float[] weights)
    {
        int radius = weights.Length / 2;
        float[] down = new float[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            Span<float> into = down.AsSpan(row * columns, columns);
            for (int k = -radius; k <= radius; k++)
            {
                TensorPrimitives.MultiplyAdd(slice.Slice(Mirror(row + k, rows) * columns, columns), weights[k + radius], into, into);
            }
        }

        float[] padded = new float[columns + (2 * radius)];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> from = down.AsSpan(row * columns, columns);
            from.CopyTo(padded.AsSpan(radius));
            for (int k = 1; k <= radius; k++)
            {
                padded[radius - k] = from[Mirror(-k, columns)];
                padded[radius + columns - 1 + k] = from[Mirror(columns - 1 + k, columns)];
            }

            Span<float> into = slice.Slice(row * columns, columns);
            into.Clear();
            for (int k = 0; k < weights.Length; k++)
            {
                TensorPrimitives.MultiplyAdd(padded.AsSpan(k, columns), weights[k], into, into);
            }
        }
    }

    private static void Across(float[] hu, Lattice lattice, float[] weights)
    {
        int radius = weights.Length / 2, columns = lattice.Columns, size = lattice.SliceSize;
        Parallel.For(0, lattice.Rows, row =>
        {
            float[] blurred = new float[lattice.Slices * columns];
            for (int slice = 0; slice < lattice.Slices; slice++)
            {
                Span<float> into = blurred.AsSpan(slice * columns, columns);
                for (int k = -radius; k <= radius; k++)
                {
                    int from = (Mirror(slice + k, lattice.Slices) * size) + (row * columns);
                    TensorPrimitives.MultiplyAdd(hu.AsSpan(from, columns), weights[k + radius], into, into);
                }
            }

            for (int slice = 0; slice < lattice.Slices; slice++)
            {
                blurred.AsSpan(slice * columns, columns).CopyTo(hu.AsSpan((slice * size) + (row * columns)));
            }
        });
    }

    private static int Mirror(int at, int count)
    {
        while (at < 0 || at >= count)
        {
            at = at < 0 ? -1 - at : (2 * count) - 1 - at;
        }

        return at;
    }
}
