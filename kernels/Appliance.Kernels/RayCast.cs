using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Volume rendering: emission and absorption along each pixel's ray, with gradient shading and label tint.</summary>
/// <remarks>
/// Levoy, Display of surfaces from volume data, IEEE CGA 8(3), 1988, front to back: the ray's light grows by transparency * alpha *
/// grey, its transparency falls by the factor 1 - alpha. The transfer function is a ramp over the stored value. Two means save time:
/// rays leap over blocks of 8^3 voxels that are all transparent (<see cref="Occupancy"/>, <see cref="Reach"/>), and end where it is dark.
/// Both leave the sum as it is but for the last <see cref="Rays.Dark"/> of it.
/// </remarks>
public static partial class RayCast
{
    /// <summary>Voxels in a block's side, as a shift.</summary>
    public const int BlockShift = 3;

    /// <summary>A view of a volume: where the rays start and go, and what they see. Positions in voxels.</summary>
    public struct Look
    {
        public Extent Extent;

        /// <summary>Position of pixel (0, 0) at step 0; change per pixel to the right, down, and per step.</summary>
        public float OriginX;
        public float OriginY;
        public float OriginZ;
        public float RightX;
        public float RightY;
        public float RightZ;
        public float DownX;
        public float DownY;
        public float DownZ;
        public float StepX;
        public float StepY;
        public float StepZ;
        public int Steps;

        /// <summary>alpha = clamp((value - From) * Slope, 0, 1) of a step, and grey = value * Gain.</summary>
        public float From;
        public float Slope;
        public float Gain;

        /// <summary>Share of grey that a surface turned away loses, 0 for no shading; the light comes from the viewer.</summary>
        public float Shade;

        /// <summary>The blocks cover the volume.</summary>
        public readonly void Check(ref Needs needs, View<byte> blocks, int blocksX, int blocksY)
        {
            needs.Between("BlocksX", blocksX, (Extent.Width + 7L) >> BlockShift, int.MaxValue);
            needs.Between("BlocksY", blocksY, (Extent.Height + 7L) >> BlockShift, int.MaxValue);
            long blocksZ = (Extent.Depth + 7L) >> BlockShift;
            needs.Holds(blocks, Needs.Product(Needs.Product(blocksX, blocksY), blocksZ), "Blocks");
        }

        /// <summary>Where the rays of pixels x, x + 1, ... of a row begin.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Start<TFloat, TInt, TMask>(int x, int y, out TFloat ox, out TFloat oy, out TFloat oz)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat column = TFloat.From(TInt.Count(x));
            ox = TFloat.Set(OriginX) + (TFloat.Set(RightX) * column) + TFloat.Set(DownX * y);
            oy = TFloat.Set(OriginY) + (TFloat.Set(RightY) * column) + TFloat.Set(DownY * y);
            oz = TFloat.Set(OriginZ) + (TFloat.Set(RightZ) * column) + TFloat.Set(DownZ * y);
        }

