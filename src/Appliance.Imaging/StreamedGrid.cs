namespace Appliance.Imaging;

/// <summary>The grid slices of a stack that is still growing: their values, the window on the body, and what the network said.</summary>
internal sealed class StreamedGrid(App app, SliceMemory labelMemory, SeriesLine? line)
{
    private readonly Dictionary<int, GridSlice> slices = [];
    private readonly int rows = app.Manifest.Grid.Size[0];
    private readonly int columns = app.Manifest.Grid.Size[1];
    private readonly int reach = app.Manifest.Channels.Max(channel => Math.Abs(channel.SliceOffset));
    private readonly int tolerated = app.Manifest.Grid.Fit.ToleratedPixels;
    private byte[] body = [];
    private int gridColumns;
    private bool bodyGrew;

    /// <summary>The body is that of slices, some of which are no longer there.</summary>
    private bool bodyIsTooLarge;
    private BodyFit? wanted;
    private int slicesSinceWanted;
    private readonly HashSet<int> leftOut = [];

    /// <summary>Where the network looks; null until there is a body.</summary>
    public BodyFit? Fit { get; private set; }

    public bool Has(int index) => slices.ContainsKey(index);

    /// <summary>Grid slices by rung.</summary>
    public Dictionary<Core.Rung, int> Rungs(int low, int high) => Enumerable.Range(low, high - low + 1)
        .GroupBy(index => slices[index].Rung).ToDictionary(same => same.Key, same => same.Count());

    public void Clear()
    {
        foreach (GridSlice slice in slices.Values)
        {
            slice.Forget();
        }

        line?.DropWaiting();
        leftOut.Clear();
        slices.Clear();
        body = [];
        bodyIsTooLarge = false;
        Fit = wanted = null;
    }

    /// <summary>Undoes what assumed one of these ends.</summary>
    public void Forget(Ends moved)
    {
        foreach ((int index, GridSlice slice) in slices.ToArray())
        {
            if ((slice.Ends & moved) != 0)
            {
                slice.Forget();
                slices.Remove(index);
                bodyIsTooLarge = true;
            }
            else if (((slice.ScoreEnds | slice.AskedEnds) & moved) != 0)
            {
                slice.Forget();
            }
        }
    }

    /// <summary>Takes in a grid slice [y][x] in HU.</summary>
    public void Put(int index, Memory<float> hu, int width, Ends ends)
    {
        slices.Add(index, new GridSlice(app.Network, labelMemory, hu, ends));
        gridColumns = width;
        body = body.Length == 0 ? new byte[hu.Length] : body;
        bodyGrew |= Mark(hu.Span, body);
    }

    /// <summary>Chooses the window on the body so far, or moves it; true where what the network said is lost thereby.</summary>
    /// <param name="now">Without waiting for the body to keep its width for a while.</param>
    public bool FitWindow(bool now)
    {
        slicesSinceWanted++;
        if (bodyGrew)
        {
            BodyFit? body = OfBody();
            slicesSinceWanted = IsSame(body, wanted) ? slicesSinceWanted : 0;
            wanted = body;
            bodyGrew = false;
        }

        return (now || Fit is null || slicesSinceWanted >= Limits.BodyKeepsSlices) && MoveTo(wanted);
    }

    /// <summary>The same for the body of exactly these grid slices.</summary>
    public bool FitWindowToWhole(int low, int high)
    {
        if (bodyIsTooLarge)
        {
            Array.Clear(body);
            for (int index = low; index <= high; index++)
            {
                BodyFit.Mark(slices[index].Hu.Span, gridColumns, app.Manifest.Grid.Fit, body);
            }

            bodyIsTooLarge = false;
        }

        wanted = OfBody();
        bool moved = MoveTo(wanted);
        Fit = wanted is null ? null : Fit! with { BodyColumns = wanted.BodyColumns };
        return moved;
    }

    /// <summary>Runs the network over the slices whose neighbours are there.</summary>
    public int Segment(int low, int high, Ends ends)
    {
        if (Fit is null)
        {
            return 0;
        }

        List<(int Index, Ends Ends)> ready = [];
        for (int index = low; index <= high; index++)
        {
            if (slices.TryGetValue(index, out GridSlice? slice) && slice.IsOpen && EndsOf(index, low, high) is Ends needed
                && (needed & ~ends) == 0)
            {
                ready.Add((index, needed));
            }
        }

        if (line is not null)
        {
            line.Add([.. ready.Select(each => PieceFor(each.Index, each.Ends, low, high))]);
            return ready.Count;
        }

        int next = -1;
        Parallel.For(0, Math.Min(Environment.ProcessorCount, ready.Count), _ =>
        {
            SliceTensors tensors = app.Network.Rent();
            for (int i = Interlocked.Increment(ref next); i < ready.Count; i = Interlocked.Increment(ref next))
            {
                GridSlice slice = slices[ready[i].Index];
                FillInput(NeighboursOf(ready[i].Index, low, high), Fit!, tensors.Input);
                app.Network.Run(tensors);
                slice.Put(app.Network.ScoresOf(tensors), ready[i].Ends, Core.Rung.Full);
            }

            app.Network.Return(tensors);
        });
        return ready.Count;
    }

