using System.Runtime.InteropServices;
using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>Connected pieces of labels (model package, step 8).</summary>
/// <remarks>The memory for runs is native and lives for one call: room for organs at first, more where that is not enough.</remarks>
public static unsafe class Pieces
{
    /// <summary>Of each class named, keeps the largest 6-connected piece (the first of equals) and makes the others background.</summary>
    /// <param name="labels">[z][y][x], changed in place.</param>
    /// <param name="until">Looked at before each of the two passes, of 5 ms each over 300 x 512 x 512.</param>
    public static void KeepLargest(byte[] labels, int rows, int columns, ReadOnlySpan<byte> classes, Deadline? until = null)
    {
        until?.Check();
        Span<bool> wanted = stackalloc bool[256];
        foreach (byte organ in classes)
        {
            wanted[organ] = true;
        }

        int height = rows, depth = labels.Length / columns / rows;
        fixed (byte* pointer = labels)
        {
            View<byte> volume = new(pointer, labels.Length);
            using RunMemory memory = RunMemory.Of(volume, columns, height, depth, wanted);
            until?.Check();
            memory.Runs.Keep(volume, columns, memory.Sizes, 0, largestOnly: true);
        }
    }

    /// <summary>The box around the largest 4-connected region that is 1, the first of equals; null where all is 0.</summary>
    /// <param name="mask">[y][x].</param>
    internal static (int MinY, int MaxY, int MinX, int MaxX)? LargestBox(ReadOnlySpan<byte> mask, int columns)
    {
        int rows = mask.Length / columns;
        Span<bool> wanted = stackalloc bool[256];
        wanted[1] = true;
        fixed (byte* pointer = mask)
        {
            using RunMemory memory = RunMemory.Of(new View<byte>(pointer, mask.Length), columns, rows, 1, wanted);
            View<ComponentRuns.Run> runs = memory.Runs.Runs;
            View<int> sizes = memory.Sizes;
            int largest = -1;
            for (int i = 0; i < memory.Runs.Count; i++)
            {
                sizes[i] = 0;
                sizes[runs[i].Parent] += runs[i].End - runs[i].Start;
            }

            for (int i = 0; i < memory.Runs.Count; i++)
            {
                largest = largest < 0 || sizes[i] > sizes[largest] ? i : largest;
            }

            return largest < 0 ? null : BoxOf(runs, memory.RowStarts, rows, largest);
        }
    }

    private static (int MinY, int MaxY, int MinX, int MaxX) BoxOf(View<ComponentRuns.Run> runs, View<int> rowStarts, int rows, int root)
    {
        (int minY, int maxY, int minX, int maxX) = (rows, 0, int.MaxValue, 0);
        for (int y = 0; y < rows; y++)
        {
            for (int i = rowStarts[y]; i < rowStarts[y + 1]; i++)
            {
                if (runs[i].Parent == root)
                {
                    (minY, maxY) = (Math.Min(minY, y), y);
                    (minX, maxX) = (Math.Min(minX, runs[i].Start), Math.Max(maxX, runs[i].End - 1));
                }
            }
        }

        return (minY, maxY, minX, maxX);
    }

    /// <summary>Native memory of one search.</summary>
    private sealed class RunMemory : IDisposable
    {
        private readonly int* rowStarts;
        private readonly ComponentRuns.Run* runs;
        private readonly int* sizes;

        private RunMemory(int rows, int capacity)
        {
            rowStarts = (int*)NativeMemory.Alloc((nuint)rows + 1, sizeof(int));
            runs = (ComponentRuns.Run*)NativeMemory.Alloc((nuint)capacity, (nuint)sizeof(ComponentRuns.Run));
            sizes = (int*)NativeMemory.Alloc((nuint)capacity, sizeof(int));
            RowStarts = new View<int>(rowStarts, rows + 1);
            Sizes = new View<int>(sizes, capacity);
            Runs = new ComponentRuns(RowStarts, new View<ComponentRuns.Run>(runs, capacity));
        }

        public ComponentRuns Runs { get; }

        public View<int> RowStarts { get; }

        public View<int> Sizes { get; }

        public static RunMemory Of(View<byte> labels, int width, int height, int depth, ReadOnlySpan<bool> wanted)
        {
            // Four runs a row are more than organs have on average; noise needs up to one for each voxel.
            long most = labels.Length + width + 1, capacity = Math.Min(most, (4L * height * depth) + width + 1);
            for (; ; capacity = Math.Min(most, capacity * 4))
            {
                RunMemory memory = new(height * depth, checked((int)capacity));
                if (memory.Runs.Find(labels, width, height, depth, wanted, 6) >= 0)
                {
                    return memory;
                }

                memory.Dispose();
            }
        }

        public void Dispose()
        {
            NativeMemory.Free(rowStarts);
            NativeMemory.Free(runs);
            NativeMemory.Free(sizes);
        }
    }
}
