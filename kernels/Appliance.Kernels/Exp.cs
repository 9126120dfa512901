using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>e to a power in lanes: within 2 units in the last place of the true value from -87 to 88, clamped beyond.</summary>
/// <remarks>
/// x = n ln 2 + r with ln 2 in two parts (Cody and Waite), e^r by the polynomial of Cephes' expf (Moshier, 1989), 2^n by the exponent's
/// bits. The same operations on all machines: the same bits.
/// </remarks>
public static class Exp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Of<TFloat, TInt, TMask>(TFloat x)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        x = TFloat.Min(TFloat.Max(x, TFloat.Set(-87)), TFloat.Set(88));

        // Rounded to the nearest by truncation of a positive number: 128 is more than 87 / ln 2.
        TInt n = TFloat.Truncate((x * TFloat.Set(1.44269504f)) + TFloat.Set(128.5f)) - TInt.Set(128);
        TFloat whole = TFloat.From(n);
        TFloat r = (x - (whole * TFloat.Set(0.693359375f))) - (whole * TFloat.Set(-2.12194440e-4f));
        TFloat p = TFloat.Set(1.9875691500e-4f);
        p = (p * r) + TFloat.Set(1.3981999507e-3f);
        p = (p * r) + TFloat.Set(8.3334519073e-3f);
        p = (p * r) + TFloat.Set(4.1665795894e-2f);
        p = (p * r) + TFloat.Set(1.6666665459e-1f);
        p = (p * r) + TFloat.Set(5.0000001201e-1f);
        TFloat power = ((p * r * r) + r) + TFloat.Set(1);
        return power * TFloat.FromBits((n + TInt.Set(127)) << 23);
    }
}
