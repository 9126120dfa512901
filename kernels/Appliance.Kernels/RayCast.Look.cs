using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <content>What the rays of both casters have in common: where they go, and how they leap.</content>
public static partial class RayCast
{
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
            needs.Between("BlocksX", blocksX, BlocksOf(Extent.Width), int.MaxValue);
            needs.Between("BlocksY", blocksY, BlocksOf(Extent.Height), int.MaxValue);
            needs.Holds(blocks, Needs.Product(Needs.Product(blocksX, blocksY), BlocksOf(Extent.Depth)), "Blocks");
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
}
