#if !GPU
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Appliance.Kernels;

/// <summary>Connected components on the CPU: runs of equal labels along x are joined, not voxels.</summary>
/// <remarks>
/// The caller lends the memory for the runs, so a launch allocates nothing. Only voxels of the labels wanted count. Components are named
/// by their first run, whose first voxel is the root of <see cref="Components"/>. <see cref="Keep"/> is <see cref="Components.Keep"/>.
/// </remarks>
public sealed unsafe class ComponentRuns
{
    private const int Lanes = 32;
    private readonly int* rowStarts;
    private readonly Run* runs;
    private readonly int capacity;
    private int rows;

    /// <param name="rowStarts">One more than rows * planes.</param>
    /// <param name="runs">Memory for the most runs that there can be.</param>
    public ComponentRuns(View<int> rowStarts, View<Run> runs)
    {
        this.rowStarts = rowStarts.Pointer;
        this.runs = runs.Pointer;
        capacity = (int)Math.Min(runs.Length, int.MaxValue);
    }

    /// <summary>Runs found by the last <see cref="Find"/>.</summary>
    public int Count { get; private set; }

    public View<Run> Runs => new(runs, Count);

    /// <summary>Finds the components of one label (0: of every label but 0). Returns their number, or -1 if the runs do not fit.</summary>
    /// <param name="neighbours">6 or 26.</param>
    public int Find(View<byte> labels, int width, int height, int depth, byte only, int neighbours) =>
        Find(labels, width, height, depth, only, [], neighbours);

    /// <summary>The same for several labels.</summary>
    /// <param name="wanted">256 truth values; background is never wanted.</param>
    public int Find(View<byte> labels, int width, int height, int depth, ReadOnlySpan<bool> wanted, int neighbours) =>
        Find(labels, width, height, depth, 0, wanted, neighbours);

