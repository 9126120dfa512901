using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Class probabilities of a coarse window to labels of the scanner's own voxels: what wins between eight neighbours.</summary>
/// <remarks>
/// Where all eight neighbours were won by one class it wins (interpolation keeps "at least as probable" between two classes); elsewhere
/// probabilities are interpolated linearly in z, then y, then x, each a * (1 - f) + b * f, and the highest wins, the lowest class on a
/// tie. Beyond the window everything is background with probability 1. The winner goes through a table to the label that is offered.
/// Probabilities lie [z][class][y][x], labels [z][y][x].
/// </remarks>
public static partial class LabelRestore
{
    /// <summary>One voxel between planes lower and upper at (row, column) of the window; positions of neighbours may lie outside.</summary>
    public static int Reference(
        ReadOnlySpan<float> lower, ReadOnlySpan<float> upper, int classes, int width, int height, float fz, int row, float fy, int column,
        float fx)
    {
        int winner = 0, pixels = width * height;
        float best = float.MinValue;
        int[] won = new int[8];
        float[] highest = new float[8];
        Array.Fill(highest, float.MinValue);
        for (int k = 0; k < classes; k++)
        {
            float[] corners = new float[8];
            for (int corner = 0; corner < 8; corner++)
            {
                ReadOnlySpan<float> plane = ((corner & 4) == 0 ? lower : upper).Slice(k * pixels, pixels);
                int y = row + (corner >> 1 & 1), x = column + (corner & 1);
                bool inside = y >= 0 && y < height && x >= 0 && x < width;
                corners[corner] = inside ? plane[(y * width) + x] : k == 0 ? 1 : 0;
                (won[corner], highest[corner]) = corners[corner] > highest[corner] ? (k, corners[corner]) : (won[corner], highest[corner]);
            }

            float left = Between(Between(corners[0], corners[4], fz), Between(corners[2], corners[6], fz), fy);
            float right = Between(Between(corners[1], corners[5], fz), Between(corners[3], corners[7], fz), fy);
            float value = Between(left, right, fx);
            (winner, best) = value > best ? (k, value) : (winner, best);
        }

        return won.Distinct().Count() == 1 ? won[0] : winner;
    }

    private static float Between(float a, float b, float f) => (a * (1 - f)) + (b * f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Blend<TFloat, TInt, TMask>(TFloat a, TFloat b, TFloat f)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask> => (a * (TFloat.Set(1) - f)) + (b * f);

    /// <summary>A column, row or plane of neighbours that may lie outside: the element to read, and whether it counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInt Kept<TFloat, TInt, TMask>(TInt index, int count, out TMask inside)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TInt kept = TInt.Min(TInt.Max(index, TInt.Set(0)), TInt.Set(count - 1));
        inside = TInt.Equal(index, kept);
        return kept;
    }

    /// <summary>One plane between two planes of the window, axes that stay axes.</summary>
    [Kernel(32, 8)]
    public partial struct Plane : ILaneKernel
    {
        /// <summary>[class][row][column].</summary>
        public View<float> Lower;
        public View<float> Upper;

        /// <summary>Winners of <see cref="Lower"/> and <see cref="Upper"/>, below 255.</summary>
        public View<byte> LowerLabels;
        public View<byte> UpperLabels;

        /// <summary>How far the plane lies from the lower to the upper.</summary>
        public float Share;
        public int Classes;
        public int WindowWidth;
        public int WindowHeight;

        /// <summary>Lower neighbour (it and the next may lie outside the window) and share of the upper, by column and by row.</summary>
        public View<int> Columns;
        public View<float> ColumnShares;
        public View<int> Rows;
        public View<float> RowShares;

