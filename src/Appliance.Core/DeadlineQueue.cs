namespace Appliance.Core;

/// <summary>Pieces of work of several series, earliest deadline first. Pure: no clock, no threads; one caller at a time.</summary>
/// <remarks>
/// A series that is complete has a fixed deadline for all its pieces. Before that a piece is due one budget after its slice came: the
/// series might be complete with that slice. Pieces of one series keep their order. A piece that runs is never interrupted for another.
/// </remarks>
/// <typeparam name="TOwner">A series.</typeparam>
/// <typeparam name="TPiece">A slice to be done.</typeparam>
public sealed class DeadlineQueue<TOwner, TPiece>
    where TOwner : notnull
{
    private readonly Dictionary<TOwner, Line> lines = [];

    public int Count => lines.Values.Sum(line => line.Waiting.Count);

    public int CountOf(TOwner owner) => lines.TryGetValue(owner, out Line? line) ? line.Waiting.Count : 0;

    /// <summary>Waiting and running.</summary>
    public int OpenOf(TOwner owner) => lines.TryGetValue(owner, out Line? line) ? line.Waiting.Count + line.RunningCount : 0;

    /// <param name="due">One budget after its slice came.</param>
    /// <param name="ms">What it is expected to take.</param>
    public void Add(TOwner owner, TPiece piece, TimeSpan due, double ms) => LineOf(owner).Waiting.Enqueue((piece, due, ms));

    /// <summary>The series is complete: all of it is due then.</summary>
    public void Fix(TOwner owner, TimeSpan due) => LineOf(owner).Fixed = due;

    /// <summary>The next piece to be done; it counts as running until <see cref="Done"/>.</summary>
    public bool TryTake(out TOwner owner, out TPiece piece)
    {
        Line? first = null;
        foreach (Line line in lines.Values)
        {
            if (line.Waiting.Count > 0 && (first is null || line.Due < first.Due))
            {
                first = line;
            }
        }

        if (first is null)
        {
            (owner, piece) = (default!, default!);
            return false;
        }

        (piece, _, double ms) = first.Waiting.Dequeue();
        owner = first.Owner;
        first.RunningMs += ms;
        first.RunningCount++;
        return true;
    }

    /// <param name="ms">As it was added.</param>
    public void Done(TOwner owner, double ms)
    {
        if (lines.TryGetValue(owner, out Line? line))
        {
            line.RunningMs -= ms;
            line.RunningCount--;
            RemoveIfOver(line);
        }
    }

    /// <summary>Thread time of others' pieces that go before the next piece of this series: earlier due, or running.</summary>
    public double AheadMs(TOwner owner, TimeSpan due)
    {
        double ahead = 0;
        foreach (Line line in lines.Values.Where(line => !line.Owner.Equals(owner)))
        {
            ahead += line.RunningMs;
            foreach ((_, TimeSpan theirs, double ms) in line.Waiting)
            {
                ahead += (line.Fixed ?? theirs) <= due ? ms : 0;
            }
        }

        return ahead;
    }

    /// <summary>Nothing more of the series is to be done.</summary>
    /// <returns>Its pieces that had not begun.</returns>
    public IReadOnlyList<TPiece> Drop(TOwner owner)
    {
        if (!lines.TryGetValue(owner, out Line? line))
        {
            return [];
        }

        TPiece[] waiting = [.. line.Waiting.Select(each => each.Piece)];
        line.Waiting.Clear();
        line.IsDropped = true;
        RemoveIfOver(line);
        return waiting;
    }

    private void RemoveIfOver(Line line)
    {
        if (line.IsDropped && line.RunningCount == 0 && line.Waiting.Count == 0)
        {
            lines.Remove(line.Owner);
        }
    }

    private Line LineOf(TOwner owner)
    {
        if (!lines.TryGetValue(owner, out Line? line))
        {
            line = new Line(owner);
            lines.Add(owner, line);
        }

        return line;
    }

    private sealed class Line(TOwner owner)
    {
        public TOwner Owner { get; } = owner;

        public Queue<(TPiece Piece, TimeSpan Due, double Ms)> Waiting { get; } = [];

        public TimeSpan? Fixed { get; set; }

        public bool IsDropped { get; set; }

        public double RunningMs { get; set; }

        public int RunningCount { get; set; }

        public TimeSpan Due => Fixed ?? Waiting.Peek().Due;
    }
}
