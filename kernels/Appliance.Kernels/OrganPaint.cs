using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Labels over a grey picture: a translucent fill and a smooth, anti-aliased contour just inside each organ.</summary>
/// <remarks>
/// The 0/1 mask of an organ is smoothed over 5 x 5 pixels (binomial, 0 to 256; outside the image nothing). Where the result f crosses
/// 1/2 is its outline, and (f - 1/2) over the slope of f is about the distance from it in pixels. Fill and contour are both drawn from
/// that distance, so they have no steps. Organs are blended one after another in their order.
/// </remarks>
public static partial class OrganPaint
{
    /// <summary>So little that the grey values below stay readable.</summary>
    private const float FillOpacity = 0.2f, LineOpacity = 0.95f;

    /// <summary>Pixels: the line's middle lies this far inside, so that neighbours' lines lie side by side.</summary>
    private const float LineDepth = 0.8f, HalfLineWidth = 0.7f;

    /// <summary>Value of the smoothed mask well inside, and the least slope that a distance is made from.</summary>
    private const int Full = 256, LeastSlope = 16;

    /// <summary>The smoothed mask of one organ at a pixel, which may lie beside the image.</summary>
    public static int ReferenceSmooth(ReadOnlySpan<byte> labels, int width, int height, byte organ, int x, int y)
    {
        ReadOnlySpan<int> binomial = [1, 4, 6, 4, 1];
        int sum = 0;
        for (int k = 0; k < 25; k++)
        {
            int nx = x + (k % 5) - 2, ny = y + (k / 5) - 2;
            bool set = nx >= 0 && nx < width && ny >= 0 && ny < height && labels[(ny * width) + nx] == organ;
            sum += set ? binomial[k % 5] * binomial[k / 5] : 0;
        }

        return sum;
    }

    /// <summary>Red, green and blue of one pixel.</summary>
    /// <param name="colours">0xbbggrr for each organ.</param>
    public static void Reference(
        ReadOnlySpan<float> hu, ReadOnlySpan<byte> labels, int width, int height, ReadOnlySpan<int> organs, ReadOnlySpan<int> colours,
        float centre, float windowWidth, int x, int y, Span<byte> rgb)
    {
        int at = (y * width) + x;
        rgb.Fill((byte)(Math.Clamp(((hu[at] - centre) / windowWidth) + 0.5f, 0, 1) * 255));
        for (int k = 0; k < organs.Length; k++)
        {
            byte organ = (byte)organs[k];
            int f = ReferenceSmooth(labels, width, height, organ, x, y);
            float slopeX = (ReferenceSmooth(labels, width, height, organ, x + 1, y)
                - ReferenceSmooth(labels, width, height, organ, x - 1, y)) / 2f;
            float slopeY = (ReferenceSmooth(labels, width, height, organ, x, y + 1)
                - ReferenceSmooth(labels, width, height, organ, x, y - 1)) / 2f;
            float slope = MathF.Max(MathF.Sqrt((slopeX * slopeX) + (slopeY * slopeY)), LeastSlope);
            float distance = (f - (Full / 2)) / slope;
            float fill = Math.Clamp(distance + 0.5f, labels[at] == organ ? 0.5f : 0, 1) * FillOpacity;
            float line = Math.Clamp(HalfLineWidth + 0.5f - MathF.Abs(distance - LineDepth), 0, 1) * LineOpacity;
            float opacity = f == Full ? FillOpacity : fill + (line * (1 - fill));
            for (int c = 0; c < 3 && f > 0; c++)
            {
                int colour = colours[k] >> (8 * c) & 255;
                rgb[c] = (byte)(rgb[c] + ((colour - rgb[c]) * opacity) + 0.5f);
            }
        }
    }

    /// <summary>Smoothed masks with a border of one pixel. Launch: columns + 2, rows + 2, organs.</summary>
    [Kernel(32, 8)]
    public partial struct Smooth : ILaneKernel
    {
        /// <summary>[row][column].</summary>
        public View<byte> Labels;

        /// <summary>Labels to be smoothed.</summary>
        public View<int> Organs;

        /// <summary>[organ][1 + row][1 + column], 0 to 256.</summary>
        public View<short> Target;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width + 2L, Height + 2L);
            needs.Holds(Labels, Needs.Product(Width, Height), nameof(Labels));
            needs.Holds(Organs, needs.Z, nameof(Organs));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt organ = TInt.Set(Organs[z]), zero = TInt.Set(0), last = TInt.Set(Width - 1), sum = zero;
            for (int dy = -2; dy <= 2; dy++)
            {
                int row = y - 1 + dy, weight = dy == 0 ? 6 : dy == -1 || dy == 1 ? 4 : 1;
                if (row < 0 || row >= Height)
                {
                    continue;
                }

                for (int dx = -2; dx <= 2; dx++)
                {
                    TInt column = TInt.Count(x - 1 + dx), kept = TInt.Min(TInt.Max(column, zero), last);
                    TMask set = TInt.Equal(column, kept) & TInt.Equal(TInt.Gather(Labels, (long)row * Width, kept), organ);
                    sum += TInt.Select(set, TInt.Set(weight * (dx == 0 ? 6 : dx == -1 || dx == 1 ? 4 : 1)), zero);
                }
            }

