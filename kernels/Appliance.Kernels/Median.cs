using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>The 14th of the 27 values around a voxel; beyond the volume its edge repeats. A halo of one plane.</summary>
/// <remarks>
/// The value is built bit by bit from the top: with each candidate the neighbours below it are counted (a binary search over values, 16
/// rounds of 27 comparisons and no branch).
/// </remarks>
public static partial class Median
{
    public static void Reference(ReadOnlySpan<short> source, int width, int height, int depth, Span<short> target)
    {
        Span<short> around = stackalloc short[27];
        for (int i = 0; i < source.Length; i++)
        {
            int x = i % width, y = i / width % height, z = i / width / height;
            for (int k = 0; k < 27; k++)
            {
                int nx = Math.Clamp(x + (k % 3) - 1, 0, width - 1), ny = Math.Clamp(y + (k / 3 % 3) - 1, 0, height - 1);
                int nz = Math.Clamp(z + (k / 9) - 1, 0, depth - 1);
                around[k] = source[(((nz * height) + ny) * width) + nx];
            }

            around.Sort();
            target[i] = around[13];
        }
    }

    [Kernel(32, 8)]
    public partial struct Cube : ILaneKernel
    {
        public View<short> Source;
        public View<short> Target;
        public int Width;
        public int Height;
        public Slab Slab;

        public readonly void Check(ref Needs needs)
        {
            needs.Neighbours(Source, Slab, 1, Target, Width, Height);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt column = TInt.Count(x), one = TInt.Set(1);
            TInt left = TInt.Max(column - one, TInt.Set(0)), right = TInt.Min(column + one, TInt.Set(Width - 1));
            int above = y > 0 ? y - 1 : 0, below = y < Height - 1 ? y + 1 : y;
            TInt value = TInt.Set(short.MinValue);
            for (int bit = 1 << 15; bit > 0; bit >>= 1)
            {
                TInt candidate = value + TInt.Set(bit);
                TInt count = TInt.Set(0);
                for (int dz = -1; dz <= 1; dz++)
                {
                    long plane = (long)Slab.Plane(z, dz) * Height;
                    count += Below<TFloat, TInt, TMask>((plane + above) * Width, left, column, right, candidate);
                    count += Below<TFloat, TInt, TMask>((plane + y) * Width, left, column, right, candidate);
                    count += Below<TFloat, TInt, TMask>((plane + below) * Width, left, column, right, candidate);
                }

                value = TInt.Select(TInt.Less(count, TInt.Set(14)), candidate, value);
            }

            TInt.Store(Target, ((((long)z * Height) + y) * Width) + x, value);
        }

        /// <summary>How many of three neighbours in a row lie below the candidate.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TInt Below<TFloat, TInt, TMask>(long row, TInt left, TInt column, TInt right, TInt candidate)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt one = TInt.Set(1), zero = TInt.Set(0);
            return TInt.Select(TInt.Less(TInt.Gather(Source, row, left), candidate), one, zero)
                + TInt.Select(TInt.Less(TInt.Gather(Source, row, column), candidate), one, zero)
                + TInt.Select(TInt.Less(TInt.Gather(Source, row, right), candidate), one, zero);
        }
    }
}