        /// <summary>Goes on from a step to the next at which a lane may see something, leaping over what is all transparent.</summary>
        /// <param name="blocks">Blocks to the nearest that is seen (<see cref="Reach"/>).</param>
        /// <param name="dark">Lanes whose rays have ended.</param>
        /// <param name="leap"><see cref="Leap"/>.</param>
        /// <param name="seen">Which lanes do.</param>
        /// <returns>False where no lane sees anything until the rays' end.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly bool Seek<TFloat, TInt, TMask>(
            View<byte> blocks, int blocksX, int blocksY, TFloat ox, TFloat oy, TFloat oz, TMask dark, int leap, ref int step,
            out TFloat sx, out TFloat sy, out TFloat sz, out TMask seen)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            (sx, sy, sz, seen) = (ox, oy, oz, dark);
            for (; step < Steps; step++)
            {
                Step<TFloat, TInt, TMask>(ox, oy, oz, step, out sx, out sy, out sz, out TMask inside);
                TInt reach = TInt.Gather(blocks, 0, Block<TFloat, TInt, TMask>(sx, sy, sz, blocksX, blocksY));
                reach = TInt.Select(dark, TInt.Set(Far), reach);
                seen = inside & TInt.Less(reach, TInt.Set(1));
                if (!TMask.None(seen))
                {
                    return true;
                }

                step += Hop<TInt, TMask>(reach, leap) - 1;
            }

            return false;
        }

        /// <summary>Positions at a step, kept within the volume, and which of them lie in it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Step<TFloat, TInt, TMask>(
            TFloat ox, TFloat oy, TFloat oz, int step, out TFloat sx, out TFloat sy, out TFloat sz, out TMask inside)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat zero = TFloat.Set(0), right = TFloat.Set(Extent.Width - 1), bottom = TFloat.Set(Extent.Height - 1);
            TFloat back = TFloat.Set(Extent.Depth - 1);
            sx = ox + TFloat.Set(StepX * step);
            sy = oy + TFloat.Set(StepY * step);
            sz = oz + TFloat.Set(StepZ * step);
            inside = TFloat.LessOrEqual(zero, sx) & TFloat.LessOrEqual(sx, right) & TFloat.LessOrEqual(zero, sy)
                & TFloat.LessOrEqual(sy, bottom) & TFloat.LessOrEqual(zero, sz) & TFloat.LessOrEqual(sz, back);
            sx = TFloat.Min(TFloat.Max(sx, zero), right);
            sy = TFloat.Min(TFloat.Max(sy, zero), bottom);
            sz = TFloat.Min(TFloat.Max(sz, zero), back);
        }

        /// <summary>The block that holds a position in the volume.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TInt Block<TFloat, TInt, TMask>(TFloat x, TFloat y, TFloat z, int blocksX, int blocksY)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt bx = TFloat.Truncate(x) >> BlockShift, by = TFloat.Truncate(y) >> BlockShift, bz = TFloat.Truncate(z) >> BlockShift;
            return bx + (((bz * TInt.Set(blocksY)) + by) * TInt.Set(blocksX));
        }

        /// <summary>Steps to go on where no lane sees anything: a lane outside is no nearer to what is seen than the border is.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly int Hop<TInt, TMask>(TInt reach, int leap)
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask> =>
            TMask.None(TInt.Less(reach, TInt.Set(Far))) ? leap * (Far - 1)
            : TMask.None(TInt.Less(reach, TInt.Set(4))) ? leap * 3
            : TMask.None(TInt.Less(reach, TInt.Set(2))) ? leap : 1;

        /// <summary>Steps that surely stay within one block's side; 1 at least.</summary>
        public readonly int Leap()
        {
            float x = StepX < 0 ? -StepX : StepX, y = StepY < 0 ? -StepY : StepY;
            float z = StepZ < 0 ? -StepZ : StepZ;
            float longest = x > y ? x : y;
            longest = longest > z ? longest : z;
            float steps = longest > 0.001f ? (1 << BlockShift) / longest : 1;
            return steps > 1 ? (int)steps : 1;
        }

        /// <summary>Cosine between the gradient and the ray, by central differences.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TFloat Facing<TFloat, TInt, TMask>(View<short> source, TFloat x, TFloat y, TFloat z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat one = TFloat.Set(1);
            Extent e = Extent;
            TFloat gx = e.Sample<TFloat, TInt, TMask>(source, x + one, y, z) - e.Sample<TFloat, TInt, TMask>(source, x - one, y, z);
            TFloat gy = e.Sample<TFloat, TInt, TMask>(source, x, y + one, z) - e.Sample<TFloat, TInt, TMask>(source, x, y - one, z);
            TFloat gz = e.Sample<TFloat, TInt, TMask>(source, x, y, z + one) - e.Sample<TFloat, TInt, TMask>(source, x, y, z - one);
            TFloat dot = (gx * TFloat.Set(StepX)) + (gy * TFloat.Set(StepY)) + (gz * TFloat.Set(StepZ));
            float step = (StepX * StepX) + (StepY * StepY) + (StepZ * StepZ);
            TFloat length = ((gx * gx) + (gy * gy) + (gz * gz)) * TFloat.Set(step);
            TFloat size = TFloat.Max(dot, TFloat.Set(0) - dot);
            return size / (TFloat.Sqrt(length) + TFloat.Set(1e-6f));
        }
    }

    /// <summary>One pixel by the definition: no leap, and the ray goes to its end if it is not dark.</summary>
    public static float Reference(ReadOnlySpan<short> source, in Look look, float dark, int px, int py)
    {
        float ox = look.OriginX + (look.RightX * px) + (look.DownX * py), oy = look.OriginY + (look.RightY * px) + (look.DownY * py);
        float oz = look.OriginZ + (look.RightZ * px) + (look.DownZ * py);
        float light = 0, clear = 1;
        (int w, int h, int d) = (look.Extent.Width, look.Extent.Height, look.Extent.Depth);
        for (int step = 0; step < look.Steps && clear > dark; step++)
        {
            float x = ox + (look.StepX * step), y = oy + (look.StepY * step), z = oz + (look.StepZ * step);
            if (x < 0 || y < 0 || z < 0 || x > w - 1 || y > h - 1 || z > d - 1)
            {
                continue;
            }

            float value = Trilinear.At<short>(source, w, h, d, x, y, z);
            float alpha = MathF.Min(MathF.Max((value - look.From) * look.Slope, 0), 1);
            if (alpha > 0)
            {
                float grey = value * look.Gain;
                if (look.Shade != 0)
                {
                    grey *= 1 - (look.Shade * (1 - Facing(source, look, x, y, z)));
                }

                light += clear * alpha * grey;
                clear *= 1 - alpha;
            }
        }

        return light;
    }

    /// <summary>Cosine between the gradient and the ray, by central differences.</summary>
    private static float Facing(ReadOnlySpan<short> s, in Look look, float x, float y, float z)
    {
        (int w, int h, int d) = (look.Extent.Width, look.Extent.Height, look.Extent.Depth);
        float gx = Trilinear.At<short>(s, w, h, d, x + 1, y, z) - Trilinear.At<short>(s, w, h, d, x - 1, y, z);
        float gy = Trilinear.At<short>(s, w, h, d, x, y + 1, z) - Trilinear.At<short>(s, w, h, d, x, y - 1, z);
        float gz = Trilinear.At<short>(s, w, h, d, x, y, z + 1) - Trilinear.At<short>(s, w, h, d, x, y, z - 1);
        float dot = (gx * look.StepX) + (gy * look.StepY) + (gz * look.StepZ);
        float length = ((gx * gx) + (gy * gy) + (gz * gz))
            * ((look.StepX * look.StepX) + (look.StepY * look.StepY) + (look.StepZ * look.StepZ));
        return MathF.Abs(dot) / (MathF.Sqrt(length) + 1e-6f);
    }

    /// <summary>Blocks that <see cref="Reach"/> looks to each side.</summary>
    public const int Far = 8;

    /// <summary>A block that is not all transparent gets 0, others <see cref="Far"/>. Launch: blocks in x, y, z.</summary>
    [Kernel(8, 8, 4)]
    public partial struct Occupancy : IPointKernel
    {
        public View<short> Source;
        public Extent Extent;

        /// <summary>[z][y][x] of blocks.</summary>
        public View<byte> Target;
        public int BlocksX;
        public int BlocksY;

        /// <summary>Stored values above this are seen.</summary>
        public float From;

        public readonly void Check(ref Needs needs)
        {
            needs.Volume(Source, Extent, nameof(Source));
            needs.Grid(BlocksX, BlocksY);
            needs.Indexed(needs.Planes);
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        public readonly void Run(int x, int y, int z)
        {
            // One voxel more at each side: a sample in this block reads its upper neighbours too.
            int endX = End(x, Extent.Width), endY = End(y, Extent.Height), endZ = End(z, Extent.Depth);
            int seen = 0;
            for (int k = z << BlockShift; k < endZ && seen == 0; k++)
            {
                for (int j = y << BlockShift; j < endY && seen == 0; j++)
                {
                    long row = (((long)k * Extent.Height) + j) * Extent.Width;
                    for (int i = x << BlockShift; i < endX; i++)
                    {
                        seen |= Source[row + i] > From ? 1 : 0;
                    }
                }
            }

            Target[(((z * BlocksY) + y) * BlocksX) + x] = (byte)(seen != 0 ? 0 : Far);
        }

        private static int End(int block, int count)
        {
            int end = ((block + 1) << BlockShift) + 1;
            return end < count ? end : count;
        }
    }

    /// <summary>
    /// One axis of the chessboard distance to the nearest block that is seen: min over k of max(|k|, distance at k). Three launches, along
    /// x, y and z, make it whole.
    /// </summary>
    [Kernel(8, 8, 4)]
    public struct Reach : IPointKernel
    {
        public View<byte> Source;
        public View<byte> Target;
        public int BlocksX;
        public int BlocksY;
        public int BlocksZ;

        /// <summary>0, 1, 2 for x, y, z.</summary>
        public int Axis;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(BlocksX, BlocksY);
            needs.Between(nameof(BlocksZ), BlocksZ, needs.Z, int.MaxValue);
            needs.Between(nameof(Axis), Axis, 0, 2);
            long blocks = Needs.Product(Needs.Product(BlocksX, BlocksY), BlocksZ);
            needs.Indexed(blocks);
            needs.Holds(Source, blocks, nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        public readonly void Run(int x, int y, int z)
        {
            int at = (((z * BlocksY) + y) * BlocksX) + x;
            int step = Axis == 0 ? 1 : Axis == 1 ? BlocksX : BlocksX * BlocksY;
            int position = Axis == 0 ? x : Axis == 1 ? y : z, count = Axis == 0 ? BlocksX : Axis == 1 ? BlocksY : BlocksZ;
            int nearest = Far;
            for (int k = 1 - Far; k < Far; k++)
            {
                if (position + k >= 0 && position + k < count)
                {
                    int away = k < 0 ? -k : k, there = Source[at + (k * step)];
                    int reach = away > there ? away : there;
                    nearest = reach < nearest ? reach : nearest;
                }
            }

            Target[at] = (byte)nearest;
        }
    }

    [Kernel(16, 16)]
    public struct Rays : ILaneKernel
    {
        public View<short> Source;

        /// <summary>Blocks to the nearest that is seen (<see cref="Reach"/>).</summary>
        public View<byte> Blocks;
        public int BlocksX;
        public int BlocksY;
        public View<float> Target;
        public int Width;
        public Look Look;

        /// <summary>Transparency at which a ray ends.</summary>
        public float Dark;

        public readonly void Check(ref Needs needs)
        {
            needs.Volume(Source, Look.Extent, nameof(Source));
            Look.Check(ref needs, Blocks, BlocksX, BlocksY);
            needs.Grid(Width, needs.Y);
            needs.Between("extent z", needs.Z, 0, 1);
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            Look.Start<TFloat, TInt, TMask>(x, y, out TFloat ox, out TFloat oy, out TFloat oz);
            TFloat light = TFloat.Set(0), clear = TFloat.Set(1);
            int leap = Look.Leap();
            for (int step = 0; step < Look.Steps; step++)
            {
                TMask dark = TFloat.LessOrEqual(clear, TFloat.Set(Dark));
                if (TMask.None(~dark))
                {
                    break;
                }

                if (!Look.Seek<TFloat, TInt, TMask>(
                    Blocks, BlocksX, BlocksY, ox, oy, oz, dark, leap, ref step, out TFloat sx, out TFloat sy, out TFloat sz, out TMask seen))
                {
                    break;
                }

                Absorb<TFloat, TInt, TMask>(seen, sx, sy, sz, ref light, ref clear);
            }

            TFloat.Store(Target, ((long)y * Width) + x, light);
        }

        /// <summary>One step's share of light, where it is seen and not all transparent.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Absorb<TFloat, TInt, TMask>(TMask seen, TFloat x, TFloat y, TFloat z, ref TFloat light, ref TFloat clear)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat zero = TFloat.Set(0), one = TFloat.Set(1);
            TFloat value = Look.Extent.Sample<TFloat, TInt, TMask>(Source, x, y, z);
            TFloat alpha = TFloat.Min(TFloat.Max((value - TFloat.Set(Look.From)) * TFloat.Set(Look.Slope), zero), one);
            TMask counts = seen & TFloat.Less(zero, alpha);
            if (TMask.None(counts))
            {
                return;
            }

            TFloat grey = value * TFloat.Set(Look.Gain);
            if (Look.Shade != 0)
            {
                grey *= one - (TFloat.Set(Look.Shade) * (one - Look.Facing<TFloat, TInt, TMask>(Source, x, y, z)));
            }

            light = TFloat.Select(counts, light + (clear * alpha * grey), light);
            clear = TFloat.Select(counts, clear * (one - alpha), clear);
        }
    }
}
