using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Stored pixels to samples: the sign of BitsStored (PS3.5 8.1.1), and colour planes to interleaved (PS3.3 C.7.6.3.1.3).</summary>
public static class Decode
{
    /// <summary>
    /// Pixel cells to values on a line (RescaleSlope and RescaleIntercept, PS3.3 C.11.1.1.2): the stored bits end at HighBit; bits around
    /// them are not looked at.
    /// </summary>
    public static void ReferenceCells<T>(
        ReadOnlySpan<T> source, int bitsStored, int highBit, bool isSigned, float scale, float offset, Span<float> target)
        where T : unmanaged, IConvertible
    {
        for (int i = 0; i < source.Length; i++)
        {
            long stored = (source[i].ToInt64(null) >> (highBit + 1 - bitsStored)) & ((1L << bitsStored) - 1);
            stored -= isSigned && stored >= 1L << (bitsStored - 1) ? 1L << bitsStored : 0;
            target[i] = ((int)stored * scale) + offset;
        }
    }

    public static void Reference(ReadOnlySpan<short> source, int bitsStored, Span<short> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            int low = source[i] & ((1 << bitsStored) - 1);
            target[i] = (short)(low >= 1 << (bitsStored - 1) ? low - (1 << bitsStored) : low);
        }
    }

    public static void ReferencePlanes(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int pixels = source.Length / 3;
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = source[(i % 3 * pixels) + (i / 3)];
        }
    }

    /// <summary>The body of all cells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<TPixels, T, TFloat, TInt, TMask>(
        View<T> source, View<float> target, long at, in Bits bits, float scale, float offset)
        where TPixels : struct, IPixels<T>
        where T : unmanaged
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TInt stored = bits.Of<TPixels, T, TInt, TMask>(source, at);
        TFloat.Store(target, at, (TFloat.From(stored) * TFloat.Set(scale)) + TFloat.Set(offset));
    }

    /// <summary>Where the stored bits lie in a cell (PS3.5 8.1.1).</summary>
    public struct Bits
    {
        public int Stored;
        public int High;

        /// <summary>1: the highest is a sign (PixelRepresentation).</summary>
        public int Signed;

        public readonly void Check(ref Needs needs, int allocated)
        {
            needs.Between("Bits.High", High, 0, allocated - 1);
            needs.Between("Bits.Stored", Stored, 1, High + 1L);
        }

        /// <summary>What they say, the sign carried on.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TInt Of<TPixels, T, TInt, TMask>(View<T> source, long at)
            where TPixels : struct, IPixels<T>
            where T : unmanaged
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt signed = (TPixels.Load<TInt, TMask>(source, at) << (31 - High)) >> (32 - Stored);
            return Signed != 0 ? signed : signed & TInt.Set((int)((1L << Stored) - 1));
        }
    }

    /// <summary>Cells of 8 bits.</summary>
    [Kernel(256)]
    public struct Cells8 : ILaneKernel
    {
        public View<byte> Source;
        public View<float> Target;
        public int Width;
        public int Height;
        public Bits Bits;
        public float Scale;
        public float Offset;

        public readonly void Check(ref Needs needs)
        {
            Bits.Check(ref needs, 8);
            needs.Pointwise(Source, Target, Width, Height);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            One<BytePixels, byte, TFloat, TInt, TMask>(Source, Target, at, Bits, Scale, Offset);
        }
    }

    /// <summary>Cells of 16 bits.</summary>
    [Kernel(256)]
    public struct Cells16 : ILaneKernel
    {
        public View<ushort> Source;
        public View<float> Target;
        public int Width;
        public int Height;
        public Bits Bits;
        public float Scale;
        public float Offset;

        public readonly void Check(ref Needs needs)
        {
            Bits.Check(ref needs, 16);
            needs.Pointwise(Source, Target, Width, Height);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            One<UShortPixels, ushort, TFloat, TInt, TMask>(Source, Target, at, Bits, Scale, Offset);
        }
    }

    /// <summary>Cells of 32 bits.</summary>
    [Kernel(256)]
    public struct Cells32 : ILaneKernel
    {
        public View<int> Source;
        public View<float> Target;
        public int Width;
        public int Height;
        public Bits Bits;
        public float Scale;
        public float Offset;

        public readonly void Check(ref Needs needs)
        {
            Bits.Check(ref needs, 32);
            needs.Pointwise(Source, Target, Width, Height);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            One<IntPixels, int, TFloat, TInt, TMask>(Source, Target, at, Bits, Scale, Offset);
        }
    }

    /// <summary>Bits above BitsStored are overwritten by the sign.</summary>
    [Kernel(256)]
    public struct Signed : ILaneKernel
    {
        public View<short> Source;
        public View<short> Target;
        public int Width;
        public int Height;
        public int BitsStored;

        public readonly void Check(ref Needs needs)
        {
            needs.Between(nameof(BitsStored), BitsStored, 1, 32);
            needs.Pointwise(Source, Target, Width, Height);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            int unused = 32 - BitsStored;
            TInt.Store(Target, at, (TInt.Load(Source, at) << unused) >> unused);
        }
    }

    /// <summary>Frames of three planes each, one launch plane for each frame.</summary>
    [Kernel(256)]
    public struct Interleaved : ILaneKernel
    {
        public View<byte> Source;
        public View<byte> Target;

        /// <summary>Of one frame.</summary>
        public int Pixels;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Pixels, needs.Y);
            needs.Between("extent y", needs.Y, 0, 1);
            long samples = Needs.Product(3, needs.Planes);
            needs.Holds(Source, samples, nameof(Source));
            needs.Holds(Target, samples, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long frame = (long)z * Pixels * 3;
            TInt red = TInt.Load(Source, frame + x), green = TInt.Load(Source, frame + Pixels + x);
            TInt.StoreRgb(Target, frame + ((long)x * 3), red, green, TInt.Load(Source, frame + (2L * Pixels) + x));
        }
    }
}
