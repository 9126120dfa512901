using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Connected components of labels by their 6 or 26 neighbours; a component is named by its first voxel in memory order.</summary>
/// <remarks>
/// Four launches: every voxel is its own parent, neighbours of one label are joined under the lower root (Playne and Hawick, A new
/// algorithm for parallel connected-component labelling on GPUs, 2018: union by atomic minimum), paths are shortened to the root and
/// counted there, voxels of components that are too small or not the largest become background. 0 is background and has no component.
/// </remarks>
public static class Components
{
    /// <summary>Root of a voxel of background.</summary>
    public const int None = -1;

    /// <summary>The definition, by flooding: for each voxel the first voxel of its component.</summary>
    public static void Reference(ReadOnlySpan<byte> labels, int width, int height, int depth, int neighbours, Span<int> roots)
    {
        roots.Fill(None);
        Stack<int> open = [];
        for (int start = 0; start < labels.Length; start++)
        {
            if (labels[start] == 0 || roots[start] != None)
            {
                continue;
            }

            open.Push(start);
            roots[start] = start;
            while (open.TryPop(out int at))
            {
                foreach (int next in Around(at, width, height, depth, neighbours))
                {
                    if (roots[next] == None && labels[next] == labels[at])
                    {
                        roots[next] = start;
                        open.Push(next);
                    }
                }
            }
        }
    }

    private static IEnumerable<int> Around(int at, int width, int height, int depth, int neighbours)
    {
        int x = at % width, y = at / width % height, z = at / width / height;
        for (int k = 0; k < 27; k++)
        {
            int dx = (k % 3) - 1, dy = (k / 3 % 3) - 1, dz = (k / 9) - 1;
            int steps = Math.Abs(dx) + Math.Abs(dy) + Math.Abs(dz);
            if (steps > 0 && (neighbours == 26 || steps == 1) && x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height
                && z + dz >= 0 && z + dz < depth)
            {
                yield return at + dx + (width * (dy + (height * dz)));
            }
        }
    }

    /// <summary>The root that a voxel hangs under now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Root(View<int> parents, int at)
    {
        while (parents[at] != at)
        {
            at = parents[at];
        }

        return at;
    }

    [Kernel(256)]
    public struct Start : IPointKernel
    {
        public View<byte> Labels;
        public View<int> Parents;

        /// <summary>Voxels of each component, by root; all 0 after this.</summary>
        public View<int> Sizes;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Indexed(needs.Planes);
            needs.Holds(Labels, needs.Cells, nameof(Labels));
            needs.Holds(Parents, needs.Cells, nameof(Parents));
            needs.Holds(Sizes, needs.Cells, nameof(Sizes));
        }

