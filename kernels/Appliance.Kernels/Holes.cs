namespace Appliance.Kernels;

/// <summary>Fills holes: background that has no way to the volume's border gets a label.</summary>
/// <remarks>
/// Three steps beside <see cref="Components"/>: background and labels change places (<see cref="Invert"/>), the components of what was
/// background are found, those that touch the border are marked at their root (<see cref="Touch"/>), the others are filled
/// (<see cref="Fill"/>).
/// </remarks>
public static class Holes
{
    /// <summary>The definition: what a flood of the background from the border does not reach is filled (6 neighbours).</summary>
    public static void Reference(ReadOnlySpan<byte> labels, int width, int height, int depth, byte label, Span<byte> target)
    {
        byte[] inverted = [.. labels.ToArray().Select(value => (byte)(value == 0 ? 1 : 0))];
        int[] roots = new int[labels.Length];
        Components.Reference(inverted, width, height, depth, 6, roots);
        HashSet<int> open = [];
        for (int i = 0; i < roots.Length; i++)
        {
            if (roots[i] >= 0 && OnBorder(i % width, i / width % height, i / width / height, width, height, depth))
            {
                open.Add(roots[i]);
            }
        }

        for (int i = 0; i < roots.Length; i++)
        {
            target[i] = roots[i] >= 0 && !open.Contains(roots[i]) ? label : labels[i];
        }
    }

    private static bool OnBorder(int x, int y, int z, int width, int height, int depth) =>
        x == 0 || y == 0 || z == 0 || x == width - 1 || y == height - 1 || z == depth - 1;

    /// <summary>1 where there was background.</summary>
    [Kernel(256)]
    public struct Invert : IPointKernel
    {
        public View<byte> Source;
        public View<byte> Target;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Pointwise(Source, Target, Width, Height);
        }

        public readonly void Run(int x, int y, int z)
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            Target[at] = (byte)(Source[at] == 0 ? 1 : 0);
        }
    }

    /// <summary>Makes the size (of <see cref="Components.Flatten"/>) of each component that touches the border 0.</summary>
    [Kernel(256)]
    public struct Touch : IPointKernel
    {
        public View<int> Parents;
        public View<int> Sizes;
        public int Width;
        public int Height;
        public int Depth;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Indexed(needs.Planes);
            needs.Holds(Parents, needs.Cells, nameof(Parents));
            needs.Holds(Sizes, needs.Planes, nameof(Sizes));
        }

        public readonly void Run(int x, int y, int z)
        {
            int at = (((z * Height) + y) * Width) + x;
            if (Parents[at] != Components.None && OnBorder(x, y, z, Width, Height, Depth))
            {
                Sizes[Parents[at]] = 0;
            }
        }
    }

    [Kernel(256)]
    public struct Fill : IPointKernel
    {
        public View<byte> Labels;
        public View<int> Parents;
        public View<int> Sizes;
        public int Width;
        public int Height;
        public int Label;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Indexed(needs.Planes);
            needs.Holds(Labels, needs.Cells, nameof(Labels));
            needs.Holds(Parents, needs.Cells, nameof(Parents));
            needs.Holds(Sizes, needs.Planes, nameof(Sizes));
        }

        public readonly void Run(int x, int y, int z)
        {
            int at = (((z * Height) + y) * Width) + x;
            if (Parents[at] != Components.None && Sizes[Parents[at]] > 0)
            {
                Labels[at] = (byte)Label;
            }
        }
    }
}
