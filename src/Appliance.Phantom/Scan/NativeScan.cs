using Appliance.Phantom.Anatomy;
using Appliance.Phantom.Series;

namespace Appliance.Phantom.Scan;

/// <summary>One slice: Hounsfield units and the organ of each pixel, [row][column].</summary>
public sealed record NativeSlice(short[] Hu, Organ[] Truth);

/// <summary>A phantom as a scanner shows it, slice by slice. Slices can be made in any order, on any thread.</summary>
/// <remarks>
/// The body grows on a lattice of 1.6 x 1.6 x 2 mm. Blur, shading and mottle are put on there; a slice samples that linearly, and
/// its noise is made at its own resolution. Blur and noise are chosen so that, after the network's own blur and resampling,
/// its 3 mm grid shows what <see cref="Acquisition"/> says.
/// </remarks>
public sealed class NativeScan
{
    private readonly ulong seed;
    private readonly Acquisition acquisition;
    private readonly LatticeSampler sampler;
    private readonly ScannerNoise noise;

    private NativeScan(ulong seed, SeriesGeometry geometry, Acquisition acquisition, LatticeSampler sampler)
    {
        this.seed = seed;
        Geometry = geometry;
        this.acquisition = acquisition;
        this.sampler = sampler;
        noise = new ScannerNoise(acquisition, geometry);
    }

    public SeriesGeometry Geometry { get; }

    /// <summary>Grows the body and lays it before the scanner. Takes seconds.</summary>
    /// <param name="lesions">How many tumours the liver holds; null: as the seed says.</param>
    public static NativeScan Make(ulong seed, SeriesGeometry geometry, int? lesions = null)
    {
        // 1. The body and its tissues.
        Lattice lattice = geometry.BodyLattice();
        Tissue[] tissues = Torso.Grow(Streams.Body.Of(seed), lattice, OrganSizes.Calibrated, lesions).Tissues;
        float[] hu = TissueValues.OfSeed(seed).Render(tissues, lattice, Streams.Mottle.Of(seed));

        // 2. What the scanner makes of it, but for its noise.
        Acquisition acquisition = Acquisition.OfSeed(seed);
        SystemBlur system = SystemBlur.Of(lattice, geometry);
        GaussianBlur.Apply(
            hu, lattice, system.InPlaneToAdd(acquisition.BlurMm) / lattice.Pitch, system.AcrossToAdd(acquisition.BlurZMm) / lattice.PitchZ);
        acquisition.Shade(hu, lattice, Streams.Shading.Of(seed));
        return new NativeScan(seed, geometry, acquisition, new LatticeSampler(lattice, hu, Array.ConvertAll(tissues, Organs.Of), geometry));
    }

    /// <param name="slice">Counted along the normal.</param>
    public NativeSlice Slice(int slice)
    {
        float[] signal = new float[Geometry.Rows * Geometry.Columns];
        Organ[] truth = new Organ[signal.Length];
        sampler.Sample(slice, signal, truth);
        noise.AddTo(signal, seed, slice);
        short[] hu = new short[signal.Length];
        for (int i = 0; i < hu.Length; i++)
        {
            hu[i] = (short)MathF.Round(acquisition.Reported(signal[i]));
        }

        return new NativeSlice(hu, truth);
    }
}

/// <summary>Blur that comes by itself on the way from the lattice to the network's grid, as variances in mm².</summary>
/// <remarks>Linear interpolation over a pitch p blurs about like a Gaussian of variance p²/6; the network's own is in the README
/// of its package.</remarks>
internal readonly record struct SystemBlur(float InPlane, float Across)
{
    private const float NetworkSigmaMm = Lattice.NetworkPitchMm / 2.355f * .8f;
    private const float NetworkBlursBelowMm = 2.6f;

    public static SystemBlur Of(Lattice lattice, SeriesGeometry geometry) => new(
        (lattice.Pitch * lattice.Pitch / 6) + Network(geometry.PixelMm), (lattice.PitchZ * lattice.PitchZ / 6) + Network(geometry.SliceMm));

    /// <summary>Variance that the network's blur and resampling add to what was scanned at this spacing, mm².</summary>
    public static float Network(double spacingMm) =>
        (spacingMm < NetworkBlursBelowMm ? NetworkSigmaMm * NetworkSigmaMm : 0) + (float)(spacingMm * spacingMm / 6);

    public float InPlaneToAdd(float wantedMm) => MathF.Sqrt(Math.Max(0, (wantedMm * wantedMm) - InPlane));

    public float AcrossToAdd(float wantedMm) => MathF.Sqrt(Math.Max(0, (wantedMm * wantedMm) - Across));
}
