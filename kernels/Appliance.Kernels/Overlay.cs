using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>A windowed grey image with labels burnt in: red, green, blue interleaved (PS3.3 C.7.6.3.1.3, planar configuration 0).</summary>
/// <remarks>
/// grey = trunc(clamp(stored * Scale + Offset, 0, 255)); where a label has a colour, each channel is
/// (grey * (256 - Alpha) + colour * Alpha) >> 8. The palette holds 0xbbggrr for each label, 0 for none.
/// </remarks>
public static class Overlay
{
    public static void Reference(
        ReadOnlySpan<short> source, ReadOnlySpan<byte> labels, ReadOnlySpan<int> palette,
        float scale, float offset, int alpha, Span<byte> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            int grey = (int)MathF.Min(MathF.Max((source[i] * scale) + offset, 0), 255);
            int colour = palette[labels[i]];
            int share = colour == 0 ? 0 : alpha;
            for (int c = 0; c < 3; c++)
            {
                target[(3 * i) + c] = (byte)(((grey * (256 - share)) + ((colour >> (8 * c) & 255) * share)) >> 8);
            }
        }
    }

    [Kernel(256)]
    public struct Rgb : ILaneKernel
    {
        public View<short> Source;
        public View<byte> Labels;

        /// <summary>256 colours.</summary>
        public View<int> Palette;
        public View<byte> Target;
        public int Width;
        public int Height;
        public float Scale;
        public float Offset;

        /// <summary>Share of the colour, in 256ths.</summary>
        public int Alpha;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Holds(Source, needs.Cells, nameof(Source));
            needs.Holds(Labels, needs.Cells, nameof(Labels));
            needs.Holds(Palette, 256, nameof(Palette));
            needs.Holds(Target, Needs.Product(3, needs.Cells), nameof(Target));
            needs.Between(nameof(Alpha), Alpha, 0, 256);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            TFloat stored = TFloat.From(TInt.Load(Source, at));
            TFloat value = (stored * TFloat.Set(Scale)) + TFloat.Set(Offset);
            TInt grey = TFloat.Truncate(TFloat.Min(TFloat.Max(value, TFloat.Set(0)), TFloat.Set(255)));
            TInt colour = TInt.Gather(Palette, 0, TInt.Load(Labels, at));
            TMask plain = TInt.Equal(colour, TInt.Set(0));
            if (TMask.None(~plain))
            {
                TInt.StoreRgb(Target, at * 3, grey, grey, grey);
                return;
            }

            TInt low = TInt.Set(255);
            TInt share = TInt.Select(plain, TInt.Set(0), TInt.Set(Alpha));
            TInt base256 = grey * (TInt.Set(256) - share);
            TInt red = (base256 + ((colour & low) * share)) >> 8;
            TInt green = (base256 + (((colour >> 8) & low) * share)) >> 8;
            TInt blue = (base256 + (((colour >> 16) & low) * share)) >> 8;
            TInt.StoreRgb(Target, at * 3, red, green, blue);
        }
    }
}
