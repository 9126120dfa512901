using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Stored pixels to the network's input: rescale to HU, window, normalise, clamp.</summary>
/// <remarks>
/// target = min(max(source * Scale + Offset, Low), High). With RescaleSlope m, RescaleIntercept b (PS3.3 C.11.1.1.2), centre c and half
/// width h: Scale = m / h, Offset = (b - c) / h. Two roundings, no fused multiply-add: all machines agree to the bit but for a GPU
/// compiler that fuses them (tolerance 1 ulp of the product).
/// </remarks>
public static class Rescale
{
    /// <summary>The definition. [z][y][x], shapes of source and target are equal.</summary>
    public static void Reference(ReadOnlySpan<short> source, Span<float> target, float scale, float offset, float low, float high)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = MathF.Min(MathF.Max((source[i] * scale) + offset, low), high);
        }
    }

    /// <summary>Signed 16-bit stored values.</summary>
    [Kernel(256)]
    public struct Int16 : ILaneKernel
    {
        public View<short> Source;
        public View<float> Target;
        public int Width;
        public int Height;
        public float Scale;
        public float Offset;
        public float Low;
        public float High;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, ILanes<TFloat, TInt, TMask>
            where TInt : struct
            where TMask : struct
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            TFloat value = TFloat.Add(TFloat.Multiply(TFloat.Load(Source, at), TFloat.Set(Scale)), TFloat.Set(Offset));
            TFloat.Store(Target, at, TFloat.Min(TFloat.Max(value, TFloat.Set(Low)), TFloat.Set(High)));
        }
    }

    /// <summary>Unsigned 16-bit stored values.</summary>
    [Kernel(256)]
    public struct UInt16 : ILaneKernel
    {
        public View<ushort> Source;
        public View<float> Target;
        public int Width;
        public int Height;
        public float Scale;
        public float Offset;
        public float Low;
        public float High;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, ILanes<TFloat, TInt, TMask>
            where TInt : struct
            where TMask : struct
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            TFloat value = TFloat.Add(TFloat.Multiply(TFloat.Load(Source, at), TFloat.Set(Scale)), TFloat.Set(Offset));
            TFloat.Store(Target, at, TFloat.Min(TFloat.Max(value, TFloat.Set(Low)), TFloat.Set(High)));
        }
    }
}