    /// <summary>Takes in what the network's threads have done meanwhile.</summary>
    public void Collect()
    {
        line?.Collect();
        foreach (int index in leftOut.ToArray())
        {
            if (!slices.TryGetValue(index, out GridSlice? slice) || !slice.IsLeftOut)
            {
                leftOut.Remove(index);
            }
            else if (slices.TryGetValue(index - 1, out GridSlice? lower) && slices.TryGetValue(index + 1, out GridSlice? upper)
                && lower.Scores is ClassScores below && upper.Scores is ClassScores above)
            {
                ClassScores between = ClassScores.Between(below, above, app.Network.RentScores());
                slice.Put(between, lower.ScoreEnds | upper.ScoreEnds, Core.Rung.EverySecond);
                leftOut.Remove(index);
            }
        }
    }

    /// <summary>Scores of a grid slice, adding the ends that they assume; null until they are there.</summary>
    public ClassScores? ScoresOf(int index, ref Ends ends)
    {
        if (!slices.TryGetValue(index, out GridSlice? slice) || slice.Scores is null)
        {
            return null;
        }

        ends |= slice.ScoreEnds;
        return slice.Scores;
    }

    /// <summary>Gives back the probabilities (0.8 MB) that nobody needs any more; labels stay.</summary>
    public void ReleaseScores(Predicate<int> isDone)
    {
        foreach ((int index, GridSlice slice) in slices)
        {
            if (slice.Scores is not null && slice.ScoreEnds == Ends.None && isDone(index))
            {
                slice.ReleaseScores();
            }
        }
    }

    /// <summary>The network's classes of these slices: [z][y][x].</summary>
    public byte[] Labels(int low, int high)
    {
        byte[] labels = new byte[(high - low + 1) * rows * columns];
        for (int index = low; index <= high; index++)
        {
            slices[index].Labels.Span.CopyTo(labels.AsSpan((index - low) * rows * columns));
        }

        return labels;
    }

    private bool Mark(ReadOnlySpan<float> hu, byte[] marked)
    {
        byte[] before = Scratch<byte>.Rent(marked.Length);
        marked.CopyTo(before, 0);
        BodyFit.Mark(hu, gridColumns, app.Manifest.Grid.Fit, marked);
        bool grew = !marked.AsSpan().SequenceEqual(before.AsSpan(0, marked.Length));
        Scratch<byte>.Return(before);
        return grew;
    }

    private BodyFit? OfBody() =>
        body.Length == 0 ? null : BodyFit.OfBody(body, gridColumns, rows, columns);

    private static bool IsSame(BodyFit? one, BodyFit? other) => one?.Top == other?.Top && one?.Left == other?.Left;

    private bool IsNear(BodyFit one, BodyFit? other) =>
        other is not null && Math.Abs(one.Top - other.Top) <= tolerated && Math.Abs(one.Left - other.Left) <= tolerated;

    private bool MoveTo(BodyFit? window)
    {
        if (window is null || IsNear(window, Fit))
        {
            return false;
        }

        bool lost = Fit is not null;
        Fit = window;
        line?.DropWaiting();
        leftOut.Clear();
        foreach (GridSlice slice in slices.Values)
        {
            slice.Forget();
        }

        return lost;
    }

    /// <summary>Ends that the network's view of a slice assumes; null where a neighbour is missing.</summary>
    private Ends? EndsOf(int index, int low, int high)
    {
        Ends ends = Ends.None;
        foreach (Channel channel in app.Manifest.Channels)
        {
            int neighbour = index + channel.SliceOffset;
            ends |= neighbour < low ? Ends.Low : neighbour > high ? Ends.High : Ends.None;
            if (!slices.TryGetValue(Math.Clamp(neighbour, low, high), out GridSlice? slice))
            {
                return null;
            }

            ends |= slice.Ends;
        }

        return ends;
    }

