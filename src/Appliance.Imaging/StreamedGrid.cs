namespace Appliance.Imaging;

/// <summary>The grid slices of a stack that is still growing: their values, the window on the body, and what the network said.</summary>
internal sealed class StreamedGrid(App app)
{
    private readonly Dictionary<int, GridSlice> slices = [];
    private readonly int rows = app.Manifest.Grid.Size[0];
    private readonly int columns = app.Manifest.Grid.Size[1];
    private readonly int reach = app.Manifest.Channels.Max(channel => Math.Abs(channel.SliceOffset));
    private byte[] body = [];
    private int gridColumns;
    private bool bodyGrew;
    private BodyFit? wanted;
    private int slicesSinceWanted;

    /// <summary>Where the network looks; null until there is a body.</summary>
    public BodyFit? Fit { get; private set; }

    public bool Has(int index) => slices.ContainsKey(index);

    public void Clear()
    {
        slices.Clear();
        body = [];
        Fit = wanted = null;
    }

    /// <summary>Undoes what assumed one of these ends.</summary>
    public void Forget(Ends moved)
    {
        foreach ((int index, GridSlice slice) in slices.ToArray())
        {
            if ((slice.Ends & moved) != 0)
            {
                slices.Remove(index);
            }
            else if ((slice.ScoreEnds & moved) != 0)
            {
                slice.Forget();
            }
        }
    }

    /// <summary>Takes in a grid slice [y][x] in HU.</summary>
    public void Put(int index, float[] hu, int width, Ends ends)
    {
        slices.Add(index, new GridSlice(hu, ends));
        gridColumns = width;
        body = body.Length == 0 ? new byte[hu.Length] : body;
        bodyGrew |= Mark(hu, body);
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
        Array.Clear(body);
        for (int index = low; index <= high; index++)
        {
            Mark(slices[index].Hu, body);
        }

        wanted = OfBody();
        bool moved = MoveTo(wanted);
        Fit = wanted;
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
            if (slices.TryGetValue(index, out GridSlice? slice) && slice.Labels is null && EndsOf(index, low, high) is Ends needed
                && (needed & ~ends) == 0)
            {
                ready.Add((index, needed));
            }
        }

        int next = -1;
        Parallel.For(0, Math.Min(Environment.ProcessorCount, ready.Count), _ =>
        {
            SliceTensors tensors = app.Network.Rent();
            float[] window = new float[((2 * reach) + 1) * rows * columns];
            for (int i = Interlocked.Increment(ref next); i < ready.Count; i = Interlocked.Increment(ref next))
            {
                GridSlice slice = slices[ready[i].Index];
                FillWindow(ready[i].Index, low, high, window);
                Imaging.Segment.FillChannels(window, reach, app.Manifest, tensors.Input);
                app.Network.Run(tensors);
                slice.Put(tensors.Logits, ready[i].Ends, rows, columns, app.Manifest.Classes.Count);
            }

            app.Network.Return(tensors);
        });
        return ready.Count;
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
                slice.Scores = null;
            }
        }
    }

    /// <summary>The network's classes of these slices: [z][y][x].</summary>
    public byte[] Labels(int low, int high)
    {
        byte[] labels = new byte[(high - low + 1) * rows * columns];
        for (int index = low; index <= high; index++)
        {
            slices[index].Labels!.CopyTo(labels, (index - low) * rows * columns);
        }

        return labels;
    }

    private bool Mark(float[] hu, byte[] marked)
    {
        byte[] before = [.. marked];
        BodyFit.Mark(hu, gridColumns, app.Manifest.Grid.Fit, marked);
        return !marked.AsSpan().SequenceEqual(before);
    }

    private BodyFit? OfBody() =>
        body.Length == 0 ? null : BodyFit.OfBody(body, gridColumns, rows, columns);

    private static bool IsSame(BodyFit? one, BodyFit? other) => one?.Top == other?.Top && one?.Left == other?.Left;

    private bool MoveTo(BodyFit? window)
    {
        if (window is null || IsSame(window, Fit))
        {
            return false;
        }

        bool lost = Fit is not null;
        Fit = window;
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

    private void FillWindow(int index, int low, int high, float[] window)
    {
        foreach (int offset in app.Manifest.Channels.Select(channel => channel.SliceOffset).Distinct())
        {
            GridSlice neighbour = slices[Math.Clamp(index + offset, low, high)];
            Span<float> slice = window.AsSpan((offset + reach) * rows * columns, rows * columns);
            Fit!.Cut(neighbour.Hu, gridColumns, app.Manifest.Grid.Fit, slice, columns);
        }
    }

    private sealed class GridSlice(float[] hu, Ends ends)
    {
        /// <summary>[y][x] of the whole grid.</summary>
        public float[] Hu { get; } = hu;

        public Ends Ends { get; } = ends;

        public Ends ScoreEnds { get; private set; }

        public ClassScores? Scores { get; set; }

        public byte[]? Labels { get; private set; }

        public void Put(float[] logits, Ends assumed, int rows, int columns, int classes)
        {
            Scores = new ClassScores(1, rows, columns, classes);
            Scores.Put(0, logits);
            Labels = Scores.Labels;
            ScoreEnds = assumed;
        }

        public void Forget()
        {
            Scores = null;
            Labels = null;
            ScoreEnds = Ends.None;
        }
    }
}