    /// <summary>Makes background of those components of the last search that break a rule.</summary>
    /// <param name="labels">The volume that was searched, as it was then.</param>
    /// <param name="sizes">As many as there are runs: memory for the voxels of each component.</param>
    /// <param name="minimum">Voxels that a component must have.</param>
    /// <param name="largestOnly">Of each label only the largest component stays, the first of equals.</param>
    public void Keep(View<byte> labels, int width, View<int> sizes, int minimum, bool largestOnly)
    {
        // 1. The size of each component, and the largest of each label.
        int* largest = stackalloc int[256];
        new Span<int>(largest, 256).Fill(-1);
        new Span<int>(sizes.Pointer, Count).Clear();
        for (int i = 0; i < Count; i++)
        {
            sizes[runs[i].Parent] += runs[i].End - runs[i].Start;
        }

        for (int i = 0; i < Count; i++)
        {
            ref int best = ref largest[runs[i].Label];
            best = sizes[i] > 0 && (best < 0 || sizes[i] > sizes[best]) ? i : best;
        }

        // 2. Everything else goes, run by run.
        for (int row = 0; row < rows; row++)
        {
            for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++)
            {
                int root = runs[i].Parent;
                if (sizes[root] < minimum || (largestOnly && largest[runs[i].Label] != root))
                {
                    new Span<byte>(labels.Pointer + ((long)row * width) + runs[i].Start, runs[i].End - runs[i].Start).Clear();
                }
            }
        }
    }

    private int Find(View<byte> labels, int width, int height, int depth, byte only, ReadOnlySpan<bool> wanted, int neighbours)
    {
        int slack = neighbours == 26 ? 1 : 0;
        Count = 0;
        rows = height * depth;
        for (int row = 0; row < rows; row++)
        {
            // Of several labels each voxel of the row may begin a run; of one, every second.
            if (Count + (only != 0 ? (width + 1) / 2 : width) > capacity)
            {
                return -1;
            }

            // 1. This row's runs.
            rowStarts[row] = Count;
            Count = only != 0
                ? RunsOfOne(labels.Pointer + ((long)row * width), width, only, Count)
                : RunsOfAll(labels.Pointer + ((long)row * width), width, wanted, Count);
            rowStarts[row + 1] = Count;

            // 2. Joined with the rows before it that it touches.
            int y = row % height;
            if (rowStarts[row] == Count)
            {
                continue;
            }

            if (y > 0)
            {
                Join(row - 1, row, slack);
            }

            for (int dy = -slack; row >= height && dy <= slack; dy++)
            {
                if (y + dy >= 0 && y + dy < height)
                {
                    Join(row - height + dy, row, slack);
                }
            }
        }

        // 3. Every run under its root.
        int components = 0;
        for (int i = 0; i < Count; i++)
        {
            runs[i].Parent = Root(i);
            components += runs[i].Parent == i ? 1 : 0;
        }

        return components;
    }

    /// <summary>A change of "is it this label" is a set bit: 32 voxels are looked at together.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int RunsOfOne(byte* row, int width, byte label, int count)
    {
        Vector256<byte> wanted = Vector256.Create(label);
        uint inside = 0;
        int start = 0, x = 0;
        for (; x <= width - Lanes; x += Lanes)
        {
            uint bits = Vector256.ExtractMostSignificantBits(Vector256.Equals(Vector256.Load(row + x), wanted));
            uint changes = bits ^ ((bits << 1) | inside);
            inside = bits >> 31;
            for (; changes != 0; changes &= changes - 1)
            {
                int at = x + BitOperations.TrailingZeroCount(changes);
                if (((bits >> (at - x)) & 1) != 0)
                {
                    start = at;
                }
                else
                {
                    runs[count] = new Run { Start = start, End = at, Parent = count++, Label = label };
                }
            }
        }

        for (; x <= width; x++)
        {
            uint now = x < width && row[x] == label ? 1u : 0;
            if (now != 0 && inside == 0)
            {
                start = x;
            }
            else if (now == 0 && inside != 0)
            {
                runs[count] = new Run { Start = start, End = x, Parent = count++, Label = label };
            }

            inside = now;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int RunsOfAll(byte* row, int width, ReadOnlySpan<bool> wanted, int count)
    {
        ReadOnlySpan<byte> line = new(row, width);
        for (int at = line.IndexOfAnyExcept((byte)0); at >= 0 && at < width;)
        {
            byte label = line[at];
            int length = line[at..].IndexOfAnyExcept(label);
            int end = length < 0 ? width : at + length;
            if (wanted.IsEmpty || wanted[label])
            {
                runs[count] = new Run { Start = at, End = end, Parent = count++, Label = label };
            }

            int skip = end < width && line[end] == 0 ? line[end..].IndexOfAnyExcept((byte)0) : 0;
            at = skip < 0 ? width : end + skip;
        }

        return count;
    }

    /// <summary>Runs of one label that overlap, or touch at a corner where <paramref name="slack"/> is 1.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Join(int before, int row, int slack)
    {
        Run* a = runs + rowStarts[before], b = runs + rowStarts[row];
        Run* endA = runs + rowStarts[before + 1], endB = runs + rowStarts[row + 1];
        while (a < endA && b < endB)
        {
            Touch(a, b, slack);
            if (a->End == b->End && a + 1 < endA)
            {
                // Both end here: the next of a may still touch this b at a corner, and the next of b this a.
                Touch(a + 1, b, slack);
            }

            if (a->End < b->End)
            {
                a++;
            }
            else
            {
                b++;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Touch(Run* a, Run* b, int slack)
    {
        if (a->Start < b->End + slack && b->Start < a->End + slack && a->Label == b->Label)
        {
            int rootA = Root((int)(a - runs)), rootB = Root((int)(b - runs));
            runs[Math.Max(rootA, rootB)].Parent = Math.Min(rootA, rootB);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Root(int run)
    {
        while (runs[run].Parent != run)
        {
            runs[run].Parent = runs[runs[run].Parent].Parent;
            run = runs[run].Parent;
        }

        return run;
    }

    /// <summary>Voxels [Start, End) of a row.</summary>
    public struct Run
    {
        public int Start;
        public int End;
        public int Parent;
        public int Label;
    }
}
#endif
