using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>Where the network's window lies on the grid (model package, step 4).</summary>
/// <param name="Top">Grid row of the window's first row; may be negative.</param>
/// <param name="Left">Grid column of the window's first column; may be negative.</param>
/// <param name="BodyColumns">Width of the body's bounding box in grid columns.</param>
public sealed record BodyFit(int Top, int Left, int BodyColumns)
{
    /// <summary>The window over the largest 4-connected region of columns denser than air; null where there is no body.</summary>
    /// <param name="until">Looked at every few slices of the grid.</param>
    public static BodyFit? Of(GridVolume grid, FitRule rule, int rows, int columns, Deadline? until = null)
    {
        byte[] body = new byte[grid.Y * grid.X];
        for (int z = 0; z < grid.Z; z += Limits.MarkedSlices)
        {
            until?.Check();
            int slices = Math.Min(Limits.MarkedSlices, grid.Z - z);
            Mark(grid.Hu.AsSpan(z * body.Length, slices * body.Length), grid.X, rule, body);
        }

        return OfBody(body, grid.X, rows, columns);
    }

    /// <summary>Marks the columns through these grid slices that are denser than air.</summary>
    /// <param name="slices">[z][y][x].</param>
    /// <param name="body">[y][x], 0 or 1; what is marked stays.</param>
    internal static unsafe void Mark(ReadOnlySpan<float> slices, int gridColumns, FitRule rule, Span<byte> body)
    {
        fixed (float* source = slices)
        fixed (byte* target = body)
        {
            BodyMask.Columns kernel = new()
            {
                Source = new View<float>(source, slices.Length),
                Target = new View<byte>(target, body.Length),
                Width = gridColumns,
                Height = body.Length / gridColumns,
                Planes = slices.Length / body.Length,
                Above = (float)rule.BodyAboveHu,
            };
            CpuLaunch.Lanes(kernel, kernel.Width, kernel.Height, 0, 1);
        }
    }

    /// <summary>The same for columns that are marked already.</summary>
    /// <param name="body">[y][x].</param>
    internal static BodyFit? OfBody(ReadOnlySpan<byte> body, int gridColumns, int rows, int columns) =>
        Pieces.LargestBox(body, gridColumns) is (int minY, int maxY, int minX, int maxX)
            ? new BodyFit(((minY + maxY) / 2) - (rows / 2), ((minX + maxX) / 2) - (columns / 2), maxX - minX + 1)
            : null;

    /// <summary>The window of every slice: [z][rows][columns]; what is missing is padding.</summary>
    /// <param name="until">Looked at before each slice.</param>
    public float[] Apply(GridVolume grid, FitRule rule, int rows, int columns, Deadline? until = null)
    {
        float[] window = GC.AllocateUninitializedArray<float>(grid.Z * rows * columns);
        for (int z = 0; z < grid.Z; z++)
        {
            until?.Check();
            ReadOnlySpan<float> slice = grid.Hu.AsSpan(z * grid.Y * grid.X, grid.Y * grid.X);
            Cut(slice, grid.X, rule, window.AsSpan(z * rows * columns, rows * columns), columns);
        }

        return window;
    }

    /// <summary>The window [y][x] of one slice [y][x] of the grid.</summary>
    internal unsafe void Cut(ReadOnlySpan<float> slice, int gridColumns, FitRule rule, Span<float> window, int columns)
    {
        fixed (float* source = slice, target = window)
        {
            NetworkInput.Cut kernel = new()
            {
                Source = new View<float>(source, slice.Length),
                Target = new View<float>(target, window.Length),
                SourceWidth = gridColumns,
                SourceHeight = slice.Length / gridColumns,
                Width = columns,
                Height = window.Length / columns,
                Left = Left,
                Top = Top,
                Padding = (float)rule.PaddingHu,
            };
            CpuLaunch.Lanes(kernel, kernel.Width, kernel.Height, 0, 1);
        }
    }
}
