using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Dilation and erosion of one label by 6 or 26 neighbours. Beyond the volume its edge repeats. A halo of one plane.</summary>
/// <remarks>Result: 1 where the voxel or (dilation) any, or (erosion) all of its neighbours have the label, else 0.</remarks>
public static class Morphology
{
    public static void Reference(
        ReadOnlySpan<byte> source, int width, int height, int depth, byte label, int neighbours, bool dilate, Span<byte> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            int x = i % width, y = i / width % height, z = i / width / height;
            bool any = false, all = true;
            for (int k = 0; k < 27; k++)
            {
                int dx = (k % 3) - 1, dy = (k / 3 % 3) - 1, dz = (k / 9) - 1;
                if (neighbours == 26 || Math.Abs(dx) + Math.Abs(dy) + Math.Abs(dz) <= 1)
                {
                    int row = (Math.Clamp(z + dz, 0, depth - 1) * height) + Math.Clamp(y + dy, 0, height - 1);
                    bool set = source[(row * width) + Math.Clamp(x + dx, 0, width - 1)] == label;
                    any |= set;
                    all &= set;
                }
            }

            target[i] = (byte)((dilate ? any : all) ? 1 : 0);
        }
    }

    [Kernel(32, 8)]
    public struct Step : ILaneKernel
    {
        public View<byte> Source;
        public View<byte> Target;
        public int Width;
        public int Height;
        public Slab Slab;
        public int Label;

        /// <summary>6 or 26.</summary>
        public int Neighbours;

        /// <summary>1 to dilate, 0 to erode.</summary>
        public int Dilate;

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
            // Neighbours with the label are counted: one is enough to dilate, all are needed to erode.
            TInt count = TInt.Set(0);
            for (int k = 0; k < 9; k++)
            {
                int dy = (k % 3) - 1, dz = (k / 3) - 1;
                bool cross = dy == 0 || dz == 0;
                if (Neighbours == 26 || cross)
                {
                    int line = y + dy < 0 ? 0 : y + dy > Height - 1 ? Height - 1 : y + dy;
                    long row = (((long)Slab.Plane(z, dz) * Height) + line) * Width;
                    count += Row<TFloat, TInt, TMask>(row, x, Neighbours == 26 || (dy == 0 && dz == 0));
                }
            }

            int enough = Dilate != 0 ? 1 : Neighbours + 1;
            TInt result = TInt.Select(TInt.Less(count, TInt.Set(enough)), TInt.Set(0), TInt.Set(1));
            TInt.Store(Target, ((((long)z * Height) + y) * Width) + x, result);
        }

        /// <summary>How many of one or three neighbours in a row have the label.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TInt Row<TFloat, TInt, TMask>(long row, int x, bool sides)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt label = TInt.Set(Label), one = TInt.Set(1), zero = TInt.Set(0), column = TInt.Count(x);
            TInt count = TInt.Select(TInt.Equal(TInt.Load(Source, row + x), label), one, zero);
            if (sides)
            {
                TInt left = TInt.Gather(Source, row, TInt.Max(column - one, zero));
                TInt right = TInt.Gather(Source, row, TInt.Min(column + one, TInt.Set(Width - 1)));
                count += TInt.Select(TInt.Equal(left, label), one, zero) + TInt.Select(TInt.Equal(right, label), one, zero);
            }

            return count;
        }
    }
}
