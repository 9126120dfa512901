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
