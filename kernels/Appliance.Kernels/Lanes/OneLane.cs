namespace Appliance.Kernels;

/// <summary>One lane: a GPU thread, the scalar tail of a row, or a processor without Vector256.</summary>
public readonly struct OneFloat(float value) : IFloats<OneFloat, OneInt, OneMask>
{
    private readonly float value = value;

    public static int Width => 1;

    public static OneFloat operator +(OneFloat a, OneFloat b) => new(a.value + b.value);

    public static OneFloat operator -(OneFloat a, OneFloat b) => new(a.value - b.value);

    public static OneFloat operator *(OneFloat a, OneFloat b) => new(a.value * b.value);

    public static OneFloat operator /(OneFloat a, OneFloat b) => new(a.value / b.value);

    public static OneFloat Set(float value) => new(value);

    public static OneFloat From(OneInt value) => new(value.Value);

    public static OneInt Truncate(OneFloat value) => new((int)value.value);

    public static OneFloat Min(OneFloat a, OneFloat b) => new(a.value < b.value ? a.value : b.value);

    public static OneFloat Max(OneFloat a, OneFloat b) => new(a.value > b.value ? a.value : b.value);

    public static OneFloat Sqrt(OneFloat value) => new(MathF.Sqrt(value.value));

    public static OneMask Less(OneFloat a, OneFloat b) => new(a.value < b.value ? 1 : 0);

    public static OneMask LessOrEqual(OneFloat a, OneFloat b) => new(a.value <= b.value ? 1 : 0);

    public static OneFloat Select(OneMask mask, OneFloat yes, OneFloat no) => new(mask.Value != 0 ? yes.value : no.value);

#if GPU
    public static OneFloat FromBits(OneInt bits) => new(ILGPU.Interop.IntAsFloat((uint)bits.Value));
#else
    public static OneFloat FromBits(OneInt bits) => new(BitConverter.Int32BitsToSingle(bits.Value));
#endif

    public static OneFloat Load(View<float> from, long i) => new(from[i]);

    public static OneFloat Gather(View<float> from, long first, OneInt index) => new(from[first + index.Value]);

    public static void Store(View<float> to, long i, OneFloat value) => to[i] = value.value;

    public static void Stream(View<float> to, long i, OneFloat value) => to[i] = value.value;
}

public readonly struct OneInt(int value) : IInts<OneInt, OneMask>
{
    public int Value { get; } = value;

    public static OneInt operator +(OneInt a, OneInt b) => new(a.Value + b.Value);

    public static OneInt operator -(OneInt a, OneInt b) => new(a.Value - b.Value);

    public static OneInt operator *(OneInt a, OneInt b) => new(a.Value * b.Value);

    public static OneInt operator &(OneInt a, OneInt b) => new(a.Value & b.Value);

    public static OneInt operator |(OneInt a, OneInt b) => new(a.Value | b.Value);

    public static OneInt operator <<(OneInt a, int bits) => new(a.Value << bits);

    public static OneInt operator >>(OneInt a, int bits) => new(a.Value >> bits);

    public static OneInt Set(int value) => new(value);

    public static OneInt Count(int first) => new(first);

    public static OneInt Min(OneInt a, OneInt b) => new(a.Value < b.Value ? a.Value : b.Value);

    public static OneInt Max(OneInt a, OneInt b) => new(a.Value > b.Value ? a.Value : b.Value);

    public static OneMask Less(OneInt a, OneInt b) => new(a.Value < b.Value ? 1 : 0);

    public static OneMask Equal(OneInt a, OneInt b) => new(a.Value == b.Value ? 1 : 0);

    public static OneInt Select(OneMask mask, OneInt yes, OneInt no) => new(mask.Value != 0 ? yes.Value : no.Value);

    public static bool AreSame(OneInt value, out int same)
    {
        same = value.Value;
        return true;
    }

    public static OneInt Load(View<byte> from, long i) => new(from[i]);

    public static OneInt Load(View<short> from, long i) => new(from[i]);

    public static OneInt Load(View<ushort> from, long i) => new(from[i]);

    public static OneInt Load(View<int> from, long i) => new(from[i]);

    public static OneInt Gather(View<byte> from, long first, OneInt index) => new(from[first + index.Value]);

    public static OneInt Gather(View<short> from, long first, OneInt index) => new(from[first + index.Value]);

    public static OneInt Gather(View<int> from, long first, OneInt index) => new(from[first + index.Value]);

    public static void GatherPair(View<short> from, long first, OneInt index, out OneInt low, out OneInt high)
    {
        long at = first + index.Value;
        low = new(from[at]);
        high = new(from[at + 1 < from.Length ? at + 1 : at]);
    }

    public static void Store(View<byte> to, long i, OneInt value) => to[i] = (byte)value.Value;

    public static void StoreRgb(View<byte> to, long i, OneInt red, OneInt green, OneInt blue)
    {
        to[i] = (byte)red.Value;
        to[i + 1] = (byte)green.Value;
        to[i + 2] = (byte)blue.Value;
    }

    public static void Store(View<short> to, long i, OneInt value) => to[i] = (short)value.Value;

    public static void Store(View<int> to, long i, OneInt value) => to[i] = value.Value;
}

/// <summary>1 or 0: ILGPU passes no bool.</summary>
public readonly struct OneMask(int value) : IMasks<OneMask>
{
    public int Value { get; } = value;

    public static OneMask operator &(OneMask a, OneMask b) => new(a.Value & b.Value);

    public static OneMask operator |(OneMask a, OneMask b) => new(a.Value | b.Value);

    public static OneMask operator ~(OneMask a) => new(a.Value ^ 1);

    public static bool None(OneMask mask) => mask.Value == 0;
}
