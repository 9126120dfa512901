using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Stored pixels to samples: the sign of BitsStored (PS3.5 8.1.1), and colour planes to interleaved (PS3.3 C.7.6.3.1.3).</summary>
public static class Decode
{
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
            needs.Grid(Width, Height);
            needs.Holds(Source, needs.Cells, nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
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
