using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Labels of a coarse grid back on the scanner's own: the nearest voxel, by one table of source indices for each axis.</summary>
public static partial class LabelUpsample
{
    /// <summary>target (x, y, z) = source (columns[x], rows[y], planes[z]).</summary>
    public static void Reference(
        ReadOnlySpan<byte> source, int width, int height,
        ReadOnlySpan<int> columns, ReadOnlySpan<int> rows, ReadOnlySpan<int> planes, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            int x = i % columns.Length, y = i / columns.Length % rows.Length, z = i / columns.Length / rows.Length;
            target[i] = source[(((planes[z] * height) + rows[y]) * width) + columns[x]];
        }
    }

    [Kernel(64, 4)]
    public partial struct Nearest : ILaneKernel
    {
        public View<byte> Source;
        public View<byte> Target;
        public View<int> Columns;
        public View<int> Rows;

        /// <summary>One entry for each plane of the launch.</summary>
        public View<int> Planes;
        public int SourceWidth;
        public int SourceHeight;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Holds(Source, Needs.Product(SourceWidth, SourceHeight), nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
            needs.Holds(Columns, needs.X, nameof(Columns));
            needs.Holds(Rows, needs.Y, nameof(Rows));
            needs.Holds(Planes, needs.Z, nameof(Planes));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long row = (((long)Planes[z] * SourceHeight) + Rows[y]) * SourceWidth;
            TInt labels = TInt.Gather(Source, row, TInt.Load(Columns, x));
            TInt.Store(Target, ((((long)z * Height) + y) * Width) + x, labels);
        }
    }
}