    /// <summary>What the network sees of the slices around this one.</summary>
    private (int Offset, Memory<float> Hu)[] NeighboursOf(int index, int low, int high) =>
    [
        .. app.Manifest.Channels.Select(channel => channel.SliceOffset).Distinct()
            .Select(offset => (offset, slices[Math.Clamp(index + offset, low, high)].Hu)),
    ];

    /// <summary>A slice for the network's threads. It holds all that it reads, none of which changes any more.</summary>
    private NetworkPiece PieceFor(int index, Ends ends, int low, int high)
    {
        GridSlice slice = slices[index];
        (int Offset, Memory<float> Hu)[] neighbours = NeighboursOf(index, low, high);
        (BodyFit fit, int version) = (Fit!, slice.Ask(ends));
        return new NetworkPiece(
            input => FillInput(neighbours, fit, input),
            () => slice.Version == version,
            mayBeLeftOut: (index & 1) != 0 && index > low && index < high)
        {
            Take = piece =>
            {
                if (slice.Version != version)
                {
                    return;
                }

                switch (piece.End)
                {
                    case PieceEnd.Done:
                        slice.Put(piece.Scores!, ends, piece.Rung);
                        break;
                    case PieceEnd.LeftOut:
                        slice.LeaveOut();
                        leftOut.Add(index);
                        break;
                    default:
                        slice.Forget();
                        break;
                }
            },
        };
    }

    /// <summary>The network's input [channel][y][x] of a slice, from its neighbours within the window.</summary>
    private void FillInput((int Offset, Memory<float> Hu)[] neighbours, BodyFit fit, Span<float> input)
    {
        int pixels = rows * columns, voxels = ((2 * reach) + 1) * pixels;
        float[] rented = Scratch<float>.Rent(voxels);
        Span<float> window = rented.AsSpan(0, voxels);
        foreach ((int offset, Memory<float> hu) in neighbours)
        {
            fit.Cut(hu.Span, gridColumns, app.Manifest.Grid.Fit, window.Slice((offset + reach) * pixels, pixels), columns);
        }

        Imaging.Segment.FillChannels(window, reach, app.Manifest, input);
        Scratch<float>.Return(rented);
    }

    private sealed class GridSlice(Network network, SliceMemory labels, Memory<float> hu, Ends ends)
    {
        private int version;
        private bool isAsked;

        /// <summary>[y][x] of the whole grid.</summary>
        public Memory<float> Hu { get; } = hu;

        public Ends Ends { get; } = ends;

        public Ends ScoreEnds { get; private set; }

        public ClassScores? Scores { get; private set; }

        /// <summary>[y][x] of the window, where <see cref="HasLabels"/>.</summary>
        public Memory<byte> Labels { get; private set; }

        public bool HasLabels { get; private set; }

        /// <summary>How it came to its labels.</summary>
        public Core.Rung Rung { get; private set; }

        /// <summary>Counts what was forgotten: an answer to a question of an earlier version comes too late.</summary>
        public int Version => Volatile.Read(ref version);

        /// <summary>Its scores will lie between its neighbours'.</summary>
        public bool IsLeftOut { get; private set; }

        /// <summary>It has no labels, and nobody was asked for them.</summary>
        public bool IsOpen => !HasLabels && !isAsked && !IsLeftOut;

        /// <summary>What the answer that is waited for will assume.</summary>
        public Ends AskedEnds { get; private set; }

        public int Ask(Ends assumed)
        {
            (isAsked, AskedEnds) = (true, assumed);
            return version;
        }

        public void LeaveOut() => (isAsked, AskedEnds, IsLeftOut) = (false, Ends.None, true);

        public void Put(ClassScores scores, Ends assumed, Core.Rung rung)
        {
            (isAsked, AskedEnds, IsLeftOut, Rung) = (false, Ends.None, false, rung);
            ReleaseScores();
            Scores = scores;
            Labels = Labels.IsEmpty ? labels.Rent<byte>(scores.Labels.Length) : Labels;
            scores.Labels.CopyTo(Labels);
            HasLabels = true;
            ScoreEnds = assumed;
        }

        /// <summary>The next slice uses their memory again.</summary>
        public void ReleaseScores()
        {
            if (Scores is not null)
            {
                network.Return(Scores);
                Scores = null;
            }
        }

        public void Forget()
        {
            Volatile.Write(ref version, version + 1);
            (isAsked, AskedEnds, IsLeftOut) = (false, Ends.None, false);
            ReleaseScores();
            HasLabels = false;
            ScoreEnds = Ends.None;
        }
    }
}
