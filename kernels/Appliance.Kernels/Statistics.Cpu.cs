#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Appliance.Kernels;

/// <content>Runs of one label, nearly all of a volume, go by 32 voxels at a time; sums are kept on the stack and added once.</content>
public static partial class Statistics
{
    public unsafe partial struct Places : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            long* counts = stackalloc long[256];
            long* columns = stackalloc long[256];
            int* extents = stackalloc int[256 * ExtentNumbers];
            new Span<long>(counts, 256).Clear();
            new Span<long>(columns, 256).Clear();
            for (int i = 0; i < 256 * ExtentNumbers; i++)
            {
                extents[i] = Empty(i);
            }

            for (int z = zFrom; z < zTo; z++)
            {
                for (int y = 0; y < height; y++)
                {
                    Row(Labels.Pointer + ((((long)z * Height) + y) * Width), width, y, z, counts, columns, extents);
                }
            }

            for (int label = 0; label < 256; label++)
            {
                if (counts[label] != 0)
                {
                    Merge(label, counts[label], columns[label], extents + (label * ExtentNumbers));
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Row(byte* row, int width, int y, int z, long* counts, long* columns, int* extents)
        {
            for (int x = 0; x < width;)
            {
                byte label = row[x];
                int end = x + 1;
                Vector256<byte> run = Vector256.Create(label);
                while (end + Vector256<byte>.Count <= width && Vector256.Load(row + end) == run)
                {
                    end += Vector256<byte>.Count;
                }

                while (end < width && row[end] == label)
                {
                    end++;
                }

                int length = end - x;
                counts[label] += length;
                columns[label] += (long)length * (x + end - 1) / 2;
                int* extent = extents + (label * ExtentNumbers);
                extent[0] = Math.Min(extent[0], x);
                extent[1] = Math.Min(extent[1], y);
                extent[2] = Math.Min(extent[2], z);
                extent[3] = Math.Max(extent[3], end - 1);
                extent[4] = Math.Max(extent[4], y);
                extent[5] = Math.Max(extent[5], z);
                x = end;
            }
        }

        /// <summary>Other threads may add their planes at the same time.</summary>
        private readonly void Merge(int label, long count, long column, int* extent)
        {
            Atomics.Add(ref Counts[label], count);
            Atomics.Add(ref Columns[label], column);
            for (int i = 0; i < 3; i++)
            {
                Atomics.Min(ref Extents[(label * ExtentNumbers) + i], extent[i]);
                Atomics.Max(ref Extents[(label * ExtentNumbers) + i + 3], extent[i + 3]);
            }
        }
    }
}
#endif
