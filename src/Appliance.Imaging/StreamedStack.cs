using Appliance.Imaging.Launch;

namespace Appliance.Imaging;

/// <summary>Ends of the stack that something depends on: it holds only as long as no slice comes beyond them.</summary>
[Flags]
internal enum Ends
{
    None = 0,
    Low = 1,
    High = 2,
}

/// <summary>An axial stack that is prepared, segmented and restored while its slices arrive, in any order.</summary>
/// <param name="advance">Told, on the caller's thread, how many slices have their labels now.</param>
/// <remarks>
/// One caller at a time. Everything is computed as soon as what it needs is there, and marked with the ends of the stack that it
/// assumed; a slice beyond an end undoes what had assumed it. The rules (docs/decisions/0020):
/// <code>
/// axis     laid through the first 16 slices; laid again when a slice contradicts it
/// window   on the body of the first 16 slices; moved when the body so far has wanted it elsewhere for 8 slices
/// ends     an end counts as the end once 16 slices have come without moving it; all ends where the series is tried to end
/// whole    at the end: on the body of all slices, and a grid that begins at one end of the stack; otherwise the window is moved once
///          more, or the series is done as a whole
/// </code>
/// </remarks>
internal sealed class StreamedStack(
    App app, ClassRules rules, StageTimes times, InPlane inPlane, SliceGeometry first, LpsAxes axes, SeriesLine? line,
    Action<int> advance) : IDisposable
{
    private readonly List<NativeSlice> arrived = [];
    private readonly Dictionary<int, NativeSlice> natives = [];
    private readonly StreamedGrid grid = new(
        app, new SliceMemory(app.Manifest.Grid.Size[0] * app.Manifest.Grid.Size[1], 2 * Limits.GridSlices), line);

    private readonly LabelMemory memory = new(first.Rows, first.Columns, rules);

    /// <summary>The network's threads may still read a grid slice when the series has ended: it goes back when nobody holds it.</summary>
    private readonly SliceMemory gridMemory = new(
        inPlane.Rows.Outputs * inPlane.Columns.Outputs * sizeof(float), 2 * Limits.GridSlices);

    private readonly Cells cells = new(first, axes, inPlane);
    private SliceAxis? axis;
    private double[] blur = [];
    private int lowest;
    private int highest;
    private int sinceLowest;
    private int sinceHighest;
    private int laid;
    private bool isTidied;

    public void Dispose() => memory.Dispose();

    /// <summary>One more slice: its position along the patient's z in mm, and its plane on the grid.</summary>
    public void Arrives(double position, Memory<float> plane)
    {
        PutBack();
        NativeSlice slice = new(position, plane);
        arrived.Add(slice);
        if (axis is null || !Place(slice))
        {
            Lay();
        }

        Work(Ends.None);
    }

    /// <summary>Does what can be done.</summary>
    /// <param name="assumed">Ends that are taken as reached although slices moved them lately.</param>
    public void Work(Ends assumed)
    {
        if (axis is null)
        {
            return;
        }

        Ends ends = assumed | (sinceLowest >= Limits.EndSlices ? Ends.Low : Ends.None)
            | (sinceHighest >= Limits.EndSlices ? Ends.High : Ends.None);
        (int low, int high) = axis.GridRange(lowest, highest);

        // 2 Prepare: z taps whose sources are there, and the window.
        times.Measure(Core.Stage.Prepare, () => PrepareGrid(low, high, ends));
        if (arrived.Count >= Limits.FirstSlices && grid.FitWindow(assumed != Ends.None))
        {
            Forget();
        }

        // 3 Segment: grid slices whose neighbours are there; the threads go on with them while the next slice comes.
        times.Measure(Core.Stage.Segment, () => grid.Segment(low, high, ends));

        // 5 Restore: native slices between two segmented ones.
        times.Measure(Core.Stage.Restore, () => RestoreNative(low, high, ends));

        // At the end, or what may be the end, nothing is left to the next slice.
        while (assumed != Ends.None && line is { HasOpen: true } && times.Measure(Core.Stage.Segment, line.Wait))
        {
            times.Measure(Core.Stage.Restore, () => RestoreNative(low, high, ends));
        }
    }

    /// <summary>There is no gap, and the grid begins at one end of the stack.</summary>
    public bool CanComplete => axis is not null && natives.Count == highest - lowest + 1 && axis.BeginsAtEnd(lowest, highest);

    /// <summary>Nothing more comes. Null where the stack cannot be done this way: the whole-series path decides.</summary>
    public StreamedLabels? Complete()
    {
        if (!CanComplete)
        {
            return null;
        }

        PutBack();
        (int low, int high) = axis!.GridRange(lowest, highest);

        // The window was chosen on the body so far. It holds for the whole body, or everything is done again in the right one.
        times.Measure(Core.Stage.Prepare, () => PrepareGrid(low, high, Ends.Low | Ends.High));
        if (grid.FitWindowToWhole(low, high))
        {
            Forget();
        }

        Work(Ends.Low | Ends.High);
        return grid.Fit is BodyFit fit && line is not { Rung: Core.Rung.Bypass }
            ? new StreamedLabels(
                fit.BodyColumns, grid.Labels(low, high), [.. arrived.Select(slice => slice.Labels!)], grid.Rungs(low, high))
            : null;
    }

    /// <summary>Of each class named only the largest piece stays, until another slice comes.</summary>
    /// <param name="slices">The labels that <see cref="Complete"/> gave, in the order of the stack.</param>
    /// <param name="until">Looked at before each slice.</param>
    public void KeepLargest(NativeLabels[] slices, Deadline until)
    {
        until.Check();
        isTidied = true;
        bool[]?[] others = LargestPieces.Others([.. slices.Select(slice => slice.Pieces)]);
        until.For(slices.Length, i => slices[i].TakeOut(others[i]));
    }

    private void PutBack()
    {
        if (isTidied)
        {
            arrived.ForEach(slice => slice.Labels?.PutBack());
            isTidied = false;
        }
    }

    /// <summary>A new axis through all slices so far; what was computed on the old one is lost.</summary>
    private void Lay()
    {
        grid.Clear();
        natives.Clear();
        Forget();
        axis = arrived.Count < Limits.FirstSlices || laid == Limits.AxesCount ? null : SliceAxis.Of([.. arrived.Select(s => s.Position)]);
        if (axis is null)
        {
            return;
        }

        laid++;
        blur = Taps.Gaussian(Prepare.Sigma(axis.Step), app.Manifest.Grid.AntiAliasing.Truncate);
        (lowest, highest) = (int.MaxValue, int.MinValue);
        if (!arrived.TrueForAll(Place))
        {
            axis = null;
        }
    }

    private bool Place(NativeSlice slice)
    {
        if (axis!.IndexOf(slice.Position) is not int index || !natives.TryAdd(index, slice))
        {
            return false;
        }

        sinceLowest = index < lowest ? 0 : sinceLowest + 1;
        sinceHighest = index > highest ? 0 : sinceHighest + 1;
        Ends moved = (index < lowest ? Ends.Low : Ends.None) | (index > highest ? Ends.High : Ends.None);
        (lowest, highest) = (Math.Min(index, lowest), Math.Max(index, highest));
        if (moved != Ends.None)
        {
            grid.Forget(moved);
            foreach (NativeSlice native in natives.Values.Where(native => (native.Ends & moved) != 0))
            {
                native.IsRestored = false;
            }
        }

        return true;
    }

    private void Forget()
    {
        foreach (NativeSlice slice in arrived)
        {
            slice.IsRestored = false;
        }
    }

    private int PrepareGrid(int low, int high, Ends ends)
    {
        List<(int Index, int Start, double[] Weights, Ends Ends)> ready = [];
        double[] row = new double[highest - lowest + 1];
        for (int index = low; index <= high; index++)
        {
            if (grid.Has(index))
            {
                continue;
            }

            double at = axis!.SourceOf(index);
            int below = (int)Math.Floor(at), radius = blur.Length / 2;
            Ends needed = (below - radius < lowest ? Ends.Low : Ends.None) | (below + 1 + radius > highest ? Ends.High : Ends.None);
            if ((needed & ~ends) != 0)
            {
                continue;
            }

            (int start, double[] weights) = Taps.At(at - lowest, blur, row);
            start += lowest;
            if (Enumerable.Range(start, weights.Length).All(natives.ContainsKey))
            {
                ready.Add((index, start, weights, needed));
            }
        }

        int[] counts = [1, inPlane.Rows.Outputs, inPlane.Columns.Outputs];
        int pixels = counts[1] * counts[2];
        Memory<float>[] planes = [.. ready.Select(_ => gridMemory.Rent<float>(pixels))];
        Parallel.For(0, ready.Count, i =>
        {
            float[] sum = Scratch<float>.Rent(pixels);
            Sum(ready[i].Start, ready[i].Weights, sum.AsSpan(0, pixels));
            Prepare.ToPatientOrder(sum.AsSpan(0, pixels), counts, axes, planes[i].Span);
            Scratch<float>.Return(sum);
        });
        for (int i = 0; i < planes.Length; i++)
        {
            grid.Put(ready[i].Index, planes[i], cells.GridColumns, ready[i].Ends);
        }

        return ready.Count;
    }

    private void Sum(int start, double[] weights, Span<float> sum)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            Prepare.Add(natives[start + i].Plane.Span, (float)weights[i], sum, i == 0);
        }
    }

    private int RestoreNative(int low, int high, Ends ends)
    {
        grid.Collect();
        if (grid.Fit is not BodyFit fit)
        {
            return 0;
        }

        List<(NativeSlice Slice, ClassScores Lower, ClassScores Upper, float Fraction)> ready = [];
        foreach ((int index, NativeSlice slice) in natives.Where(pair => !pair.Value.IsRestored))
        {
            double at = axis!.GridOf(index);
            Ends needed = (at < low ? Ends.Low : Ends.None) | (at > high - 1 ? Ends.High : Ends.None);
            double clamped = Math.Clamp(at, low, high);
            int below = (int)Math.Floor(clamped), above = Math.Min(below + 1, high);
            if ((needed & ~ends) == 0 && grid.ScoresOf(below, ref needed) is { } lower && grid.ScoresOf(above, ref needed) is { } upper)
            {
                slice.Ends = needed;
                ready.Add((slice, lower, upper, (float)(clamped - below)));
            }
        }

        CellTable cellsY = cells.Y(fit), cellsX = cells.X(fit);
        ready.ForEach(part => part.Slice.Restores(memory));
        Parallel.ForEach(ready, part =>
        {
            Restore.Axial(
                part.Lower, part.Upper, part.Fraction, cellsY, cellsX, axes, first.Rows, first.Columns, rules.OfferedAs,
                part.Slice.Labels!.Labels.Span);
            part.Slice.Labels.Restored();
        });
        if (ready.Count > 0)
        {
            grid.ReleaseScores(IsDone);
            advance(natives.Values.Count(slice => slice.IsRestored));
        }

        return ready.Count;
    }

    /// <summary>No native slice will need the scores of this grid slice again.</summary>
    private bool IsDone(int index)
    {
        int from = (int)Math.Floor(axis!.SourceOf(index - 1)), to = (int)Math.Ceiling(axis.SourceOf(index + 1));
        for (int source = from; source <= to; source++)
        {
            if (!natives.TryGetValue(source, out NativeSlice? slice) || !slice.IsRestored || slice.Ends != Ends.None)
            {
                return false;
            }
        }

        return true;
    }

    private sealed class NativeSlice(double position, Memory<float> plane)
    {
        public double Position { get; } = position;

        public Memory<float> Plane { get; } = plane;

        /// <summary>Where it is, or was, restored.</summary>
        public NativeLabels? Labels { get; private set; }

        public bool IsRestored { get; set; }

        public Ends Ends { get; set; }

        /// <summary>Its labels are about to be written.</summary>
        public void Restores(LabelMemory memory)
        {
            Labels ??= new NativeLabels(memory);
            IsRestored = true;
        }
    }

    /// <summary>Where the voxels of a native slice lie among those of the window.</summary>
    private sealed class Cells(SliceGeometry slice, LpsAxes axes, InPlane inPlane)
    {
        private readonly int gridRows = axes.Native(1) == 1 ? inPlane.Rows.Outputs : inPlane.Columns.Outputs;

        public int GridColumns { get; } = axes.Native(0) == 2 ? inPlane.Columns.Outputs : inPlane.Rows.Outputs;

        public CellTable Y(BodyFit fit) => Cell.Axis(axes.Native(1) == 1 ? slice.Rows : slice.Columns, gridRows, fit.Top);

        public CellTable X(BodyFit fit) => Cell.Axis(axes.Native(0) == 2 ? slice.Columns : slice.Rows, GridColumns, fit.Left);
    }
}

/// <summary>What a streamed stack came to.</summary>
/// <param name="BodyColumns">Width of the body in grid columns.</param>
/// <param name="GridLabels">The network's own classes [z][y][x].</param>
/// <param name="NativeLabels">Classes offered, for each slice in the order of arrival.</param>
/// <param name="Rungs">Grid slices by rung of the ladder.</param>
internal sealed record StreamedLabels(
    int BodyColumns, byte[] GridLabels, IReadOnlyList<NativeLabels> NativeLabels, IReadOnlyDictionary<Core.Rung, int> Rungs);
