using System.Runtime.InteropServices;

namespace Appliance.Imaging;

/// <summary>Connected pieces of labels (model package, step 8).</summary>
public static class Pieces
{
    /// <summary>Of each class named, keeps the largest 6-connected piece (the first of equals) and makes the others background.</summary>
    /// <param name="labels">[z][y][x], changed in place.</param>
    public static void KeepLargest(byte[] labels, int rows, int columns, ReadOnlySpan<byte> classes)
    {
        Span<bool> wanted = stackalloc bool[256];
        foreach (byte organ in classes)
        {
            wanted[organ] = true;
        }

        // 1. Runs of one class along x, joined with the runs that they touch in the row and in the slice before.
        List<Run> runs = [];
        int[] firstOfRow = new int[(labels.Length / columns) + 1];
        for (int row = 0; row < firstOfRow.Length - 1; row++)
        {
            firstOfRow[row] = runs.Count;
            FindRuns(labels.AsSpan(row * columns, columns), row, wanted, runs);
            firstOfRow[row + 1] = runs.Count;
            if (row % rows != 0)
            {
                Join(CollectionsMarshal.AsSpan(runs), firstOfRow, row - 1, row);
            }

            if (row >= rows)
            {
                Join(CollectionsMarshal.AsSpan(runs), firstOfRow, row - rows, row);
            }
        }

        // 2. The size of each piece, and the largest of each class.
        Span<Run> all = CollectionsMarshal.AsSpan(runs);
        int[] sizes = new int[all.Length];
        Span<int> largest = stackalloc int[256];
        largest.Fill(-1);
        for (int i = 0; i < all.Length; i++)
        {
            sizes[Root(all, i)] += all[i].End - all[i].Start;
        }

        for (int i = 0; i < all.Length; i++)
        {
            ref int best = ref largest[all[i].Class];
            best = best < 0 || sizes[i] > sizes[best] ? i : best;
        }

        // 3. Everything else goes.
        for (int i = 0; i < all.Length; i++)
        {
            if (Root(all, i) != largest[all[i].Class])
            {
                labels.AsSpan((all[i].Row * columns) + all[i].Start, all[i].End - all[i].Start).Clear();
            }
        }
    }

    private static void FindRuns(ReadOnlySpan<byte> line, int row, ReadOnlySpan<bool> wanted, List<Run> runs)
    {
        for (int at = line.IndexOfAnyExcept((byte)0); at >= 0 && at < line.Length;)
        {
            byte organ = line[at];
            int length = line[at..].IndexOfAnyExcept(organ);
            int end = length < 0 ? line.Length : at + length;
            if (wanted[organ])
            {
                runs.Add(new Run { Row = row, Start = at, End = end, Class = organ, Parent = runs.Count });
            }

            int skip = line[end..].IndexOfAnyExcept((byte)0);
            at = skip < 0 ? line.Length : end + skip;
        }
    }

    /// <summary>Joins runs of one class that overlap in x, in two rows that are neighbours in y or z.</summary>
    private static void Join(Span<Run> runs, int[] firstOfRow, int rowBefore, int row)
    {
        int a = firstOfRow[rowBefore];
        int b = firstOfRow[row];
        while (a < firstOfRow[rowBefore + 1] && b < firstOfRow[row + 1])
        {
            if (runs[a].Class == runs[b].Class && runs[a].Start < runs[b].End && runs[b].Start < runs[a].End)
            {
                int rootA = Root(runs, a);
                int rootB = Root(runs, b);
                runs[Math.Max(rootA, rootB)].Parent = Math.Min(rootA, rootB);
            }

            if (runs[a].End < runs[b].End)
            {
                a++;
            }
            else
            {
                b++;
            }
        }
    }

    private static int Root(Span<Run> runs, int run)
    {
        while (runs[run].Parent != run)
        {
            runs[run].Parent = runs[runs[run].Parent].Parent;
            run = runs[run].Parent;
        }

        return run;
    }

    private struct Run
    {
        public int Row;
        public int Start;
        public int End;
        public int Parent;
        public byte Class;
    }
}
