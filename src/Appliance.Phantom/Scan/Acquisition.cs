using Appliance.Phantom.Anatomy;

namespace Appliance.Phantom.Scan;

/// <summary>Streaks that turn around one point of the plane, as a piece of metal makes them.</summary>
public sealed record Streaks(float X, float Y, int Spokes, float Phase, float Hu, float ReachMm)
{
    public float At(float x, float y)
    {
        float dx = x - X, dy = y - Y;
        return MathF.Sin((MathF.Atan2(dy, dx) * Spokes) + Phase) * Hu * MathF.Exp(-MathF.Sqrt((dx * dx) + (dy * dy)) / ReachMm);
    }
}

/// <summary>How well one scan shows the body: blur, noise, shading, streaks, calibration. As the network's 3 mm grid sees it.</summary>
public sealed record Acquisition
{
    private const float Pitch = Lattice.NetworkPitchMm;

    /// <summary>Standard deviation of the blur within slices and across them, mm.</summary>
    public required float BlurMm { get; init; }

    public required float BlurZMm { get; init; }

    /// <summary>Standard deviation of the noise on the network's grid, HU, before the gain.</summary>
    public required float NoiseHu { get; init; }

    /// <summary>Standard deviation of the noise's grain within slices, mm; 0: none.</summary>
    public required float GrainMm { get; init; }

    /// <summary>Spread of slow shading, HU; mostly 0.</summary>
    public required float ShadingHu { get; init; }

    public required float Gain { get; init; }

    public required float OffsetHu { get; init; }

    public required Streaks? Streaks { get; init; }

    /// <summary>The scan of a seed; noise goes evenly from little to much among seeds in a row.</summary>
    public static Acquisition OfSeed(ulong seed) => Draw(Streams.Acquisition.Of(seed)) with
    {
        NoiseHu = Noise(EvenSpread.Of(seed, EvenSpread.Silver)),
    };

    private static Acquisition Draw(RandomStream random)
    {
        const double coarsest = .8, finestGrain = .2;
        float blur = random.Between(.25, .85) * Pitch;
        float blurZ = (random.Chance(.5) ? random.Between(.2, 1.6) : random.Between(.2, .6)) * Pitch;
        float noise = Noise(random.Between(0, 1));
        float grain = random.Between(0, coarsest);
        float shading = random.Chance(.3) ? random.Between(2, 10) : 0;
        Streaks? streaks = random.Chance(.1)
            ? new Streaks(
                random.Between(-33.5, 34.5) * Pitch, random.Between(-33.5, 34.5) * Pitch, random.Integer(6, 24),
                random.Between(0, 6), random.Between(5, 40), random.Between(15, 50) * Pitch)
            : null;
        return new Acquisition
        {
            BlurMm = blur,
            BlurZMm = blurZ,
            NoiseHu = noise,
            GrainMm = grain > finestGrain ? grain * Pitch : 0,
            ShadingHu = shading,
            Streaks = streaks,
            Gain = random.Between(.97, 1.03),
            OffsetHu = random.Between(-8, 8),
        };
    }

    /// <summary>From 4 to 38 HU, evenly in the logarithm.</summary>
    private static float Noise(double share) => (float)(4 * Math.Pow(38 / 4.0, share));

    /// <summary>Adds shading and streaks.</summary>
    internal void Shade(float[] hu, Lattice lattice, RandomStream random)
    {
        const float shadingMm = 120;
        if (ShadingHu > 0)
        {
            SmoothField.Add(random, lattice, shadingMm, ShadingHu, hu);
        }

        if (Streaks is not Streaks streaks)
        {
            return;
        }

        Parallel.For(0, lattice.Rows, row =>
        {
            for (int column = 0; column < lattice.Columns; column++)
            {
                float streak = streaks.At(lattice.XAt(column), lattice.YAt(row));
                for (int i = (row * lattice.Columns) + column; i < hu.Length; i += lattice.SliceSize)
                {
                    hu[i] += streak;
                }
            }
        });
    }

    /// <summary>What the scanner reports for this signal.</summary>
    internal float Reported(float hu) => Math.Clamp((hu * Gain) + OffsetHu, LowestHu, HighestHu);

    internal const float LowestHu = -1024, HighestHu = 3000;
}
