using System.Numerics.Tensors;
using Appliance.Phantom.Anatomy;
using Appliance.Phantom.Series;

namespace Appliance.Phantom.Scan;

/// <summary>Noise with the grain of a reconstruction, at a slice's own resolution.</summary>
internal sealed class ScannerNoise
{
    // Each slice shares half of its neighbours' noise, as thin overlapping slices do.
    private const float NeighbourShare = .5f;

    // No reconstruction is sharper than this (standard deviation of its grain).
    private const double SharpestGrainMm = .8;

    private readonly SeriesGeometry geometry;
    private readonly float[] kernel;
    private readonly float scale;

    /// <remarks>
    /// On the network's grid the grain of the slice and the network's own blur add up, and lower the noise. Both are undone
    /// here, so that the grid shows the wanted grain where that is coarser than the network's blur, and the wanted spread.
    /// </remarks>
    public ScannerNoise(Acquisition acquisition, SeriesGeometry geometry)
    {
        this.geometry = geometry;
        double network = SystemBlur.Network(geometry.PixelMm), networkAcross = SystemBlur.Network(geometry.SliceMm);
        double grain = Math.Max((acquisition.GrainMm * acquisition.GrainMm) - network, SharpestGrainMm * SharpestGrainMm);
        double grainAcross = 2 * NeighbourShare / (1 + (2 * NeighbourShare)) * geometry.SliceMm * geometry.SliceMm;
        double left = grain / (grain + network) * Math.Sqrt(grainAcross / (grainAcross + networkAcross));
        kernel = GaussianBlur.Weights((float)(Math.Sqrt(grain) / geometry.PixelMm));

        // Spread of one pixel: the kernel's in both directions, the three slices', and of a sum of four uniform numbers.
        double spread = TensorPrimitives.SumOfSquares<float>(kernel)
            * Math.Sqrt((1 + (2 * NeighbourShare * NeighbourShare)) / 3);
        scale = (float)(acquisition.NoiseHu / Math.Sqrt(left) / spread);
    }

    public void AddTo(Span<float> signal, ulong seed, int slice)
    {
        float[] noise = new float[signal.Length];
        AddWhite(noise, seed, slice - 1, NeighbourShare);
        AddWhite(noise, seed, slice, 1);
        AddWhite(noise, seed, slice + 1, NeighbourShare);
        GaussianBlur.InPlane(noise, geometry.Rows, geometry.Columns, kernel);
        TensorPrimitives.MultiplyAdd(noise, scale, signal, signal);
    }

    /// <summary>Adds white noise of variance 1/3 from the slice's own stream, times a share.</summary>
    private static void AddWhite(float[] into, ulong seed, int slice, float share)
    {
        RandomStream random = Streams.Noise.Of(seed, slice + 1);
        float unit = share / (ushort.MaxValue + 1);
        for (int i = 0; i < into.Length; i++)
        {
            ulong bits = random.NextBits();
            int sum = (int)((bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48));
            into[i] += unit * (sum - (2 * ushort.MaxValue));
        }
    }
}
