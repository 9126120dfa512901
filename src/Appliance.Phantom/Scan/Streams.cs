using Appliance.Phantom.Anatomy;

namespace Appliance.Phantom.Scan;

/// <summary>What a phantom draws random numbers for, each from a stream of its own: a change to one leaves the others as they
/// were.</summary>
internal enum Streams : byte
{
    Body, Tissues, Mottle, Acquisition, Noise, Shading, Identity,
}

internal static class StreamOf
{
    // Slices draw from streams beyond these.
    private const int Purposes = 16;

    public static RandomStream Of(this Streams purpose, ulong seed) => RandomStream.Of(seed, (ulong)purpose);

    /// <summary>The stream of one slice, so that slices can be made in any order.</summary>
    public static RandomStream Of(this Streams purpose, ulong seed, int slice) =>
        RandomStream.Of(seed, (ulong)purpose + (ulong)((slice + 1) * Purposes));
}

/// <summary>
/// Numbers in [0, 1) that fill the range evenly for seeds in a row: a dozen phantoms then hold little and much of everything.
/// </summary>
/// <remarks>Multiples of an irrational number, modulo 1 (Weyl); two irrational numbers make two independent sequences.</remarks>
internal static class EvenSpread
{
    /// <summary>The golden ratio less one, as a fraction of 2^64.</summary>
    public const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The square root of two less one.</summary>
    public const ulong Silver = 0x6A09E667F3BCC909;

    public static double Of(ulong seed, ulong step) => (unchecked(seed * step) >> 11) * (1.0 / (1UL << 53));
}
