namespace Appliance.Kernels;

/// <summary>Floats in lanes: what a kernel's body computes with.</summary>
/// <remarks>
/// Two forms: one lane (a GPU thread, and the end of a row on the CPU) and eight (Vector256). Multiplication and addition are rounded
/// apart in both, so that lane code equals its scalar reference bit for bit.
/// </remarks>
/// <typeparam name="TFloat">The implementing type.</typeparam>
/// <typeparam name="TInt">Its 32-bit integers.</typeparam>
/// <typeparam name="TMask">Its truth values.</typeparam>
public interface ILanes<TFloat, TInt, TMask>
    where TFloat : struct, ILanes<TFloat, TInt, TMask>
    where TInt : struct
    where TMask : struct
{
    static abstract int Width { get; }

    static abstract TFloat Set(float value);

    static abstract TFloat Add(TFloat a, TFloat b);

    static abstract TFloat Multiply(TFloat a, TFloat b);

    static abstract TFloat Min(TFloat a, TFloat b);

    static abstract TFloat Max(TFloat a, TFloat b);

    /// <summary>Width samples from element i on, as floats.</summary>
    static abstract TFloat Load(View<short> from, long i);

    static abstract TFloat Load(View<ushort> from, long i);

    static abstract TFloat Load(View<byte> from, long i);

    static abstract void Store(View<float> to, long i, TFloat value);
}
