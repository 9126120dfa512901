namespace Appliance.Imaging;

/// <summary>Stage 5: labels back on the scanner's own grid (model package, step 7), one byte for each voxel.</summary>
public static class Restore
{
    /// <summary>Labels [slice][row][column] of an axial, coronal or sagittal stack.</summary>
    /// <remarks>Walks in patient order whatever the scanner's order was, so that the orientation cannot change a label.</remarks>
    /// <param name="counts">Native slices, rows and columns.</param>
    /// <param name="grid">Shape of the whole grid that the window was cut from.</param>
    public static byte[] Aligned(ClassScores scores, GridVolume grid, BodyFit fit, int[] counts, LpsAxes axes, byte[] offeredAs)
    {
        byte[] labels = new byte[checked(counts[0] * counts[1] * counts[2])];
        Interpolation between = new(scores);
        Cell[] cellsX = Cell.Axis(counts[axes.Native(0)], grid.X, fit.Left);
        Cell[] cellsY = Cell.Axis(counts[axes.Native(1)], grid.Y, fit.Top);
        Cell[] cellsZ = Cell.Axis(counts[axes.Native(2)], grid.Z, 0);
        (long start, long strideX, long strideY, long strideZ) = axes.Strides(counts);
        Parallel.For(0, cellsZ.Length, z =>
            Plane(between, cellsZ[z], cellsY, cellsX, labels, start + (z * strideZ), strideY, strideX, offeredAs));
        return labels;
    }

    /// <summary>Labels [row][column] of one axial slice, between two slices of the grid.</summary>
    /// <param name="fraction">How far it lies from the lower to the upper.</param>
    /// <param name="cellsY">Of all voxels in patient order, as <paramref name="cellsX"/>.</param>
    internal static byte[] Axial(
        ClassScores lower, ClassScores upper, float fraction, Cell[] cellsY, Cell[] cellsX, LpsAxes axes, int rows, int columns,
        byte[] offeredAs)
    {
        byte[] labels = new byte[rows * columns];
        (long start, long strideX, long strideY, _) = axes.Strides([1, rows, columns]);
        Plane(new Interpolation(lower, upper), new Cell(0, 1, fraction), cellsY, cellsX, labels, start, strideY, strideX, offeredAs);
        return labels;
    }

    /// <summary>One native slice across the patient's z, walked in patient order.</summary>
    private static void Plane(
        Interpolation between, Cell z, Cell[] cellsY, Cell[] cellsX, byte[] labels, long start, long strideY, long strideX,
        byte[] offeredAs)
    {
        byte[] line = new byte[cellsX.Length];
        for (int y = 0; y < cellsY.Length; y++)
        {
            Line(between, z, cellsY[y], cellsX, line);
            long at = start + (y * strideY);
            foreach (byte label in line)
            {
                labels[at] = offeredAs[label];
                at += strideX;
            }
        }
    }

    /// <summary>Labels [slice][row][column] of an oblique stack: each native voxel is looked up in the grid by its position.</summary>
    public static byte[] Oblique(ClassScores scores, BodyFit fit, ObliqueGrid grid, Stack stack, byte[] offeredAs)
    {
        byte[] labels = new byte[checked(stack.Slices * stack.Rows * stack.Columns)];
        Interpolation between = new(scores);
        Point3 alongColumns = stack.Direction(2) * (stack.Spacing(2) / Prepare.GridSpacingMm);
        Parallel.For(0, stack.Slices, slice =>
        {
            Span<float> left = stackalloc float[ClassScores.Stride];
            Span<float> right = stackalloc float[ClassScores.Stride];
            for (int row = 0; row < stack.Rows; row++)
            {
                Point3 first = grid.IndexOf(stack.Origin + (stack.Direction(0) * (slice * stack.Spacing(0)))
                    + (stack.Direction(1) * (row * stack.Spacing(1))));
                int at = ((slice * stack.Rows) + row) * stack.Columns;
                for (int column = 0; column < stack.Columns; column++)
                {
                    Point3 index = first + (alongColumns * column);
                    Cell z = Cell.At(index.Z, grid.Z, 0), y = Cell.At(index.Y, grid.Y, fit.Top), x = Cell.At(index.X, grid.X, fit.Left);
                    if (!between.Uniform(z, y, x.Below, out byte label)
                        || !between.Uniform(z, y, x.Above, out byte other) || label != other)
                    {
                        between.Column(z, y, x.Below, left);
                        between.Column(z, y, x.Above, right);
                        label = Interpolation.Winner(left, right, x.Fraction);
                    }

                    labels[at + column] = offeredAs[label];
                }
            }
        });
        return labels;
    }

    /// <summary>One line along x: cell by cell, filled where one class holds all corners, else interpolated.</summary>
    private static void Line(Interpolation between, in Cell z, in Cell y, Cell[] cells, byte[] line)
    {
        Span<float> left = stackalloc float[ClassScores.Stride];
        Span<float> right = stackalloc float[ClassScores.Stride];
        for (int x = 0; x < cells.Length;)
        {
            int end = x + 1;
            while (end < cells.Length && cells[end].Below == cells[x].Below)
            {
                end++;
            }

            if (between.Uniform(z, y, cells[x].Below, out byte label)
                && between.Uniform(z, y, cells[x].Above, out byte other) && label == other)
            {
                line.AsSpan(x, end - x).Fill(label);
                x = end;
                continue;
            }

            between.Column(z, y, cells[x].Below, left);
            between.Column(z, y, cells[x].Above, right);
            for (; x < end; x++)
            {
                line[x] = Interpolation.Winner(left, right, cells[x].Fraction);
            }
        }
    }
}
