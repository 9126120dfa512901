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

    /// <summary>Blocks along an axis of so many voxels.</summary>
    public static int BlocksOf(int voxels) => (int)((voxels + (1L << BlockShift) - 1) >> BlockShift);

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
                    Blocks, BlocksX, BlocksY, ox, oy, oz, dark, leap, ref step,
                    out TFloat sx, out TFloat sy, out TFloat sz, out TMask seen))
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
