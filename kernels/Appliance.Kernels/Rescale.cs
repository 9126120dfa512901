using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Stored pixels to the network's input: rescale to HU, window, normalise, clamp.</summary>
/// <remarks>
/// target = min(max(source * Scale + Offset, Low), High). With RescaleSlope m, RescaleIntercept b (PS3.3 C.11.1.1.2), centre c and half
/// width h: Scale = m / h, Offset = (b - c) / h. Volumes go in as rows of any shape: [z][y][x] with Width and Height.
/// </remarks>
public static class Rescale
{
    /// <summary>The definition; shapes of source and target are equal.</summary>
    public static void Reference<T>(ReadOnlySpan<T> source, Span<float> target, float scale, float offset, float low, float high)
        where T : unmanaged, IConvertible
    {
        for (int i = 0; i < source.Length; i++)
        {
            float value = (source[i].ToInt32(null) * scale) + offset;
            target[i] = MathF.Min(MathF.Max(value, low), high);
        }
    }

    /// <summary>The body of all types.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<TPixels, T, TFloat, TInt, TMask>(View<T> source, View<float> target, long at, in Line line, int soon)
        where TPixels : struct, IPixels<T>
        where T : unmanaged
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TFloat value = line.Apply<TFloat, TInt, TMask>(TFloat.From(TPixels.Load<TInt, TMask>(source, at)));
        if (soon != 0)
        {
            TFloat.Store(target, at, value);
        }
        else
        {
            TFloat.Stream(target, at, value);
        }
    }

    /// <summary>The line that a stored value is put on and the clamp after it.</summary>
    public struct Line
    {
        public float Scale;
        public float Offset;
        public float Low;
        public float High;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TFloat Apply<TFloat, TInt, TMask>(TFloat stored)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat value = (stored * TFloat.Set(Scale)) + TFloat.Set(Offset);
            return TFloat.Min(TFloat.Max(value, TFloat.Set(Low)), TFloat.Set(High));
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
        public Line Line;

        /// <summary>1: the result is read again at once and should stay in the caches.</summary>
        public int Soon;

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
            One<ShortPixels, short, TFloat, TInt, TMask>(Source, Target, at, Line, Soon);
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
        public Line Line;

        /// <summary>1: the result is read again at once and should stay in the caches.</summary>
        public int Soon;

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
            One<UShortPixels, ushort, TFloat, TInt, TMask>(Source, Target, at, Line, Soon);
        }
    }

    /// <summary>8-bit stored values.</summary>
    [Kernel(256)]
    public struct UInt8 : ILaneKernel
    {
        public View<byte> Source;
        public View<float> Target;
        public int Width;
        public int Height;
        public Line Line;

        /// <summary>1: the result is read again at once and should stay in the caches.</summary>
        public int Soon;

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
            One<BytePixels, byte, TFloat, TInt, TMask>(Source, Target, at, Line, Soon);
        }
    }
}
