#if GPU
using ILGPU;

namespace Appliance.Kernels;

/// <content>
/// A block of 32 x 8 voxels and its neighbours lie in shared memory: each value is read from the volume about four times and not 432
/// times (27 neighbours in each of 16 rounds).
/// </content>
public static partial class Median
{
    private const int BlockX = 32, BlockY = 8, TileX = BlockX + 2, TileY = BlockY + 2, Tile = TileX * TileY * 3;

    public partial struct Cube : IBlockKernel
    {
        public readonly void Block(int x, int y, int z, Index3D extent)
        {
            ArrayView<short> tile = SharedMemory.Allocate<short>(Tile);
            int left = x - Group.IdxX - 1, top = y - Group.IdxY - 1;
            for (int i = (Group.IdxY * BlockX) + Group.IdxX; i < Tile; i += BlockX * BlockY)
            {
                int column = left + (i % TileX), row = top + (i / TileX % TileY);
                column = column < 0 ? 0 : column > Width - 1 ? Width - 1 : column;
                row = row < 0 ? 0 : row > Height - 1 ? Height - 1 : row;
                long plane = (long)Slab.Plane(z, (i / (TileX * TileY)) - 1) * Height;
                tile[i] = Source[((plane + row) * Width) + column];
            }

            Group.Barrier();
            if (x >= extent.X || y >= extent.Y)
            {
                return;
            }

            int first = (Group.IdxY * TileX) + Group.IdxX, value = short.MinValue;
            for (int bit = 1 << 15; bit > 0; bit >>= 1)
            {
                int candidate = value + bit, count = 0;
                for (int k = 0; k < 27; k++)
                {
                    count += tile[first + (k % 3) + (k / 3 % 3 * TileX) + (k / 9 * TileX * TileY)] < candidate ? 1 : 0;
                }

                value = count < 14 ? candidate : value;
            }

            Target[((((long)z * Height) + y) * Width) + x] = (short)value;
        }
    }
}
#endif