        public readonly void Run(int x, int y, int z)
        {
            int at = (((z * Height) + y) * Width) + x;
            Parents[at] = Labels[at] == 0 ? None : at;
            Sizes[at] = 0;
        }
    }

    /// <summary>Joins each voxel with those of its neighbours that come before it in memory order.</summary>
    [Kernel(32, 8)]
    public struct Join : IPointKernel
    {
        public View<byte> Labels;
        public View<int> Parents;
        public int Width;
        public int Height;

        /// <summary>6 or 26.</summary>
        public int Neighbours;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Indexed(needs.Planes);
            needs.Holds(Labels, needs.Planes, nameof(Labels));
            needs.Holds(Parents, needs.Planes, nameof(Parents));
        }

        public readonly void Run(int x, int y, int z)
        {
            int at = (((z * Height) + y) * Width) + x;
            byte label = Labels[at];
            if (label == 0)
            {
                return;
            }

            // The 13 of 26 before this voxel are k = 0 .. 12; of 6 neighbours they are 4 (z - 1), 10 (y - 1) and 12 (x - 1).
            for (int k = 0; k < 13; k++)
            {
                int dx = (k % 3) - 1, dy = (k / 3 % 3) - 1, dz = (k / 9) - 1;
                bool counts = Neighbours == 26 || k == 4 || k == 10 || k == 12;
                if (counts && x + dx >= 0 && x + dx < Width && y + dy >= 0 && y + dy < Height && z + dz >= 0)
                {
                    int other = at + dx + (Width * (dy + (Height * dz)));
                    if (Labels[other] == label)
                    {
                        Unite(at, other);
                    }
                }
            }
        }

        private readonly void Unite(int a, int b)
        {
            a = Root(Parents, a);
            b = Root(Parents, b);
            while (a != b)
            {
                int high = a > b ? a : b, low = a > b ? b : a;
                int before = Atomics.Min(ref Parents[high], low);
                if (before == high)
                {
                    return;
                }

                a = Root(Parents, before);
                b = Root(Parents, low);
            }
        }
    }

    [Kernel(256)]
    public struct Flatten : IPointKernel
    {
        public View<int> Parents;
        public View<int> Sizes;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Indexed(needs.Planes);
            needs.Holds(Parents, needs.Planes, nameof(Parents));
            needs.Holds(Sizes, needs.Planes, nameof(Sizes));
        }

        public readonly void Run(int x, int y, int z)
        {
            int at = (((z * Height) + y) * Width) + x;
            if (Parents[at] != None)
            {
                int root = Root(Parents, at);
                Parents[at] = root;
                Atomics.Add(ref Sizes[root], 1);
            }
        }
    }

    /// <summary>Finds the largest size of each label.</summary>
    [Kernel(256)]
    public struct Largest : IPointKernel
    {
        public View<byte> Labels;
        public View<int> Sizes;

        /// <summary>256 sizes, 0 before.</summary>
        public View<int> LargestSizes;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Indexed(needs.Planes);
            needs.Holds(Labels, needs.Cells, nameof(Labels));
            needs.Holds(Sizes, needs.Cells, nameof(Sizes));
            needs.Holds(LargestSizes, 256, nameof(LargestSizes));
        }

        public readonly void Run(int x, int y, int z)
        {
            int at = (((z * Height) + y) * Width) + x;
            if (Sizes[at] > 0)
            {
                Atomics.Max(ref LargestSizes[Labels[at]], Sizes[at]);
            }
        }
    }

    /// <summary>Finds, of the components with the largest size of their label, the one that comes first.</summary>
    [Kernel(256)]
    public struct First : IPointKernel
    {
        public View<byte> Labels;
        public View<int> Sizes;
        public View<int> LargestSizes;

        /// <summary>256 roots, int.MaxValue before.</summary>
        public View<int> LargestRoots;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Indexed(needs.Planes);
            needs.Holds(Labels, needs.Cells, nameof(Labels));
            needs.Holds(Sizes, needs.Cells, nameof(Sizes));
            needs.Holds(LargestSizes, 256, nameof(LargestSizes));
            needs.Holds(LargestRoots, 256, nameof(LargestRoots));
        }

        public readonly void Run(int x, int y, int z)
        {
            int at = (((z * Height) + y) * Width) + x;
            if (Sizes[at] > 0 && Sizes[at] == LargestSizes[Labels[at]])
            {
                Atomics.Min(ref LargestRoots[Labels[at]], at);
            }
        }
    }

    /// <summary>Makes the other components background.</summary>
    [Kernel(256)]
    public struct Keep : IPointKernel
    {
        public View<byte> Labels;
        public View<int> Parents;
        public View<int> Sizes;
        public View<int> LargestRoots;

        /// <summary>Voxels that a component must have.</summary>
        public int Minimum;

        /// <summary>1: of each label only the largest component, the first of equals.</summary>
        public int LargestOnly;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Indexed(needs.Planes);
            needs.Holds(Labels, needs.Cells, nameof(Labels));
            needs.Holds(Parents, needs.Cells, nameof(Parents));
            needs.Holds(Sizes, needs.Planes, nameof(Sizes));
            if (LargestOnly != 0)
            {
                needs.Holds(LargestRoots, 256, nameof(LargestRoots));
            }
        }

        public readonly void Run(int x, int y, int z)
        {
            int at = (((z * Height) + y) * Width) + x;
            int root = Parents[at];
            if (root != None && (Sizes[root] < Minimum || (LargestOnly != 0 && LargestRoots[Labels[at]] != root)))
            {
                Labels[at] = 0;
            }
        }
    }
}