        /// <summary>256 labels, by class.</summary>
        public View<byte> Offered;
        public View<byte> Target;
        public int Width;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, needs.Y);
            needs.Between("extent z", needs.Z, 0, 1);
            needs.Between(nameof(Classes), Classes, 1, 255);
            long window = Needs.Product(WindowWidth, WindowHeight);
            needs.Indexed(Needs.Product(Classes, window));
            needs.Holds(Lower, Needs.Product(Classes, window), nameof(Lower));
            needs.Holds(Upper, Needs.Product(Classes, window), nameof(Upper));
            needs.Holds(LowerLabels, window, nameof(LowerLabels));
            needs.Holds(UpperLabels, window, nameof(UpperLabels));
            needs.Holds(Columns, needs.X, nameof(Columns));
            needs.Holds(ColumnShares, needs.X, nameof(ColumnShares));
            needs.Holds(Rows, needs.Y, nameof(Rows));
            needs.Holds(RowShares, needs.Y, nameof(RowShares));
            needs.Holds(Offered, 256, nameof(Offered));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt column = TInt.Load(Columns, x);
            TInt left = Kept<TFloat, TInt, TMask>(column, WindowWidth, out TMask leftIn);
            TInt right = Kept<TFloat, TInt, TMask>(column + TInt.Set(1), WindowWidth, out TMask rightIn);
            int row = Rows[y];
            TInt winner = Winner<TFloat, TInt, TMask>(LowerLabels, row, left, leftIn);
            TMask same = TInt.Equal(winner, Winner<TFloat, TInt, TMask>(LowerLabels, row, right, rightIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(LowerLabels, row + 1, left, leftIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(LowerLabels, row + 1, right, rightIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(UpperLabels, row, left, leftIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(UpperLabels, row, right, rightIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(UpperLabels, row + 1, left, leftIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(UpperLabels, row + 1, right, rightIn));
            if (!TMask.None(~same))
            {
                TFloat fx = TFloat.Load(ColumnShares, x), fy = TFloat.Set(RowShares[y]), best = TFloat.Set(float.MinValue);
                TInt found = TInt.Set(0);
                for (int k = 0; k < Classes; k++)
                {
                    TFloat a = Side<TFloat, TInt, TMask>(k, row, left, leftIn, fy);
                    TFloat b = Side<TFloat, TInt, TMask>(k, row, right, rightIn, fy);
                    TFloat value = Blend<TFloat, TInt, TMask>(a, b, fx);
                    TMask higher = TFloat.Less(best, value);
                    best = TFloat.Select(higher, value, best);
                    found = TInt.Select(higher, TInt.Set(k), found);
                }

                winner = TInt.Select(same, winner, found);
            }

            TInt.Store(Target, ((long)y * Width) + x, TInt.Gather(Offered, 0, winner));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TInt Winner<TFloat, TInt, TMask>(View<byte> labels, int row, TInt column, TMask inside)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt outside = TInt.Set(0);
            return row >= 0 && row < WindowHeight
                ? TInt.Select(inside, TInt.Gather(labels, (long)row * WindowWidth, column), outside)
                : outside;
        }

        /// <summary>Probability of one class at a column, between four neighbours in z and y.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TFloat Side<TFloat, TInt, TMask>(int k, int row, TInt column, TMask inside, TFloat fy)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat fz = TFloat.Set(Share);
            TFloat front = Blend<TFloat, TInt, TMask>(
                Probability<TFloat, TInt, TMask>(Lower, k, row, column, inside),
                Probability<TFloat, TInt, TMask>(Upper, k, row, column, inside), fz);
            TFloat back = Blend<TFloat, TInt, TMask>(
                Probability<TFloat, TInt, TMask>(Lower, k, row + 1, column, inside),
                Probability<TFloat, TInt, TMask>(Upper, k, row + 1, column, inside), fz);
            return Blend<TFloat, TInt, TMask>(front, back, fy);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TFloat Probability<TFloat, TInt, TMask>(View<float> plane, int k, int row, TInt column, TMask inside)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TFloat outside = TFloat.Set(k == 0 ? 1f : 0f);
            return row >= 0 && row < WindowHeight
                ? TFloat.Select(inside, TFloat.Gather(plane, (((long)k * WindowHeight) + row) * WindowWidth, column), outside)
                : outside;
        }
    }

    /// <summary>Voxels of an oblique stack, each looked up in the grid by its position.</summary>
    [Kernel(32, 8)]
    public struct Oblique : ILaneKernel
    {
        /// <summary>[z][class][row][column], at most 2^31 - 1 elements.</summary>
        public View<float> Source;

        /// <summary>[z][row][column].</summary>
        public View<byte> Labels;
        public int Classes;
        public int WindowWidth;
        public int WindowHeight;

        /// <summary>The whole grid, to whose outermost voxels positions are kept, and where the window begins in it.</summary>
        public Extent Grid;
        public int Left;
        public int Top;

        /// <summary>Voxel of the stack to grid position.</summary>
        public Affine ToGrid;
        public View<byte> Offered;
        public View<byte> Target;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Between(nameof(Classes), Classes, 1, 255);
            needs.Between("Grid.Width", Grid.Width, 1, int.MaxValue);
            needs.Between("Grid.Height", Grid.Height, 1, int.MaxValue);
            needs.Between("Grid.Depth", Grid.Depth, 1, int.MaxValue);
            long window = Needs.Product(Needs.Product(WindowWidth, WindowHeight), Grid.Depth);
            needs.Indexed(Needs.Product(Classes, window));
            needs.Holds(Source, Needs.Product(Classes, window), nameof(Source));
            needs.Holds(Labels, window, nameof(Labels));
            needs.Holds(Offered, 256, nameof(Offered));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            ToGrid.At<TFloat, TInt, TMask>(x, y, z, out TFloat gx, out TFloat gy, out TFloat gz);
            Extent.Cell<TFloat, TInt, TMask>(gx, Grid.Width, out TInt ix, out TFloat fx);
            Extent.Cell<TFloat, TInt, TMask>(gy, Grid.Height, out TInt iy, out TFloat fy);
            Extent.Cell<TFloat, TInt, TMask>(gz, Grid.Depth, out TInt lower, out TFloat fz);
            TInt one = TInt.Set(1), column = ix - TInt.Set(Left), row = iy - TInt.Set(Top);
            TInt upper = TInt.Min(lower + one, TInt.Set(Grid.Depth - 1));
            TInt left = Kept<TFloat, TInt, TMask>(column, WindowWidth, out TMask leftIn);
            TInt right = Kept<TFloat, TInt, TMask>(column + one, WindowWidth, out TMask rightIn);
            TInt front = Kept<TFloat, TInt, TMask>(row, WindowHeight, out TMask frontIn);
            TInt back = Kept<TFloat, TInt, TMask>(row + one, WindowHeight, out TMask backIn);
            TInt winner = Winner<TFloat, TInt, TMask>(lower, front, left, leftIn & frontIn);
            TMask same = TInt.Equal(winner, Winner<TFloat, TInt, TMask>(lower, front, right, rightIn & frontIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(lower, back, left, leftIn & backIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(lower, back, right, rightIn & backIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(upper, front, left, leftIn & frontIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(upper, front, right, rightIn & frontIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(upper, back, left, leftIn & backIn))
                & TInt.Equal(winner, Winner<TFloat, TInt, TMask>(upper, back, right, rightIn & backIn));
            if (!TMask.None(~same))
            {
                TFloat best = TFloat.Set(float.MinValue);
                TInt found = TInt.Set(0);
                for (int k = 0; k < Classes; k++)
                {
                    TFloat a = Blend<TFloat, TInt, TMask>(
                        Line<TFloat, TInt, TMask>(k, lower, upper, front, left, leftIn & frontIn, fz),
                        Line<TFloat, TInt, TMask>(k, lower, upper, back, left, leftIn & backIn, fz), fy);
                    TFloat b = Blend<TFloat, TInt, TMask>(
                        Line<TFloat, TInt, TMask>(k, lower, upper, front, right, rightIn & frontIn, fz),
                        Line<TFloat, TInt, TMask>(k, lower, upper, back, right, rightIn & backIn, fz), fy);
                    TFloat value = Blend<TFloat, TInt, TMask>(a, b, fx);
                    TMask higher = TFloat.Less(best, value);
                    best = TFloat.Select(higher, value, best);
                    found = TInt.Select(higher, TInt.Set(k), found);
                }

                winner = TInt.Select(same, winner, found);
            }

            TInt.Store(Target, ((((long)z * Height) + y) * Width) + x, TInt.Gather(Offered, 0, winner));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TInt Winner<TFloat, TInt, TMask>(TInt plane, TInt row, TInt column, TMask inside)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt at = (((plane * TInt.Set(WindowHeight)) + row) * TInt.Set(WindowWidth)) + column;
            return TInt.Select(inside, TInt.Gather(Labels, 0, at), TInt.Set(0));
        }

        /// <summary>Probability of one class between two planes.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TFloat Line<TFloat, TInt, TMask>(int k, TInt lower, TInt upper, TInt row, TInt column, TMask inside, TFloat fz)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt plane = TInt.Set(Classes * WindowHeight * WindowWidth), at = (row * TInt.Set(WindowWidth)) + column;
            long first = (long)k * WindowHeight * WindowWidth;
            TFloat outside = TFloat.Set(k == 0 ? 1f : 0f);
            TFloat a = TFloat.Select(inside, TFloat.Gather(Source, first, (lower * plane) + at), outside);
            TFloat b = TFloat.Select(inside, TFloat.Gather(Source, first, (upper * plane) + at), outside);
            return Blend<TFloat, TInt, TMask>(a, b, fz);
        }
    }
}
