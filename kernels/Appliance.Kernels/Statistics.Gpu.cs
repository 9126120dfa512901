#if GPU
using System.Runtime.CompilerServices;
using ILGPU;

namespace Appliance.Kernels;

/// <content>
/// Neighbours have few labels: a block of 256 adds them up in shared memory and goes to the volume's sums once for each label that it
/// has seen, with a handful of atomic operations instead of eight for each voxel.
/// </content>
public static partial class Statistics
{
    /// <summary>Bins that a block keeps; of more, threads go to memory one by one.</summary>
    private const int SharedBins = 1024;

    /// <summary>Numbers of one row of voxels, by label.</summary>
    private readonly struct RowSums
    {
        private readonly ArrayView<int> counts;
        private readonly ArrayView<long> sums;
        private readonly ArrayView<int> lowest;
        private readonly ArrayView<int> highest;

        private RowSums(ArrayView<int> counts, ArrayView<long> sums, ArrayView<int> lowest, ArrayView<int> highest)
        {
            this.counts = counts;
            this.sums = sums;
            this.lowest = lowest;
            this.highest = highest;
        }

        /// <summary>Each of 256 threads clears one label.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static RowSums Clear()
        {
            RowSums row = new(
                SharedMemory.Allocate<int>(256), SharedMemory.Allocate<long>(256), SharedMemory.Allocate<int>(256),
                SharedMemory.Allocate<int>(256));
            int own = Group.IdxX;
            row.counts[own] = 0;
            row.sums[own] = 0;
            row.lowest[own] = int.MaxValue;
            row.highest[own] = -1;
            Group.Barrier();
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(int label, long value, int x)
        {
            Atomic.Add(ref counts[label], 1);
            Atomic.Add(ref sums[label], value);
            Atomic.Min(ref lowest[label], x);
            Atomic.Max(ref highest[label], x);
        }

        /// <summary>Each thread hands on one label.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Flush(View<long> allCounts, View<long> allSums, View<int> extents, int y, int z)
        {
            Group.Barrier();
            int own = Group.IdxX;
            if (counts[own] == 0)
            {
                return;
            }

            Atomics.Add(ref allCounts[own], counts[own]);
            Atomics.Add(ref allSums[own], sums[own]);
            long extent = (long)own * ExtentNumbers;
            Atomics.Min(ref extents[extent], lowest[own]);
            Atomics.Min(ref extents[extent + 1], y);
            Atomics.Min(ref extents[extent + 2], z);
            Atomics.Max(ref extents[extent + 3], highest[own]);
            Atomics.Max(ref extents[extent + 4], y);
            Atomics.Max(ref extents[extent + 5], z);
        }
    }

    public partial struct PerLabel : IBlockKernel
    {
        public readonly void Block(int x, int y, int z, Index3D extent)
        {
            RowSums row = RowSums.Clear();
            if (x < extent.X)
            {
                long at = ((((long)z * Height) + y) * Width) + x;
                row.Add(Labels[at], Source[at], x);
            }

            row.Flush(Counts, Sums, Extents, y, z);
        }
    }

    public partial struct Places : IBlockKernel
    {
        public readonly void Block(int x, int y, int z, Index3D extent)
        {
            RowSums row = RowSums.Clear();
            if (x < extent.X)
            {
                row.Add(Labels[((((long)z * Height) + y) * Width) + x], x, x);
            }

            row.Flush(Counts, Columns, Extents, y, z);
        }
    }

    public partial struct Histogram : IBlockKernel
    {
        public readonly void Block(int x, int y, int z, Index3D extent)
        {
            ArrayView<int> bins = SharedMemory.Allocate<int>(SharedBins);
            int count = (int)Bins.Length, own = Group.IdxX;
            for (int bin = own; bin < SharedBins; bin += Group.DimX)
            {
                bins[bin] = 0;
            }

            Group.Barrier();
            if (x < extent.X)
            {
                int bin = Bin(x, y, z);
                if (count > SharedBins)
                {
                    Atomics.Add(ref Bins[bin], 1);
                }
                else
                {
                    Atomic.Add(ref bins[bin], 1);
                }
            }

            Group.Barrier();
            for (int bin = own; bin < count && bin < SharedBins; bin += Group.DimX)
            {
                if (bins[bin] != 0)
                {
                    Atomics.Add(ref Bins[bin], bins[bin]);
                }
            }
        }
    }
}
#endif
