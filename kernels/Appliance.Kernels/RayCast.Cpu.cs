#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Appliance.Kernels;

/// <content>Whole rows are compared; each block of a row gathers what was seen in it.</content>
public static partial class RayCast
{
    /// <summary>Blocks of a row on the stack.</summary>
    private const int MaximumBlocks = 512;

    public unsafe partial struct Occupancy : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            if (width > MaximumBlocks || Extent.Width < 2 << BlockShift)
            {
                CpuLaunch.Points(this, width, height, zFrom, zTo);
                return;
            }

            Vector128<short>* seen = stackalloc Vector128<short>[MaximumBlocks];
            for (int z = zFrom; z < zTo; z++)
            {
                for (int y = 0; y < height; y++)
                {
                    Blocks(z, y, width, seen);
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void Blocks(int z, int y, int width, Vector128<short>* seen)
        {
            // The last block, which may be cut off, goes element by element; the others have all eight columns and one more.
            int whole = (Extent.Width - 1) >> BlockShift;
            Vector128<short> threshold = Vector128.Create((short)Math.Clamp(MathF.Floor(From), short.MinValue, short.MaxValue));
            new Span<Vector128<short>>(seen, whole).Clear();
            int endY = End(y, Extent.Height), endZ = End(z, Extent.Depth);
            for (int k = z << BlockShift; k < endZ; k++)
            {
                for (int j = y << BlockShift; j < endY; j++)
                {
                    short* row = Source.Pointer + ((((long)k * Extent.Height) + j) * Extent.Width);
                    for (int x = 0; x < whole; x++, row += 1 << BlockShift)
                    {
                        seen[x] |= Vector128.GreaterThan(Vector128.Max(Vector128.Load(row), Vector128.Load(row + 1)), threshold);
                    }
                }
            }

            byte* target = Target.Pointer + ((((long)z * BlocksY) + y) * BlocksX);
            for (int x = 0; x < whole; x++)
            {
                target[x] = (byte)(seen[x] == default ? Far : 0);
            }

            for (int x = whole; x < width; x++)
            {
                Run(x, y, z);
            }
        }
    }
}
#endif
