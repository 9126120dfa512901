using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>The largest 6-connected piece of each class of a stack, from the pieces of its slices.</summary>
/// <remarks>The same answer as <see cref="Pieces.KeepLargest"/> on the whole volume, the first of equals included.</remarks>
internal static class LargestPieces
{
    /// <summary>The pieces that are not part of the largest of their class, slice by slice; null for a slice that has none.</summary>
    /// <param name="slices">In the order of the stack.</param>
    public static bool[]?[] Others(IReadOnlyList<SlicePieces> slices)
    {
        int[] first = new int[slices.Count + 1];
        for (int i = 0; i < slices.Count; i++)
        {
            first[i + 1] = first[i] + slices[i].Count;
        }

        int count = first[^1];
        int[] parents = Scratch<int>.Rent(count), sizes = Scratch<int>.Rent(count);
        try
        {
            Join(slices, first, parents);
            return Others(slices, first, LargestOf(slices, first, parents, sizes), parents);
        }
        finally
        {
            Scratch<int>.Return(parents);
            Scratch<int>.Return(sizes);
        }
    }

    /// <summary>Each part of the stack for itself, then the parts: pieces of different parts are never touched by two threads.</summary>
    private static void Join(IReadOnlyList<SlicePieces> slices, int[] first, int[] parents)
    {
        int parts = Math.Min(Environment.ProcessorCount, slices.Count);
        int BeginOf(int part) => (int)((long)part * slices.Count / parts);
        Parallel.For(0, parts, part =>
        {
            for (int slice = BeginOf(part); slice < BeginOf(part + 1); slice++)
            {
                for (int piece = first[slice]; piece < first[slice + 1]; piece++)
                {
                    parents[piece] = piece;
                }

                if (slice > BeginOf(part))
                {
                    Join(slices[slice - 1], first[slice - 1], slices[slice], first[slice], parents);
                }
            }
        });
        for (int part = 1; part < parts; part++)
        {
            int slice = BeginOf(part);
            Join(slices[slice - 1], first[slice - 1], slices[slice], first[slice], parents);
        }
    }

    /// <summary>Two neighbouring slices: runs of one label that lie above each other are of one piece.</summary>
    private static void Join(SlicePieces below, int firstBelow, SlicePieces above, int firstAbove, int[] parents)
    {
        ReadOnlySpan<ComponentRuns.Run> runsBelow = below.Runs, runsAbove = above.Runs;
        ReadOnlySpan<int> startsBelow = below.RowStarts, startsAbove = above.RowStarts;
        for (int row = 0; row < startsBelow.Length - 1; row++)
        {
            int a = startsBelow[row], endA = startsBelow[row + 1], b = startsAbove[row], endB = startsAbove[row + 1];
            while (a < endA && b < endB)
            {
                ref readonly ComponentRuns.Run one = ref runsBelow[a], other = ref runsAbove[b];
                if (one.Start < other.End && other.Start < one.End && one.Label == other.Label)
                {
                    int rootA = Root(parents, firstBelow + one.Parent), rootB = Root(parents, firstAbove + other.Parent);
                    parents[Math.Max(rootA, rootB)] = Math.Min(rootA, rootB);
                }

                if (one.End < other.End)
                {
                    a++;
                }
                else
                {
                    b++;
                }
            }
        }
    }

    /// <summary>By class, the piece of the stack that is the largest; -1 where the class does not occur.</summary>
    private static int[] LargestOf(IReadOnlyList<SlicePieces> slices, int[] first, int[] parents, int[] sizes)
    {
        Array.Clear(sizes, 0, first[^1]);
        for (int slice = 0; slice < slices.Count; slice++)
        {
            ReadOnlySpan<SlicePieces.Piece> pieces = slices[slice].Pieces;
            for (int i = 0; i < pieces.Length; i++)
            {
                sizes[Root(parents, first[slice] + i)] += pieces[i].Voxels;
            }
        }

        int[] largest = new int[256];
        Array.Fill(largest, -1);
        for (int slice = 0; slice < slices.Count; slice++)
        {
            ReadOnlySpan<SlicePieces.Piece> pieces = slices[slice].Pieces;
            for (int i = 0; i < pieces.Length; i++)
            {
                ref int best = ref largest[pieces[i].Label];
                int piece = first[slice] + i;
                best = best < 0 || sizes[piece] > sizes[best] ? piece : best;
            }
        }

        return largest;
    }

    private static bool[]?[] Others(IReadOnlyList<SlicePieces> slices, int[] first, int[] largest, int[] parents)
    {
        bool[]?[] others = new bool[slices.Count][];
        for (int slice = 0; slice < slices.Count; slice++)
        {
            ReadOnlySpan<SlicePieces.Piece> pieces = slices[slice].Pieces;
            for (int i = 0; i < pieces.Length; i++)
            {
                if (Root(parents, first[slice] + i) != largest[pieces[i].Label])
                {
                    (others[slice] ??= new bool[pieces.Length])[i] = true;
                }
            }
        }

        return others;
    }

    private static int Root(int[] parents, int piece)
    {
        while (parents[piece] != piece)
        {
            parents[piece] = parents[parents[piece]];
            piece = parents[piece];
        }

        return piece;
    }
}
