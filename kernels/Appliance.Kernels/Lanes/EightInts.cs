#if !GPU
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Appliance.Kernels;

/// <summary>Eight 32-bit integers in a Vector256.</summary>
public readonly unsafe struct EightInt : IInts<EightInt, EightMask>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public EightInt(Vector256<int> value) => Value = value;

    public Vector256<int> Value { get; }

    [MethodImpl(Inline)]
    public static EightInt operator +(EightInt a, EightInt b) => new(a.Value + b.Value);

    [MethodImpl(Inline)]
    public static EightInt operator -(EightInt a, EightInt b) => new(a.Value - b.Value);

    [MethodImpl(Inline)]
    public static EightInt operator *(EightInt a, EightInt b) => new(a.Value * b.Value);

    [MethodImpl(Inline)]
    public static EightInt operator &(EightInt a, EightInt b) => new(a.Value & b.Value);

    [MethodImpl(Inline)]
    public static EightInt operator |(EightInt a, EightInt b) => new(a.Value | b.Value);

    [MethodImpl(Inline)]
    public static EightInt operator <<(EightInt a, int bits) => new(Vector256.ShiftLeft(a.Value, bits));

    [MethodImpl(Inline)]
    public static EightInt operator >>(EightInt a, int bits) => new(Vector256.ShiftRightArithmetic(a.Value, bits));

    [MethodImpl(Inline)]
    public static EightInt Set(int value) => new(Vector256.Create(value));

    [MethodImpl(Inline)]
    public static EightInt Count(int first) => new(Vector256.Create(first) + Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7));

    [MethodImpl(Inline)]
    public static EightInt Min(EightInt a, EightInt b) => new(Vector256.Min(a.Value, b.Value));

    [MethodImpl(Inline)]
    public static EightInt Max(EightInt a, EightInt b) => new(Vector256.Max(a.Value, b.Value));

    [MethodImpl(Inline)]
    public static EightMask Less(EightInt a, EightInt b) => new(Vector256.LessThan(a.Value, b.Value));

    [MethodImpl(Inline)]
    public static EightMask Equal(EightInt a, EightInt b) => new(Vector256.Equals(a.Value, b.Value));

    [MethodImpl(Inline)]
    public static EightInt Select(EightMask mask, EightInt yes, EightInt no) =>
        new(Vector256.ConditionalSelect(mask.Value, yes.Value, no.Value));

    [MethodImpl(Inline)]
    public static bool AreSame(EightInt value, out int same)
    {
        same = value.Value.ToScalar();
        return value.Value == Vector256.Create(same);
    }

    [MethodImpl(Inline)]
    public static EightInt Load(View<byte> from, long i)
    {
        Vector128<byte> eight = Vector128.CreateScalarUnsafe(*(ulong*)(from.Pointer + i)).AsByte();
        return Avx2.IsSupported
            ? new(Avx2.ConvertToVector256Int32(eight))
            : new(Vector256.WidenLower(Vector128.WidenLower(eight).ToVector256Unsafe()).AsInt32());
    }

    [MethodImpl(Inline)]
    public static EightInt Load(View<short> from, long i) =>
        new(Vector256.WidenLower(Vector128.Load(from.Pointer + i).ToVector256Unsafe()));

    [MethodImpl(Inline)]
    public static EightInt Load(View<ushort> from, long i) =>
        new(Vector256.WidenLower(Vector128.Load(from.Pointer + i).ToVector256Unsafe()).AsInt32());

    [MethodImpl(Inline)]
    public static EightInt Load(View<int> from, long i) => new(Vector256.Load(from.Pointer + i));

    [MethodImpl(Inline)]
    public static EightInt Gather(View<byte> from, long first, EightInt index) =>
        new(Words(from.Pointer + first, index.Value, 1) & Vector256.Create(0xff));

    [MethodImpl(Inline)]
    public static EightInt Gather(View<short> from, long first, EightInt index)
    {
        Vector256<int> words = Words((byte*)(from.Pointer + first), index.Value, 2);
        return new(Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(words, 16), 16));
    }

    [MethodImpl(Inline)]
    public static EightInt Gather(View<int> from, long first, EightInt index) =>
        new(Words((byte*)(from.Pointer + first), index.Value, 4));

    [MethodImpl(Inline)]
    public static void GatherPair(View<short> from, long first, EightInt index, out EightInt low, out EightInt high)
    {
        Vector256<int> words = Words((byte*)(from.Pointer + first), index.Value, 2);
        low = new(Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(words, 16), 16));
        high = new(Vector256.ShiftRightArithmetic(words, 16));
    }

    [MethodImpl(Inline)]
    public static void Store(View<byte> to, long i, EightInt value)
    {
        Vector128<short> half = Sse2.IsSupported
            ? Sse2.PackSignedSaturate(value.Value.GetLower(), value.Value.GetUpper())
            : Vector128.Narrow(value.Value.GetLower(), value.Value.GetUpper());
        Vector128<byte> bytes = Sse2.IsSupported
            ? Sse2.PackUnsignedSaturate(half, half)
            : Vector128.Narrow(half.AsUInt16(), half.AsUInt16());
        *(ulong*)(to.Pointer + i) = bytes.AsUInt64().ToScalar();
    }

    [MethodImpl(Inline)]
    public static void StoreRgb(View<byte> to, long i, EightInt red, EightInt green, EightInt blue)
    {
        // Each lane becomes the word 00 b g r; the three low bytes of four words are moved together.
        Vector256<int> words = red.Value | Vector256.ShiftLeft(green.Value, 8) | Vector256.ShiftLeft(blue.Value, 16);
        Vector128<byte> order = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
        Vector128<byte> low = Vector128.Shuffle(words.GetLower().AsByte(), order);
        Vector128<byte> high = Vector128.Shuffle(words.GetUpper().AsByte(), order);
        byte* p = to.Pointer + i;
        low.Store(p);
        *(ulong*)(p + 12) = high.AsUInt64().ToScalar();
        *(uint*)(p + 20) = high.AsUInt32().GetElement(2);
    }

    [MethodImpl(Inline)]
    public static void Store(View<short> to, long i, EightInt value)
    {
        Vector128<short> half = Sse2.IsSupported
            ? Sse2.PackSignedSaturate(value.Value.GetLower(), value.Value.GetUpper())
            : Vector128.Narrow(value.Value.GetLower(), value.Value.GetUpper());
        half.Store(to.Pointer + i);
    }

    [MethodImpl(Inline)]
    public static void Store(View<int> to, long i, EightInt value) => value.Value.Store(to.Pointer + i);

    /// <summary>Four bytes at each of eight places, <paramref name="size"/> bytes apart.</summary>
    [MethodImpl(Inline)]
    private static Vector256<int> Words(byte* p, Vector256<int> i, [ConstantExpected(Min = (byte)1, Max = (byte)8)] byte size)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.GatherVector256((int*)p, i, size);
        }

        nint step = size;
        return Vector256.Create(
            *(int*)(p + (i[0] * step)), *(int*)(p + (i[1] * step)), *(int*)(p + (i[2] * step)), *(int*)(p + (i[3] * step)),
            *(int*)(p + (i[4] * step)), *(int*)(p + (i[5] * step)), *(int*)(p + (i[6] * step)), *(int*)(p + (i[7] * step)));
    }
}
#endif
