using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <content>The same in colour: a transfer function by table, and organs tinted by their label.</content>
public static partial class RayCast
{
    /// <summary>What a stored value looks like and how labels change it.</summary>
    public struct Palette
    {
        /// <summary>Opacity of one step for each entry; entry i is of the stored values from First + i / PerValue on.</summary>
        public View<float> Alphas;

        /// <summary>0xbbggrr for each entry.</summary>
        public View<int> Colours;
        public float First;
        public float PerValue;

        /// <summary>256 tints by label: 0xssbbggrr, s the share of the tint in 256ths. What has no label is not tinted.</summary>
        public View<int> Tints;

        /// <summary>256 factors of the opacity by label: 0 hides an organ. What has no label keeps its own.</summary>
        public View<float> Visibility;

        /// <summary>Opacities up to this are left out: what nobody sees need not be shaded.</summary>
        public float Least;

        public readonly void Check(ref Needs needs)
        {
            needs.Between("Palette.Alphas", Alphas.Length, 1, int.MaxValue);
            needs.Holds(Colours, Alphas.Length, "Palette.Colours");
            needs.Holds(Tints, 256, "Palette.Tints");
            needs.Holds(Visibility, 256, "Palette.Visibility");
        }
    }

    /// <summary>One pixel by the definition: no leap. Red, green, blue in 0 .. 255.</summary>
    public static void ReferenceTinted(
        ReadOnlySpan<short> source, ReadOnlySpan<byte> labels, in Look look, in Palette palette, float dark, int px, int py, Span<byte> rgb)
    {
        float ox = look.OriginX + (look.RightX * px) + (look.DownX * py), oy = look.OriginY + (look.RightY * px) + (look.DownY * py);
        float oz = look.OriginZ + (look.RightZ * px) + (look.DownZ * py), clear = 1;
        (int w, int h, int d) = (look.Extent.Width, look.Extent.Height, look.Extent.Depth);
        Span<float> light = stackalloc float[3];
        for (int step = 0; step < look.Steps && clear > dark; step++)
        {
            float x = ox + (look.StepX * step), y = oy + (look.StepY * step), z = oz + (look.StepZ * step);
            if (x < 0 || y < 0 || z < 0 || x > w - 1 || y > h - 1 || z > d - 1)
            {
                continue;
            }

            float value = Trilinear.At<short>(source, w, h, d, x, y, z);
            int entry = (int)MathF.Min(MathF.Max((value - palette.First) * palette.PerValue, 0), palette.Alphas.Length - 1);
            int label = labels[(((((int)(z + 0.5f)) * h) + (int)(y + 0.5f)) * w) + (int)(x + 0.5f)];
            float alpha = palette.Alphas[entry] * (label == 0 ? 1 : palette.Visibility[label]);
            if (value <= look.From || alpha <= palette.Least)
            {
                continue;
            }

            float shade = look.Shade == 0 ? 1 : 1 - (look.Shade * (1 - Facing(source, look, x, y, z)));
            int tint = label == 0 ? 0 : palette.Tints[label], share = (int)((uint)tint >> 24);
            for (int c = 0; c < 3; c++)
            {
                int own = palette.Colours[entry] >> (8 * c) & 255, mixed = (own * (256 - share)) + ((tint >> (8 * c) & 255) * share);
                light[c] += clear * alpha * (mixed * (1 / 256f) * shade);
            }

            clear *= 1 - alpha;
        }

        for (int c = 0; c < 3; c++)
        {
            rgb[c] = (byte)MathF.Min(light[c], 255);
        }
    }

    /// <summary>Launch: columns, rows, 1. Values up to <see cref="Look.From"/> are transparent, as for <see cref="Occupancy"/>.</summary>
    [Kernel(16, 16)]
    public struct Tinted : ILaneKernel
    {
        public View<short> Source;

        /// <summary>Labels of the same volume.</summary>
        public View<byte> Labels;

        /// <summary>Blocks to the nearest that is seen (<see cref="Reach"/>).</summary>
        public View<byte> Blocks;
        public int BlocksX;
        public int BlocksY;

        /// <summary>Red, green, blue.</summary>
        public View<byte> Target;
        public int Width;
        public Look Look;
        public Palette Palette;

        /// <summary>Transparency at which a ray ends.</summary>
        public float Dark;

