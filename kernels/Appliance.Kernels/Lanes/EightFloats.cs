#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Appliance.Kernels;

/// <summary>Eight lanes in a Vector256: the CPU.</summary>
public readonly unsafe struct EightFloat : IFloats<EightFloat, EightInt, EightMask>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly Vector256<float> value;

    [MethodImpl(Inline)]
    public EightFloat(Vector256<float> value) => this.value = value;

    public static int Width => 8;

    public Vector256<float> Value
    {
        [MethodImpl(Inline)]
        get => value;
    }

    [MethodImpl(Inline)]
    public static EightFloat operator +(EightFloat a, EightFloat b) => new(a.value + b.value);

    [MethodImpl(Inline)]
    public static EightFloat operator -(EightFloat a, EightFloat b) => new(a.value - b.value);

    [MethodImpl(Inline)]
    public static EightFloat operator *(EightFloat a, EightFloat b) => new(a.value * b.value);

    [MethodImpl(Inline)]
    public static EightFloat operator /(EightFloat a, EightFloat b) => new(a.value / b.value);

    [MethodImpl(Inline)]
    public static EightFloat Set(float value) => new(Vector256.Create(value));

    [MethodImpl(Inline)]
    public static EightFloat From(EightInt value) => new(Vector256.ConvertToSingle(value.Value));

    [MethodImpl(Inline)]
    public static EightInt Truncate(EightFloat value) => new(Vector256.ConvertToInt32Native(value.value));

    [MethodImpl(Inline)]
    public static EightFloat Min(EightFloat a, EightFloat b) => new(Vector256.MinNative(a.value, b.value));

    [MethodImpl(Inline)]
    public static EightFloat Max(EightFloat a, EightFloat b) => new(Vector256.MaxNative(a.value, b.value));

    [MethodImpl(Inline)]
    public static EightFloat Sqrt(EightFloat value) => new(Vector256.Sqrt(value.value));

    [MethodImpl(Inline)]
    public static EightMask Less(EightFloat a, EightFloat b) => new(Vector256.LessThan(a.value, b.value).AsInt32());

    [MethodImpl(Inline)]
    public static EightMask LessOrEqual(EightFloat a, EightFloat b) => new(Vector256.LessThanOrEqual(a.value, b.value).AsInt32());

    [MethodImpl(Inline)]
    public static EightFloat Select(EightMask mask, EightFloat yes, EightFloat no) =>
        new(Vector256.ConditionalSelect(mask.Value.AsSingle(), yes.value, no.value));

    [MethodImpl(Inline)]
    public static EightFloat FromBits(EightInt bits) => new(bits.Value.AsSingle());

    [MethodImpl(Inline)]
    public static EightFloat Load(View<float> from, long i) => new(Vector256.Load(from.Pointer + i));

    [MethodImpl(Inline)]
    public static EightFloat Gather(View<float> from, long first, EightInt index)
    {
        float* p = from.Pointer + first;
        Vector256<int> i = index.Value;
        return Avx2.IsSupported
            ? new(Avx2.GatherVector256(p, i, 4))
            : new(Vector256.Create(p[i[0]], p[i[1]], p[i[2]], p[i[3]], p[i[4]], p[i[5]], p[i[6]], p[i[7]]));
    }

    [MethodImpl(Inline)]
    public static void Store(View<float> to, long i, EightFloat value) => value.value.Store(to.Pointer + i);

    [MethodImpl(Inline)]
    public static void Stream(View<float> to, long i, EightFloat value)
    {
        float* p = to.Pointer + i;
        if (((nint)p & 31) == 0)
        {
            value.value.StoreAlignedNonTemporal(p);
        }
        else
        {
            value.value.Store(p);
        }
    }
}

public readonly struct EightMask : IMasks<EightMask>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EightMask(Vector256<int> value) => Value = value;

    /// <summary>All bits of a lane set, or none.</summary>
    public Vector256<int> Value { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightMask operator &(EightMask a, EightMask b) => new(a.Value & b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightMask operator |(EightMask a, EightMask b) => new(a.Value | b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightMask operator ~(EightMask a) => new(~a.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool None(EightMask mask) => Vector256.ExtractMostSignificantBits(mask.Value) == 0;
}
#endif
