using System.Numerics.Tensors;
using Appliance.Phantom.Anatomy;

namespace Appliance.Phantom.Scan;

/// <summary>A phantom as the network's 3 mm grid would show it: no scanner geometry in between. For measuring a network.</summary>
/// <param name="Hu">[slice][row][column].</param>
/// <param name="Truth">The organ of each voxel.</param>
public sealed record GridScan(Lattice Lattice, float[] Hu, Organ[] Truth)
{
    /// <summary>A random slab of the body of this seed.</summary>
    public static GridScan Make(ulong seed)
    {
        RandomStream random = Streams.Body.Of(seed);
        return Make(seed, random, Lattice.RandomSlab(random));
    }

    /// <summary>The body of this seed on a given lattice of the network's pitch.</summary>
    public static GridScan Make(ulong seed, Lattice lattice) => Make(seed, Streams.Body.Of(seed), lattice);

    private static GridScan Make(ulong seed, RandomStream random, Lattice lattice)
    {
        // 1. The body and its tissues.
        Tissue[] tissues = Torso.Grow(random, lattice, OrganSizes.Calibrated).Tissues;
        float[] hu = TissueValues.OfSeed(seed).Render(tissues, lattice, Streams.Mottle.Of(seed));

        // 2. What the scanner makes of it.
        Acquisition acquisition = Acquisition.OfSeed(seed);
        GaussianBlur.Apply(hu, lattice, acquisition.BlurMm / lattice.Pitch, acquisition.BlurZMm / lattice.PitchZ);
        AddNoise(hu, lattice, acquisition, Streams.Noise.Of(seed));
        acquisition.Shade(hu, lattice, Streams.Shading.Of(seed));
        for (int i = 0; i < hu.Length; i++)
        {
            hu[i] = acquisition.Reported(hu[i]);
        }

        return new GridScan(lattice, hu, Array.ConvertAll(tissues, Organs.Of));
    }

    private static void AddNoise(float[] hu, Lattice lattice, Acquisition acquisition, RandomStream random)
    {
        float[] noise = new float[hu.Length];
        for (int i = 0; i < noise.Length; i++)
        {
            noise[i] = random.Normal(0, 1);
        }

        GaussianBlur.Apply(noise, lattice, acquisition.GrainMm / lattice.Pitch, 0);
        float spread = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(noise) / noise.Length);
        TensorPrimitives.MultiplyAdd(noise, acquisition.NoiseHu / spread, hu, hu);
    }
}
