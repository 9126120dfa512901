using Appliance.Kernels;

namespace Appliance.Daemon.Screen;

/// <summary>What is seen in space: how dense and of which colour each value is, and how organs differ from it.</summary>
public sealed class SpaceLook : IDisposable
{
    private const int Entries = 256;

    /// <summary>Lifted values from 0 to this have an entry of their own each dozen.</summary>
    private const float Highest = 3_072;

    /// <summary>
    /// The density of what has no organ in the look of organs: none that anybody sees, but something that an organ's factor can multiply.
    /// </summary>
    private const float Trace = 1e-5f;

    private readonly Pixels<float> alphas = new(Entries);
    private readonly Pixels<int> colours = new(Entries);
    private readonly Pixels<int> tints = new(Entries);
    private readonly Pixels<float> visibility = new(Entries);
    private readonly float[] densities = new float[Entries];
    private readonly float perMm;

    /// <param name="name">bone, skin or organs.</param>
    /// <param name="strength">Of the organs' colours, 0 to 1.</param>
    public SpaceLook(SeriesFiles files, string name, double strength)
    {
        IReadOnlyList<ShownOrgan> organs = files.Labels?.Organs ?? [];
        ByLabel = name == "organs" && organs.Count > 0;
        float white;
        int shade;
        (From, white, perMm, shade) = files.Modality != "CT"
            ? ((float)files.Recommended.Centre + SliceReader.Lift, (float)files.Recommended.Width, 0.05f, 0xffffff)
            : ByLabel ? (1, 0, Trace, 0xffffff)
            : name == "skin" ? (SliceReader.Lift - 300, 500f, 0.5f, 0xa6bfe0)
            : (SliceReader.Lift + 180, 1_000f, 0.35f, 0xd4e4f2);
        for (int i = 0; i < Entries; i++)
        {
            // Dense within a few millimetres from the threshold on, and brighter with the value.
            float above = (i * Highest / Entries) - From;
            alphas.View[i] = ByLabel ? Trace : Math.Clamp(above / 250, 0, 1);
            colours.View[i] = Dim(shade, ByLabel ? 1 : Math.Clamp(0.55f + (0.45f * above / white), 0, 1));
            visibility.View[i] = 1;
        }

        int[] palette = [.. files.Labels?.Palette ?? []];
        int share = (int)(255 * (ByLabel ? Math.Max(0.35, strength) : name == "bone" ? strength * 0.6 : 0));
        for (int i = 0; i < Math.Min(organs.Count, Entries - 1); i++)
        {
            tints.View[i + 1] = palette[i] | (share << 24);
            densities[i + 1] = PerMmOf(organs[i].Name);
        }
    }

    /// <summary>What has an organ is seen, whatever its value; else what is above <see cref="From"/>.</summary>
    public bool ByLabel { get; }

    /// <summary>The lifted value above which something is seen.</summary>
    public float From { get; }

    /// <summary>For steps of that length.</summary>
    /// <param name="scratch">256 densities of a step, the caller's memory.</param>
    public RayCast.Palette PaletteFor(double stepMm, Pixels<float> scratch)
    {
        for (int i = 0; i < Entries; i++)
        {
            scratch.View[i] = ByLabel ? alphas.View[i] : Math.Min(1, alphas.View[i] * (float)(perMm * stepMm));
        }

        for (int i = 1; ByLabel && i < Entries; i++)
        {
            // What a longer step absorbs, so that an organ looks the same while somebody turns it.
            visibility.View[i] = (1 - MathF.Exp(-densities[i] * (float)stepMm)) / Trace;
        }

        return new RayCast.Palette
        {
            Alphas = scratch.View, Colours = colours.View, First = 0, PerValue = Entries / Highest, Tints = tints.View,
            Visibility = visibility.View, Least = ByLabel ? 2 * Trace : 0,
        };
    }

    public void Dispose()
    {
        alphas.Dispose();
        colours.Dispose();
        tints.Dispose();
        visibility.Dispose();
    }

    /// <summary>
    /// Absorption of a millimetre: lungs are a haze through which one sees the heart. A thinner one has rays walk through the whole chest.
    /// </summary>
    private static float PerMmOf(string organ) => organ.Contains("ung", StringComparison.Ordinal) ? 0.09f : 0.55f;

    private static int Dim(int colour, float share) =>
        (int)((colour & 255) * share) | ((int)((colour >> 8 & 255) * share) << 8) | ((int)((colour >> 16 & 255) * share) << 16);
}
