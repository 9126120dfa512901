using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>uint8 input and output of a quantised network (ONNX QuantizeLinear and DequantizeLinear, opset 13).</summary>
/// <remarks>q = clamp(round half to even (value / Scale) + Zero, 0, 255); value = (q - Zero) * Scale.</remarks>
public static class Quantise
{
    public static void Reference(ReadOnlySpan<float> source, float scale, int zero, Span<byte> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = (byte)Math.Clamp(MathF.Round(Math.Clamp(source[i] / scale, -1000, 1000), MidpointRounding.ToEven) + zero, 0, 255);
        }
    }

    public static void ReferenceBack(ReadOnlySpan<byte> source, float scale, int zero, Span<float> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = (source[i] - zero) * scale;
        }
    }

    [Kernel(256)]
    public struct ToBytes : ILaneKernel
    {
        public View<float> Source;
        public View<byte> Target;
        public int Width;
        public int Height;
        public float Scale;
        public int Zero;

        public readonly void Check(ref Needs needs)
        {
            needs.Pointwise(Source, Target, Width, Height);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            TFloat value = TFloat.Load(Source, at) / TFloat.Set(Scale);
            value = TFloat.Min(TFloat.Max(value, TFloat.Set(-1000)), TFloat.Set(1000));

            // 1.5 * 2^23 leaves no room for a fraction: the sum is rounded to a whole number, half to even.
            TFloat whole = (value + TFloat.Set(12582912)) - TFloat.Set(12582912);
            TInt q = TFloat.Truncate(whole) + TInt.Set(Zero);
            TInt.Store(Target, at, TInt.Min(TInt.Max(q, TInt.Set(0)), TInt.Set(255)));
        }
    }

    [Kernel(256)]
    public struct ToFloats : ILaneKernel
    {
        public View<byte> Source;
        public View<float> Target;
        public int Width;
        public int Height;
        public float Scale;
        public int Zero;

        public readonly void Check(ref Needs needs)
        {
            needs.Pointwise(Source, Target, Width, Height);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            TFloat steps = TFloat.From(TInt.Load(Source, at) - TInt.Set(Zero));
            TFloat.Store(Target, at, steps * TFloat.Set(Scale));
        }
    }
}
