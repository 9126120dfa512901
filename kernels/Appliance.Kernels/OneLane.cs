namespace Appliance.Kernels;

/// <summary>One lane: a GPU thread, the scalar tail of a row, or a processor without Vector256.</summary>
public readonly struct OneFloat(float value) : ILanes<OneFloat, OneInt, OneMask>
{
    private readonly float value = value;

    public static int Width => 1;

    public static OneFloat Set(float value) => new(value);

    public static OneFloat Add(OneFloat a, OneFloat b) => new(a.value + b.value);

    public static OneFloat Multiply(OneFloat a, OneFloat b) => new(a.value * b.value);

    public static OneFloat Min(OneFloat a, OneFloat b) => new(MathF.Min(a.value, b.value));

    public static OneFloat Max(OneFloat a, OneFloat b) => new(MathF.Max(a.value, b.value));

    public static OneFloat Load(View<short> from, long i) => new(from[i]);

    public static OneFloat Load(View<ushort> from, long i) => new(from[i]);

    public static OneFloat Load(View<byte> from, long i) => new(from[i]);

    public static void Store(View<float> to, long i, OneFloat value) => to[i] = value.value;
}

public readonly struct OneInt(int value)
{
    public int Value { get; } = value;
}

/// <summary>1 or 0: ILGPU passes no bool.</summary>
public readonly struct OneMask(int value)
{
    public int Value { get; } = value;
}
