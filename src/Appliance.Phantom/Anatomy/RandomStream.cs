using System.Numerics;

namespace Appliance.Phantom.Anatomy;

/// <summary>
/// Random numbers that never change: xoshiro256** seeded by splitmix64, written out here so that no runtime can
/// replace it.
/// </summary>
/// <remarks>Blackman and Vigna, "Scrambled linear pseudorandom number generators". Normals by Marsaglia's polar method.</remarks>
public sealed class RandomStream
{
    private readonly Func<double> unit;
    private readonly Func<double> normal;
    private ulong a;
    private ulong b;
    private ulong c;
    private ulong d;
    private double spare = double.NaN;

    public RandomStream(ulong seed)
    {
        a = Scramble(ref seed);
        b = Scramble(ref seed);
        c = Scramble(ref seed);
        d = Scramble(ref seed);
        unit = NextUnit;
        normal = NextNormal;
    }

    /// <summary>
    /// A stream whose numbers come from elsewhere, for instance recorded from another implementation of the same
    /// anatomy.
    /// </summary>
    /// <param name="unit">Uniform in [0, 1).</param>
    /// <param name="normal">Standard normal.</param>
    public RandomStream(Func<double> unit, Func<double> normal)
    {
        this.unit = unit;
        this.normal = normal;
    }

    /// <summary>
    /// A further stream, independent of this one, for purpose or slice <paramref name="number"/> of <paramref
    /// name="seed"/>.
    /// </summary>
    public static RandomStream Of(ulong seed, ulong number)
    {
        ulong mixed = seed;
        ulong first = Scramble(ref mixed);
        mixed = first ^ (number * 0xD1B54A32D192ED03UL);
        return new RandomStream(Scramble(ref mixed));
    }

    /// <summary>64 raw bits; only of a stream made from a seed.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(b * 5, 7) * 9;
        ulong t = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= t;
        d = BitOperations.RotateLeft(d, 45);
        return result;
    }

    /// <summary>Uniform in [low, high).</summary>
    public float Between(double low, double high) => (float)(low + ((high - low) * unit()));

    /// <summary>Normal with this mean and standard deviation.</summary>
    public float Normal(double mean, double deviation) => (float)(mean + (deviation * normal()));

    public bool Chance(double probability) => unit() < probability;

    /// <summary>A whole number in [low, high).</summary>
    public int Integer(int low, int high) => low + (int)(unit() * (high - low));

    /// <summary>An index, drawn with these probabilities (their sum is 1).</summary>
    public int Choice(params ReadOnlySpan<double> probabilities)
    {
        double at = unit();
        for (int i = 0; i < probabilities.Length - 1; i++)
        {
            at -= probabilities[i];
            if (at < 0)
            {
                return i;
            }
        }

        return probabilities.Length - 1;
    }

    private static ulong Scramble(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    private double NextNormal()
    {
        if (!double.IsNaN(spare))
        {
            double kept = spare;
            spare = double.NaN;
            return kept;
        }

        double x, y, square;
        do
        {
            x = (2 * NextUnit()) - 1;
            y = (2 * NextUnit()) - 1;
            square = (x * x) + (y * y);
        }
        while (square is >= 1 or 0);

        double scale = Math.Sqrt(-2 * Math.Log(square) / square);
        spare = y * scale;
        return x * scale;
    }
}
