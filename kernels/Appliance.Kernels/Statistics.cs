using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Per label: number of voxels, sum of stored values, extent; and a histogram of stored values.</summary>
/// <remarks>Volume = number * voxel volume; mean = sum / number. All are integers, so the order of adding does not matter.</remarks>
public static partial class Statistics
{
    /// <summary>Integers for each label: lowest x, y, z, then highest x, y, z.</summary>
    public const int ExtentNumbers = 6;

    /// <summary>Extent i of all labels' before any voxel is added: what a label that does not occur keeps.</summary>
    public static int Empty(int i) => i % ExtentNumbers < 3 ? int.MaxValue : -1;

    /// <param name="extents"><see cref="Empty"/> for a label that does not occur.</param>
    public static void Reference(
        ReadOnlySpan<short> values, ReadOnlySpan<byte> labels, int width, int height, Span<long> counts, Span<long> sums, Span<int> extents)
    {
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i] = Empty(i);
        }

        for (int i = 0; i < values.Length; i++)
        {
            counts[labels[i]]++;
            sums[labels[i]] += values[i];
            Span<int> extent = extents.Slice(labels[i] * ExtentNumbers, ExtentNumbers);
            int[] position = [i % width, i / width % height, i / width / height];
            for (int axis = 0; axis < 3; axis++)
            {
                extent[axis] = Math.Min(extent[axis], position[axis]);
                extent[axis + 3] = Math.Max(extent[axis + 3], position[axis]);
            }
        }
    }

    /// <summary>Values below the first bin count to it, above the last to that.</summary>
    public static void ReferenceHistogram(ReadOnlySpan<short> values, int first, int shift, Span<int> bins)
    {
        foreach (short value in values)
        {
            bins[Math.Clamp((value - first) >> shift, 0, bins.Length - 1)]++;
        }
    }

    /// <summary>One voxel; others may be added at the same time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(View<long> counts, View<long> sums, View<int> extents, int label, long value, int x, int y, int z)
    {
        Atomics.Add(ref counts[label], 1);
        Atomics.Add(ref sums[label], value);
        long extent = (long)label * ExtentNumbers;
        Atomics.Min(ref extents[extent], x);
        Atomics.Min(ref extents[extent + 1], y);
        Atomics.Min(ref extents[extent + 2], z);
        Atomics.Max(ref extents[extent + 3], x);
        Atomics.Max(ref extents[extent + 4], y);
        Atomics.Max(ref extents[extent + 5], z);
    }

    [Kernel(256)]
    public partial struct PerLabel : IPointKernel
    {
        public View<short> Source;
        public View<byte> Labels;

        /// <summary>256 each, 0 before.</summary>
        public View<long> Counts;
        public View<long> Sums;

        /// <summary>256 times six, <see cref="Empty"/> before.</summary>
        public View<int> Extents;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Holds(Source, needs.Cells, nameof(Source));
            needs.Holds(Labels, needs.Cells, nameof(Labels));
            needs.Holds(Counts, 256, nameof(Counts));
            needs.Holds(Sums, 256, nameof(Sums));
            needs.Holds(Extents, 256L * ExtentNumbers, nameof(Extents));
        }

        public readonly void Run(int x, int y, int z)
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            Add(Counts, Sums, Extents, Labels[at], Source[at], x, y, z);
        }
    }

    /// <summary>Where labels lie: as <see cref="PerLabel"/>, with the column in place of the stored value.</summary>
    [Kernel(256)]
    public partial struct Places : IPointKernel
    {
        public View<byte> Labels;

        /// <summary>256 each, 0 before.</summary>
        public View<long> Counts;
        public View<long> Columns;

        /// <summary>256 times six, <see cref="Empty"/> before.</summary>
        public View<int> Extents;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Holds(Labels, needs.Cells, nameof(Labels));
            needs.Holds(Counts, 256, nameof(Counts));
            needs.Holds(Columns, 256, nameof(Columns));
            needs.Holds(Extents, 256L * ExtentNumbers, nameof(Extents));
        }

        public readonly void Run(int x, int y, int z)
        {
            Add(Counts, Columns, Extents, Labels[((((long)z * Height) + y) * Width) + x], x, x, y, z);
        }
    }

    [Kernel(256)]
    public partial struct Histogram : IPointKernel
    {
        public View<short> Source;

        /// <summary>0 before.</summary>
        public View<int> Bins;
        public int Width;
        public int Height;

        /// <summary>Lowest value of the first bin; a bin is 2^Shift values wide.</summary>
        public int First;
        public int Shift;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Between(nameof(Shift), Shift, 0, 31);
            needs.Between(nameof(Bins), Bins.Length, 1, int.MaxValue);
            needs.Holds(Source, needs.Cells, nameof(Source));
            needs.Holds(Bins, 1, nameof(Bins));
        }

        public readonly void Run(int x, int y, int z) => Atomics.Add(ref Bins[Bin(x, y, z)], 1);

        private readonly int Bin(int x, int y, int z)
        {
            int bin = (Source[((((long)z * Height) + y) * Width) + x] - First) >> Shift;
            int last = (int)Bins.Length - 1;
            bin = bin < 0 ? 0 : bin;
            return bin > last ? last : bin;
        }
    }
}
