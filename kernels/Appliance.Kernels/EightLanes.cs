#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Appliance.Kernels;

/// <summary>Eight lanes in a Vector256: the CPU.</summary>
public readonly unsafe struct EightFloat : ILanes<EightFloat, EightInt, EightMask>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly Vector256<float> value;

    [MethodImpl(Inline)]
    private EightFloat(Vector256<float> value) => this.value = value;

    public static int Width => 8;

    [MethodImpl(Inline)]
    public static EightFloat Set(float value) => new(Vector256.Create(value));

    [MethodImpl(Inline)]
    public static EightFloat Add(EightFloat a, EightFloat b) => new(a.value + b.value);

    [MethodImpl(Inline)]
    public static EightFloat Multiply(EightFloat a, EightFloat b) => new(a.value * b.value);

    [MethodImpl(Inline)]
    public static EightFloat Min(EightFloat a, EightFloat b) => new(Vector256.MinNative(a.value, b.value));

    [MethodImpl(Inline)]
    public static EightFloat Max(EightFloat a, EightFloat b) => new(Vector256.MaxNative(a.value, b.value));

    [MethodImpl(Inline)]
    public static EightFloat Load(View<short> from, long i) =>
        new(Vector256.ConvertToSingle(Vector256.WidenLower(Vector128.Load(from.Pointer + i).ToVector256Unsafe())));

    [MethodImpl(Inline)]
    public static EightFloat Load(View<ushort> from, long i) =>
        new(Vector256.ConvertToSingle(Vector256.WidenLower(Vector128.Load(from.Pointer + i).ToVector256Unsafe()).AsInt32()));

    [MethodImpl(Inline)]
    public static EightFloat Load(View<byte> from, long i)
    {
        Vector128<ushort> wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)(from.Pointer + i)).AsByte());
        return new(Vector256.ConvertToSingle(Vector256.WidenLower(wide.ToVector256Unsafe()).AsInt32()));
    }

    [MethodImpl(Inline)]
    public static void Store(View<float> to, long i, EightFloat value) => value.value.Store(to.Pointer + i);
}

public readonly struct EightInt(Vector256<int> value)
{
    public Vector256<int> Value { get; } = value;
}

public readonly struct EightMask(Vector256<int> value)
{
    public Vector256<int> Value { get; } = value;
}
#endif
