namespace Appliance.Kernels;

/// <summary>Floats in lanes: what a kernel's body computes with.</summary>
/// <remarks>
/// Two forms: one lane (a GPU thread, and the end of a row on the CPU) and eight (Vector256). Every operation is rounded once, as IEEE
/// 754 says, in both forms and on the GPU (the generator of PTX forbids fusing), so that all machines agree bit for bit.
/// </remarks>
/// <typeparam name="TFloat">The implementing type.</typeparam>
/// <typeparam name="TInt">Its 32-bit integers.</typeparam>
/// <typeparam name="TMask">Its truth values.</typeparam>
public interface IFloats<TFloat, TInt, TMask>
    where TFloat : struct, IFloats<TFloat, TInt, TMask>
    where TInt : struct, IInts<TInt, TMask>
    where TMask : struct, IMasks<TMask>
{
    static abstract int Width { get; }

    static abstract TFloat operator +(TFloat a, TFloat b);

    static abstract TFloat operator -(TFloat a, TFloat b);

    static abstract TFloat operator *(TFloat a, TFloat b);

    static abstract TFloat operator /(TFloat a, TFloat b);

    static abstract TFloat Set(float value);

    static abstract TFloat From(TInt value);

    /// <summary>Towards zero. The value must fit into 32 bits: machines differ on what does not.</summary>
    static abstract TInt Truncate(TFloat value);

    /// <summary>a &lt; b ? a : b, so b where one is not a number.</summary>
    static abstract TFloat Min(TFloat a, TFloat b);

    /// <summary>a &gt; b ? a : b, so b where one is not a number.</summary>
    static abstract TFloat Max(TFloat a, TFloat b);

    static abstract TFloat Sqrt(TFloat value);

    static abstract TMask Less(TFloat a, TFloat b);

    static abstract TMask LessOrEqual(TFloat a, TFloat b);

    static abstract TFloat Select(TMask mask, TFloat yes, TFloat no);

    /// <summary>The float whose bits are <paramref name="bits"/>.</summary>
    static abstract TFloat FromBits(TInt bits);

    /// <summary>Width samples from element i on.</summary>
    static abstract TFloat Load(View<float> from, long i);

    /// <summary>Elements first + index, lane by lane.</summary>
    static abstract TFloat Gather(View<float> from, long first, TInt index);

    static abstract void Store(View<float> to, long i, TFloat value);

    /// <summary>Stores past the caches where the place allows: for volumes that are not read again soon.</summary>
    static abstract void Stream(View<float> to, long i, TFloat value);
}