            TInt.Store(Target, ((((long)z * (Height + 2)) + y) * (Width + 2)) + x, sum);
        }
    }

    /// <summary>The window and all organs. Launch: columns, rows, 1.</summary>
    [Kernel(32, 8)]
    public struct Blend : ILaneKernel
    {
        public View<float> Hu;
        public View<byte> Labels;

        /// <summary>Of <see cref="Smooth"/>, for the same organs.</summary>
        public View<short> Masks;
        public View<int> Organs;

        /// <summary>0xbbggrr for each organ.</summary>
        public View<int> Colours;

        /// <summary>Red, green, blue; rows are Stride bytes apart.</summary>
        public View<byte> Target;
        public int Stride;
        public int Width;
        public int Height;
        public int Count;

        /// <summary>grey = trunc(255 * clamp((HU - Centre) / WindowWidth + 1/2, 0, 1)), PS3.3 C.11.2.1.2.1.</summary>
        public float Centre;
        public float WindowWidth;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Between("extent z", needs.Z, 0, 1);
            needs.Holds(Hu, needs.Cells, nameof(Hu));
            needs.Holds(Labels, needs.Cells, nameof(Labels));
            needs.Holds(Masks, Needs.Product(Needs.Product(Width + 2L, Height + 2L), Count), nameof(Masks));
            needs.Holds(Organs, Count, nameof(Organs));
            needs.Holds(Colours, Count, nameof(Colours));
            needs.Between(nameof(Stride), Stride, Needs.Product(3, Width), int.MaxValue);
            needs.Holds(Target, Needs.Sum(Needs.Product(needs.Y - 1, Stride), Needs.Product(3, needs.X)), nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat zero = TFloat.Set(0), one = TFloat.Set(1);
            long at = ((long)y * Width) + x;
            TFloat seen = ((TFloat.Load(Hu, at) - TFloat.Set(Centre)) / TFloat.Set(WindowWidth)) + TFloat.Set(0.5f);
            TInt red = TFloat.Truncate(TFloat.Min(TFloat.Max(seen, zero), one) * TFloat.Set(255)), green = red, blue = red;
            TInt label = TInt.Load(Labels, at), low = TInt.Set(255);
            int pitch = Width + 2;
            for (int k = 0; k < Count; k++)
            {
                long mask = ((((long)k * (Height + 2)) + y + 1) * pitch) + x + 1;
                TInt f = TInt.Load(Masks, mask);
                TMask touched = TInt.Less(TInt.Set(0), f);
                if (TMask.None(touched))
                {
                    continue;
                }

                TFloat opacity = TFloat.Set(FillOpacity);
                TMask full = TInt.Equal(f, TInt.Set(Full));
                if (!TMask.None(~full))
                {
                    TFloat inside = TFloat.Select(TInt.Equal(label, TInt.Set(Organs[k])), TFloat.Set(0.5f), zero);
                    opacity = TFloat.Select(full, opacity, Edge<TFloat, TInt, TMask>(f, mask, pitch, inside));
                }

                int colour = Colours[k];
                red = TInt.Select(touched, Mixed<TFloat, TInt, TMask>(red, colour & 255, opacity), red);
                green = TInt.Select(touched, Mixed<TFloat, TInt, TMask>(green, (colour >> 8) & 255, opacity), green);
                blue = TInt.Select(touched, Mixed<TFloat, TInt, TMask>(blue, (colour >> 16) & 255, opacity), blue);
            }

            TInt.StoreRgb(Target, ((long)y * Stride) + (3L * x), red & low, green & low, blue & low);
        }

        /// <summary>Opacity near an outline.</summary>
        /// <param name="inside">Least share of the fill.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TFloat Edge<TFloat, TInt, TMask>(TInt f, long mask, int pitch, TFloat inside)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat zero = TFloat.Set(0), half = TFloat.Set(0.5f), one = TFloat.Set(1);
            TFloat slopeX = TFloat.From(TInt.Load(Masks, mask + 1) - TInt.Load(Masks, mask - 1)) * half;
            TFloat slopeY = TFloat.From(TInt.Load(Masks, mask + pitch) - TInt.Load(Masks, mask - pitch)) * half;
            TFloat slope = TFloat.Max(TFloat.Sqrt((slopeX * slopeX) + (slopeY * slopeY)), TFloat.Set(LeastSlope));
            TFloat distance = TFloat.From(f - TInt.Set(Full / 2)) / slope;
            TFloat fill = TFloat.Min(TFloat.Max(distance + half, inside), one) * TFloat.Set(FillOpacity);
            TFloat off = distance - TFloat.Set(LineDepth), away = TFloat.Max(off, zero - off);
            TFloat line = TFloat.Min(TFloat.Max(TFloat.Set(HalfLineWidth + 0.5f) - away, zero), one) * TFloat.Set(LineOpacity);
            return fill + (line * (one - fill));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TInt Mixed<TFloat, TInt, TMask>(TInt before, int colour, TFloat opacity)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat moved = TFloat.From(TInt.Set(colour) - before) * opacity;
            return TFloat.Truncate((TFloat.From(before) + moved) + TFloat.Set(0.5f));
        }
    }
}
