using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>The outline of labels in a plane: a voxel with an unlike neighbour (of four) keeps its label, others get 0.</summary>
/// <remarks>Beyond the plane's edge a label goes on: an organ that is cut by the edge has no outline there.</remarks>
public static class Contour
{
    public static void Reference(ReadOnlySpan<byte> source, int width, int height, Span<byte> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            int x = i % width, y = i / width % height;
            bool edge = (x > 0 && source[i - 1] != source[i]) || (x < width - 1 && source[i + 1] != source[i])
                || (y > 0 && source[i - width] != source[i]) || (y < height - 1 && source[i + width] != source[i]);
            target[i] = edge ? source[i] : (byte)0;
        }
    }

    [Kernel(32, 8)]
    public struct Outline : ILaneKernel
    {
        public View<byte> Source;
        public View<byte> Target;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Holds(Source, needs.Planes, nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long plane = (long)z * Width * Height;
            long row = plane + ((long)y * Width);
            TInt here = TInt.Load(Source, row + x);
            TInt up = TInt.Load(Source, (y > 0 ? row - Width : row) + x);
            TInt down = TInt.Load(Source, (y < Height - 1 ? row + Width : row) + x);
            TInt columns = TInt.Count(x);
            TInt left = TInt.Gather(Source, row, TInt.Max(columns - TInt.Set(1), TInt.Set(0)));
            TInt right = TInt.Gather(Source, row, TInt.Min(columns + TInt.Set(1), TInt.Set(Width - 1)));
            TMask same = TInt.Equal(up, here) & TInt.Equal(down, here) & TInt.Equal(left, here) & TInt.Equal(right, here);
            TInt.Store(Target, row + x, TInt.Select(same, TInt.Set(0), here));
        }
    }
}
