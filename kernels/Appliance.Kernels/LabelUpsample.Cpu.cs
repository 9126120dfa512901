#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Appliance.Kernels;

/// <content>
/// Sixteen neighbours of a result row come from at most sixteen neighbours of a source row when the grid grows: one load and one shuffle.
/// The shuffles are the same for all rows and are made once a launch; a row that repeats the one before is copied from it.
/// </content>
public static partial class LabelUpsample
{
    /// <summary>Longest row that the shuffles of one launch are kept for, on the stack.</summary>
    private const int MaximumColumns = 4096;

    public unsafe partial struct Nearest : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            int blocks = width / Vector128<byte>.Count;
            int* starts = stackalloc int[MaximumColumns / 16];
            Vector128<byte>* shuffles = stackalloc Vector128<byte>[MaximumColumns / 16];
            if (width > MaximumColumns || !Plan(blocks, starts, shuffles))
            {
                CpuLaunch.Lanes(this, width, height, zFrom, zTo);
                return;
            }

            for (int z = zFrom; z < zTo; z++)
            {
                for (int y = 0; y < height; y++)
                {
                    byte* from = Source.Pointer + ((((long)Planes[z] * SourceHeight) + Rows[y]) * SourceWidth);
                    byte* to = Target.Pointer + ((((long)z * Height) + y) * Width);
                    bool twice = y + 1 < height && Rows[y] == Rows[y + 1] && blocks * 16 == width;
                    Row(from, to, twice ? to + Width : null, blocks, starts, shuffles);
                    y += twice ? 1 : 0;
                    for (int x = blocks * 16; x < width; x++)
                    {
                        to[x] = from[Columns[x]];
                    }
                }
            }
        }

        /// <summary>False where sixteen results need more than sixteen source voxels.</summary>
        private readonly bool Plan(int blocks, int* starts, Vector128<byte>* shuffles)
        {
            for (int block = 0; block < blocks; block++)
            {
                int low = int.MaxValue, high = 0;
                for (int i = 0; i < 16; i++)
                {
                    low = Math.Min(low, Columns[(block * 16) + i]);
                    high = Math.Max(high, Columns[(block * 16) + i]);
                }

                // The last block may start earlier, so that its sixteen bytes end with the row.
                low = Math.Max(0, Math.Min(low, SourceWidth - 16));
                if (high - low >= 16)
                {
                    return false;
                }

                starts[block] = low;
                for (int i = 0; i < 16; i++)
                {
                    ((byte*)&shuffles[block])[i] = (byte)(Columns[(block * 16) + i] - low);
                }
            }

            return true;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Row(byte* from, byte* to, byte* copy, int blocks, int* starts, Vector128<byte>* shuffles)
        {
            bool aligned = ((nint)to & 31) == 0 && ((nint)copy & 31) == 0;
            int block = 0;
            for (; aligned && block < blocks - 1; block += 2)
            {
                Vector256<byte> labels = Vector256.Create(
                    Vector128.ShuffleNative(Vector128.Load(from + starts[block]), shuffles[block]),
                    Vector128.ShuffleNative(Vector128.Load(from + starts[block + 1]), shuffles[block + 1]));
                labels.StoreAlignedNonTemporal(to + (block * 16));
                if (copy is not null)
                {
                    labels.StoreAlignedNonTemporal(copy + (block * 16));
                }
            }

            for (; block < blocks; block++)
            {
                Vector128<byte> labels = Vector128.ShuffleNative(Vector128.Load(from + starts[block]), shuffles[block]);
                labels.Store(to + (block * 16));
                if (copy is not null)
                {
                    labels.Store(copy + (block * 16));
                }
            }
        }
    }
}
#endif
