namespace Appliance.Imaging;

/// <summary>The borders of a label as closed polylines along the edges of its pixels, with few points.</summary>
/// <remarks>
/// Points are corners of pixels: (0, 0) is the top left corner of the first pixel, as PS3.3 C.10.5.1.2 counts graphics in pixels. The
/// label lies to the right of the way; where two of its pixels touch at a corner only, the way turns so that they stay apart.
/// </remarks>
public sealed class Outlines(int rows, int columns)
{
    /// <summary>Steps to the right, down, left, up.</summary>
    private static readonly (int X, int Y)[] Steps = [(1, 0), (0, 1), (-1, 0), (0, -1)];

    // By the corner where they begin: a bit for each of the four directions in which a border edge leaves it.
    private readonly byte[] edges = new byte[(rows + 1) * (columns + 1)];

    /// <summary>All borders of the label, holes included; first and last point of each are the same.</summary>
    /// <param name="labels">[row][column].</param>
    public IReadOnlyList<IReadOnlyList<(float X, float Y)>> Of(ReadOnlySpan<byte> labels, byte label)
    {
        List<int> starts = Mark(labels, label);
        List<IReadOnlyList<(float X, float Y)>> borders = [];
        foreach (int start in starts)
        {
            while (edges[start] != 0)
            {
                borders.Add(Simplified(Follow(start)));
            }
        }

        return borders;
    }

    private List<int> Mark(ReadOnlySpan<byte> labels, byte label)
    {
        List<int> starts = [];
        for (int y = 0; y < rows; y++)
        {
            ReadOnlySpan<byte> line = labels.Slice(y * columns, columns);
            int from = line.IndexOf(label);
            for (int x = Math.Max(from, 0); from >= 0 && x < columns; x++)
            {
                if (line[x] != label)
                {
                    continue;
                }

                if (y == 0 || labels[((y - 1) * columns) + x] != label)
                {
                    starts.Add(Put(x, y, 0));
                }

                if (x == columns - 1 || line[x + 1] != label)
                {
                    Put(x + 1, y, 1);
                }

                if (y == rows - 1 || labels[((y + 1) * columns) + x] != label)
                {
                    Put(x + 1, y + 1, 2);
                }

                if (x == 0 || line[x - 1] != label)
                {
                    Put(x, y + 1, 3);
                }
            }
        }

        return starts;
    }

    private int Put(int x, int y, int direction)
    {
        int corner = (y * (columns + 1)) + x;
        edges[corner] |= (byte)(1 << direction);
        return corner;
    }

    /// <summary>Corners where the way turns. The edges that it takes are used up.</summary>
    private List<(float X, float Y)> Follow(int start)
    {
        List<(float X, float Y)> turns = [];
        int corner = start, before = -1;
        do
        {
            int direction = Next(corner, before);
            if (direction != before)
            {
                turns.Add((corner % (columns + 1), corner / (columns + 1)));
            }

            edges[corner] &= (byte)~(1 << direction);
            corner += Steps[direction].X + (Steps[direction].Y * (columns + 1));
            before = direction;
        }
        while (corner != start);

        turns.Add(turns[0]);
        return turns;
    }

    /// <summary>To the right first, then straight on, then to the left.</summary>
    private int Next(int corner, int before)
    {
        for (int turn = before < 0 ? 0 : 1; turn >= -1; turn--)
        {
            int direction = (Math.Max(before, 0) + turn + 4) & 3;
            if ((edges[corner] & (1 << direction)) != 0)
            {
                return direction;
            }
        }

        // At the start of a way any edge will do.
        return System.Numerics.BitOperations.TrailingZeroCount(edges[corner]);
    }

    /// <summary>Ramer, Douglas and Peucker: no corner that is left out lies further than that from the line.</summary>
    private static List<(float X, float Y)> Simplified(List<(float X, float Y)> points)
    {
        bool[] kept = new bool[points.Count];
        int middle = Furthest(points, 0, points.Count - 1).At;
        kept[0] = kept[middle] = kept[^1] = true;
        Stack<(int From, int To)> open = new([(0, middle), (middle, points.Count - 1)]);
        while (open.TryPop(out (int From, int To) part))
        {
            (int at, float distance) = Furthest(points, part.From, part.To);
            if (distance > Limits.OutlineErrorPixels)
            {
                kept[at] = true;
                open.Push((part.From, at));
                open.Push((at, part.To));
            }
        }

        return [.. points.Where((_, i) => kept[i])];
    }

    private static (int At, float Distance) Furthest(List<(float X, float Y)> points, int from, int to)
    {
        ((float ax, float ay), (float bx, float by)) = (points[from], points[to]);
        float dx = bx - ax, dy = by - ay, length = MathF.Sqrt((dx * dx) + (dy * dy));
        (int At, float Distance) furthest = (from, -1);
        for (int i = from + 1; i < to; i++)
        {
            (float x, float y) = (points[i].X - ax, points[i].Y - ay);
            float distance = length > 0 ? MathF.Abs((dx * y) - (dy * x)) / length : MathF.Sqrt((x * x) + (y * y));
            furthest = distance > furthest.Distance ? (i, distance) : furthest;
        }

        return furthest;
    }
}
