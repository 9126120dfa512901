namespace Appliance.Imaging;

/// <summary>Where the network's window lies on the grid (model package, step 4).</summary>
/// <param name="Top">Grid row of the window's first row; may be negative.</param>
/// <param name="Left">Grid column of the window's first column; may be negative.</param>
/// <param name="BodyColumns">Width of the body's bounding box in grid columns.</param>
public sealed record BodyFit(int Top, int Left, int BodyColumns)
{
    /// <summary>The window over the largest 4-connected region of columns denser than air; null where there is no body.</summary>
    public static BodyFit? Of(GridVolume grid, FitRule rule, int rows, int columns)
    {
        bool[] body = new bool[grid.Y * grid.X];
        for (int z = 0; z < grid.Z; z++)
        {
            ReadOnlySpan<float> slice = grid.Hu.AsSpan(z * body.Length, body.Length);
            for (int i = 0; i < body.Length; i++)
            {
                body[i] |= slice[i] > rule.BodyAboveHu;
            }
        }

        return OfBody(body, grid.Y, grid.X, rows, columns);
    }

    /// <summary>The same for columns that are marked already.</summary>
    /// <param name="body">[y][x]; cleared on the way.</param>
    internal static BodyFit? OfBody(bool[] body, int gridRows, int gridColumns, int rows, int columns) =>
        LargestBox(body, gridRows, gridColumns) is (int minY, int maxY, int minX, int maxX)
            ? new BodyFit(((minY + maxY) / 2) - (rows / 2), ((minX + maxX) / 2) - (columns / 2), maxX - minX + 1)
            : null;

    /// <summary>The window of every slice: [z][rows][columns]; what is missing is padding.</summary>
    public float[] Apply(GridVolume grid, FitRule rule, int rows, int columns)
    {
        float[] window = new float[grid.Z * rows * columns];
        for (int z = 0; z < grid.Z; z++)
        {
            ReadOnlySpan<float> slice = grid.Hu.AsSpan(z * grid.Y * grid.X, grid.Y * grid.X);
            Cut(slice, grid.X, rule, window.AsSpan(z * rows * columns, rows * columns), columns);
        }

        return window;
    }

    /// <summary>The window [y][x] of one slice [y][x] of the grid.</summary>
    internal void Cut(ReadOnlySpan<float> slice, int gridColumns, FitRule rule, Span<float> window, int columns)
    {
        window.Fill(rule.PaddingHu);
        int left = Math.Max(0, -Left);
        int width = Math.Min(columns, gridColumns - Left) - left;
        for (int y = Math.Max(0, -Top); y < Math.Min(window.Length / columns, (slice.Length / gridColumns) - Top); y++)
        {
            slice.Slice(((y + Top) * gridColumns) + left + Left, width).CopyTo(window[((y * columns) + left)..]);
        }
    }

    private static (int MinY, int MaxY, int MinX, int MaxX)? LargestBox(bool[] body, int rows, int columns)
    {
        int largest = 0;
        (int MinY, int MaxY, int MinX, int MaxX)? box = null;
        System.Collections.Generic.Stack<int> open = new();
        for (int seed = 0; seed < body.Length; seed++)
        {
            if (!body[seed])
            {
                continue;
            }

            (int minY, int maxY, int minX, int maxX) = (rows, 0, columns, 0);
            int size = 0;
            body[seed] = false;
            open.Push(seed);
            while (open.TryPop(out int at))
            {
                size++;
                (int y, int x) = Math.DivRem(at, columns);
                (minY, maxY, minX, maxX) = (Math.Min(minY, y), Math.Max(maxY, y), Math.Min(minX, x), Math.Max(maxX, x));
                Visit(y > 0, at - columns);
                Visit(y < rows - 1, at + columns);
                Visit(x > 0, at - 1);
                Visit(x < columns - 1, at + 1);
            }

            if (size > largest)
            {
                largest = size;
                box = (minY, maxY, minX, maxX);
            }
        }

        return box;

        void Visit(bool inside, int at)
        {
            if (inside && body[at])
            {
                body[at] = false;
                open.Push(at);
            }
        }
    }
}