        public readonly void Check(ref Needs needs)
        {
            needs.Volume(Source, Look.Extent, nameof(Source));
            needs.Volume(Labels, Look.Extent, nameof(Labels));
            Look.Check(ref needs, Blocks, BlocksX, BlocksY);
            Palette.Check(ref needs);
            needs.Grid(Width, needs.Y);
            needs.Between("extent z", needs.Z, 0, 1);
            needs.Holds(Target, Needs.Product(3, needs.Cells), nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            Look.Start<TFloat, TInt, TMask>(x, y, out TFloat ox, out TFloat oy, out TFloat oz);
            TFloat red = TFloat.Set(0), green = red, blue = red, clear = TFloat.Set(1);
            int leap = Look.Leap();
            for (int step = 0; step < Look.Steps; step++)
            {
                TMask dark = TFloat.LessOrEqual(clear, TFloat.Set(Dark));
                if (TMask.None(~dark))
                {
                    break;
                }

                if (!Look.Seek<TFloat, TInt, TMask>(
                    Blocks, BlocksX, BlocksY, ox, oy, oz, dark, leap, ref step,
                    out TFloat sx, out TFloat sy, out TFloat sz, out TMask seen))
                {
                    break;
                }

                Absorb<TFloat, TInt, TMask>(seen, sx, sy, sz, ref red, ref green, ref blue, ref clear);
            }

            TFloat full = TFloat.Set(255);
            TInt.StoreRgb(
                Target, (((long)y * Width) + x) * 3, TFloat.Truncate(TFloat.Min(red, full)), TFloat.Truncate(TFloat.Min(green, full)),
                TFloat.Truncate(TFloat.Min(blue, full)));
        }

        /// <summary>One step's share of light, where it is seen and not all transparent.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Absorb<TFloat, TInt, TMask>(
            TMask seen, TFloat x, TFloat y, TFloat z, ref TFloat red, ref TFloat green, ref TFloat blue, ref TFloat clear)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat zero = TFloat.Set(0), one = TFloat.Set(1), half = TFloat.Set(0.5f);
            TFloat value = Look.Extent.Sample<TFloat, TInt, TMask>(Source, x, y, z);
            seen &= TFloat.Less(TFloat.Set(Look.From), value);
            if (TMask.None(seen))
            {
                return;
            }

            TFloat place = (value - TFloat.Set(Palette.First)) * TFloat.Set(Palette.PerValue);
            TInt entry = TFloat.Truncate(TFloat.Min(TFloat.Max(place, zero), TFloat.Set((int)Palette.Alphas.Length - 1)));
            TInt plane = TFloat.Truncate(z + half) * TInt.Set(Look.Extent.Height);
            TInt voxel = ((plane + TFloat.Truncate(y + half)) * TInt.Set(Look.Extent.Width)) + TFloat.Truncate(x + half);
            TInt label = TInt.Gather(Labels, 0, voxel), tint = TInt.Set(0);
            TFloat alpha = TFloat.Gather(Palette.Alphas, 0, entry);
            TMask plain = TInt.Equal(label, tint);
            if (TInt.AreSame(label, out int all))
            {
                alpha *= TFloat.Set(all == 0 ? 1f : Palette.Visibility[all]);
                tint = TInt.Set(all == 0 ? 0 : Palette.Tints[all]);
            }
            else
            {
                alpha *= TFloat.Select(plain, one, TFloat.Gather(Palette.Visibility, 0, label));
                tint = TInt.Select(plain, tint, TInt.Gather(Palette.Tints, 0, label));
            }

            TMask counts = seen & TFloat.Less(TFloat.Set(Palette.Least), alpha);
            if (TMask.None(counts))
            {
                return;
            }

            TFloat shade = one;
            if (Look.Shade != 0)
            {
                shade = one - (TFloat.Set(Look.Shade) * (one - Look.Facing<TFloat, TInt, TMask>(Source, x, y, z)));
            }

            TInt colour = TInt.Gather(Palette.Colours, 0, entry), share = (tint >> 24) & TInt.Set(255);
            TFloat weight = clear * alpha;
            red = TFloat.Select(counts, red + (weight * Mixed<TFloat, TInt, TMask>(colour, tint, share, 0, shade)), red);
            green = TFloat.Select(counts, green + (weight * Mixed<TFloat, TInt, TMask>(colour, tint, share, 8, shade)), green);
            blue = TFloat.Select(counts, blue + (weight * Mixed<TFloat, TInt, TMask>(colour, tint, share, 16, shade)), blue);
            clear = TFloat.Select(counts, clear * (one - alpha), clear);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TFloat Mixed<TFloat, TInt, TMask>(TInt colour, TInt tint, TInt share, int shift, TFloat shade)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt low = TInt.Set(255), own = (colour >> shift) & low, other = (tint >> shift) & low;
            TInt mixed = (own * (TInt.Set(256) - share)) + (other * share);
            return TFloat.From(mixed) * TFloat.Set(1 / 256f) * shade;
        }
    }
}
