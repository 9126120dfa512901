using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging.Launch;

namespace Appliance.Imaging;

/// <summary>The analysis of one series: what can be done is done as slices arrive, the rest when the series is complete.</summary>
/// <remarks>
/// Slices may arrive in any order. One caller at a time. Of each slice only its header and its plane on the network's grid
/// are kept (150 KB for 512 x 512 at 0.8 mm). A late slice may follow <see cref="SeriesIsComplete"/>, which then runs again.
/// With overlap, axial slices are also segmented and restored as they arrive (<see cref="StreamedStack"/>); without it, and for
/// every other stack, all that follows stage 2 waits for the last slice. That whole-series path is the reference.
/// </remarks>
public sealed class SeriesRun : IDisposable
{
    private readonly App app;
    private readonly TimeProvider time;
    private readonly StageTimes times;
    private long firstAt;
    private SliceGeometry? first;
    private readonly ClassRules rules;
    private readonly bool overlap;
    private readonly SeriesLine? line;
    private readonly Decode decode = new();
    private readonly ArrivedSlices arrived;
    private StreamedStack? streamed;
    private Refusal? refusal;

    /// <param name="overlap">The network runs while slices arrive, not after the last.</param>
    /// <param name="line">The series' place before the threads that all series share; null: it has all processors for itself.</param>
    public SeriesRun(App app, TimeProvider time, bool overlap = false, SeriesLine? line = null)
    {
        this.app = app;
        this.time = time;
        this.line = line;
        this.overlap = overlap;
        times = new StageTimes(time);
        rules = new ClassRules(app.Manifest);
        arrived = new ArrivedSlices(app.Manifest);
    }

    public int Slices => arrived.Count;

    /// <summary>Of these, slices whose organs are found. Fewer again where a later slice undoes what was done without it.</summary>
    public int DoneSlices { get; private set; }

    /// <summary>Told that number, on the caller's own thread, where it has changed.</summary>
    public Action<int>? Advanced { get; init; }

    /// <summary>Gives its memory back. Results that were made from it stay; it takes no more slices.</summary>
    public void Dispose()
    {
        refusal ??= new Refusal(RefusalReason.Cancelled, "The series has ended.");
        streamed?.Dispose();
        arrived.Dispose();
    }

    /// <summary>Decodes one image, slice by slice where it has several, and prepares rows and columns.</summary>
    /// <returns>A refusal is of the whole series and stays.</returns>
    public Refusal? SliceArrives(DicomFile image)
    {
        if (refusal is not null)
        {
            return refusal;
        }

        Outcome<IReadOnlyList<SourceFrame>> frames = SourceFrames.Of(image);
        if (frames.Refused)
        {
            return refusal = frames.Refusal;
        }

        foreach (SourceFrame frame in frames.Value)
        {
            refusal ??= FrameArrives(frame);
        }

        return refusal;
    }

    /// <summary>The same for a slice that is decoded already. [row][column], HU.</summary>
    public Refusal? HounsfieldArrives(DataSet header, float[] hu) =>
        refusal is not null || !arrived.IsNew(header, null) ? refusal : refusal = Place(header, null, hu);

    /// <summary>An image of the series that only shows where the others lie: it is not analysed.</summary>
    public void LocalizerArrives(DataSet header)
    {
        if (arrived.IsNew(header, null))
        {
            arrived.Localizer();
        }
    }

    /// <summary>
    /// Little is left to do at the end, so that <see cref="SeriesIsComplete"/> may be called on the chance that it is reached.
    /// </summary>
    public bool CanEndEarly => refusal is null && streamed is { CanComplete: true };

    /// <summary>Everything that needs the whole series. A stage that misses its deadline ends it: not analysed, budget.</summary>
    public Outcome<Analysis> SeriesIsComplete()
    {
        try
        {
            return Analyse();
        }
        catch (DeadlineException late) when (line is not null)
        {
            return line.GivesUp(late);
        }
    }

    /// <summary>The numbered main flow of the image path.</summary>
    private Outcome<Analysis> Analyse()
    {
        if (refusal is not null)
        {
            return refusal;
        }

        times.TailBegins();

        Outcome<GatedStack> gated = arrived.Gate();
        if ((gated.Refusal ?? app.Takes(gated.Value!.Stack)) is Refusal irregular)
        {
            return irregular;
        }

        Stack stack = gated.Value!.Stack;
        ArrivedSlice[] inOrder = arrived.InOrder(gated.Value);

        // What was streamed is the plane of the first slice; where that is not the one of the stack, it is of no use.
        bool isStreamed = stack.TiltDegrees == 0 && inOrder[0].Geometry.DifferenceFrom(arrived.First!.First) is null;
        StreamedLabels? early = isStreamed ? streamed?.Complete() : null;
        Outcome<Labelled> labelled = early is not null
            ? FinishStreamed(early, stack)
            : OverBudget() ?? LabelWhole(stack, arrived.InPlaneOf(gated.Value), [.. inOrder.Select(slice => slice.Plane)]);
        if (labelled.Refused)
        {
            return labelled.Refusal;
        }

        Advance(arrived.Count);

        // 6 Annotate is the caller's: it needs the source images again, one at a time.
        return new Analysis
        {
            Manifest = app.Manifest,
            Sources = [.. inOrder.Select(slice => slice.Header)],
            Frames = [.. inOrder.Select(slice => slice.Frame)],
            Findings = gated.Value.Findings,
            Stack = stack,
            Labels = labelled.Value.Labels,
            Slices = labelled.Value.Slices,
            Packed = labelled.Value.Packed,
            Organs = labelled.Value.Organs,
            Remarks = labelled.Value.Remarks,
            Overlapped = early is not null,
            Rungs = labelled.Value.Rungs,
            Times = times,
        };
    }

    /// <summary>Stages 2 to 5 of a whole series.</summary>
    private Outcome<Labelled> LabelWhole(Stack stack, InPlane inPlane, Memory<float>[] planes)
    {
        AppManifest manifest = app.Manifest;

        // 2 Prepare: the slice axis, patient order, and the window on the body. (1 Decode was done at arrival.)
        Outcome<Prepared> prepared = times.Measure(Stage.Prepare, () => PrepareStack(stack, inPlane, planes));
        if (prepared.Refused)
        {
            return prepared.Refusal;
        }

        (GridVolume grid, BodyFit fit, float[] window, ObliqueGrid? oblique) = prepared.Value;

        // 3 Segment: the network, slice by slice.
        (ClassScores scores, IReadOnlyDictionary<Rung, int> rungs) = times.Measure(
            Stage.Segment,
            () => Segment.Run(window, manifest, app.Network, line, (done, all) => Advance(arrived.Count * done / all)));
        if (OverBudget() is Refusal late)
        {
            return late;
        }

        // 4 Judge: can this be true?
        IReadOnlyList<string> remarks = times.Measure(
            Stage.Judge, () => Judge.Remarks(Judge.Tidy(scores, rules, DeadlineOf(Stage.Judge)), scores.Columns, manifest));

        // 5 Restore: back to the native grid, and there the same tidying, because what is shown must be one piece there.
        byte[] labels = times.Measure(Stage.Restore, () => RestoreTidied(scores, grid, fit, oblique, stack));
        return new Labelled(labels, Volumes(labels, stack), remarks, rungs);
    }

    /// <summary>What is left of stages 4 and 5 where the rest was done while slices arrived.</summary>
    private Outcome<Labelled> FinishStreamed(StreamedLabels early, Stack stack)
    {
        AppManifest manifest = app.Manifest;
        int rows = manifest.Grid.Size[0], columns = manifest.Grid.Size[1];
        if (early.GridLabels.Length / (rows * columns) > Limits.GridSlices)
        {
            return TooLong(early.GridLabels.Length / (rows * columns));
        }

        if (manifest.Takes.CheckBody(early.BodyColumns * Prepare.GridSpacingMm) is Refusal small)
        {
            return small;
        }

        // 4 Judge and 5 Restore do not need each other: native labels are there but for their order and the tidying.
        NativeLabels[] slices = [.. stack.Order.Select(arrival => early.NativeLabels[arrival])];
        IReadOnlyList<string> remarks = [];
        Deadline until = DeadlineOf(Stage.Judge);
        times.Measure(Stage.Judge, () => until.Both(
            () => streamed!.KeepLargest(slices, until),
            () =>
            {
                Judge.Tidy(early.GridLabels, rows, columns, rules, until);
                remarks = Judge.Remarks(early.GridLabels, columns, manifest);
            }));
        return new Labelled(null, StackLabels.Volumes(slices, stack, rules), remarks, early.Rungs)
        {
            Slices = [.. slices.Select(slice => (ReadOnlyMemory<byte>)slice.Labels)],
            Packed = StackLabels.Packed(slices, stack.Rows * stack.Columns),
        };
    }

    /// <summary>Where the ladder has given the series up.</summary>
    private Refusal? OverBudget() => line is { Rung: Rung.Bypass } ? SeriesLine.TooBusy : null;

    private Deadline DeadlineOf(Stage stage) => line?.DeadlineOf(stage) ?? Deadline.Never;

    private Refusal? FrameArrives(SourceFrame frame)
    {
        DataSet header = frame.File.DataSet;
        if (!arrived.IsNew(header, frame.Number))
        {
            return null;
        }

        if (GeometryGate.IsLocalizer(header))
        {
            arrived.Localizer();
            return null;
        }

        Outcome<float[]> hu = times.Measure(Stage.Decode, () => decode.Hounsfield(frame.File));
        return hu.Refused ? hu.Refusal : Place(header, frame.Number, hu.Value);
    }

    private void Advance(int done)
    {
        if (done != DoneSlices)
        {
            DoneSlices = done;
            Advanced?.Invoke(done);
        }
    }

    /// <summary>Results refer to their sources by these.</summary>
    private static Refusal? CheckUids(DataSet header) =>
        header.HasValue(Tags.SOPInstanceUID) && header.HasValue(Tags.SOPClassUID)
            && header.HasValue(Tags.SeriesInstanceUID) && header.HasValue(Tags.StudyInstanceUID)
            ? null
            : new Refusal(
                RefusalReason.Malformed, "The image lacks a UID (SOP class, instance, series or study): no result can refer to it.");

    private Refusal? Place(DataSet header, int? frame, float[] hu)
    {
        Outcome<SliceGeometry> read = SliceGeometry.FromHeader(header);
        if ((app.Takes(header) ?? CheckUids(header) ?? read.Refusal) is Refusal refused)
        {
            return refused;
        }

        SliceGeometry geometry = read.Value!;
        if (hu.Length != geometry.Rows * geometry.Columns)
        {
            return new Refusal(RefusalReason.BadPixels, "The image has another number of pixels than rows times columns.");
        }

        if (arrived.Count == Limits.Slices || (arrived.Count + 1L) * hu.Length > Limits.Voxels)
        {
            return new Refusal(
                RefusalReason.NoApp, $"No app takes this series: it is larger than {Limits.Slices} slices or {Limits.Voxels} voxels.");
        }

        if (arrived.PlaneFor(geometry) is not ArrivedPlane kind)
        {
            return GeometryGate.Refuse(GeometryFinding.Curved, $"its slices lie in more than {Limits.GridPlanes} planes");
        }

        Memory<float> plane = times.Measure(Stage.Prepare, () => kind.Apply(hu));
        if (line is not null)
        {
            line.NativeSlices = arrived.Count + 1;
        }

        arrived.Add(new ArrivedSlice(geometry, SourceHeader.Keep(header), frame, plane));
        if (kind.TakePlace(geometry.Position) && kind == arrived.First)
        {
            Stream(kind, geometry, plane);
        }

        return AskForAdmission(geometry);
    }

    /// <summary>When so much has come that it is known how fast the rest comes.</summary>
    private Refusal? AskForAdmission(SliceGeometry last)
    {
        if (arrived.Count == 1)
        {
            (firstAt, first) = (time.GetTimestamp(), last);
        }

        if (line is null || first is null || arrived.Count != Limits.FirstSlices)
        {
            return null;
        }

        // In random order this is too long a way, and the series is taken for a faster one than it is.
        double gridSlices = Math.Abs((last.Position - first.Position).Dot(first.Normal)) / Prepare.GridSpacingMm;
        double seconds = time.GetElapsedTime(firstAt).TotalSeconds;
        return seconds > 0 ? line.Admit(Math.Min(gridSlices, Limits.FirstSlices) / seconds) : null;
    }

    /// <summary>Axial stacks only: the patient's z is then the axis along which slices arrive.</summary>
    private void Stream(ArrivedPlane kind, SliceGeometry geometry, Memory<float> plane)
    {
        if (!overlap || LpsAxes.Of(kind.First) is not LpsAxes axes || axes.Native(2) != 0)
        {
            return;
        }

        streamed ??= new StreamedStack(app, rules, times, kind.InPlane, kind.First, axes, line, Advance);
        streamed.Arrives(geometry.Position.Dot(kind.First.Normal) * (axes.Flipped(2) ? -1 : 1), plane);
    }

    private Outcome<Prepared> PrepareStack(Stack stack, InPlane plane, IReadOnlyList<Memory<float>> planes)
    {
        FitRule rule = app.Manifest.Grid.Fit;
        Deadline until = DeadlineOf(Stage.Prepare);
        int rows = app.Manifest.Grid.Size[0], columns = app.Manifest.Grid.Size[1];
        Taps taps = Prepare.AxisTaps(stack.Slices, stack.Spacing(0), plane.TargetMm, app.Manifest.Grid.AntiAliasing.Truncate);
        float[] native = Prepare.AlongSlices(planes, taps, until);
        ObliqueGrid? oblique = LpsAxes.Of(stack) is null ? ObliqueGrid.Over(stack) : null;
        GridVolume grid = oblique is null
            ? Prepare.ToPatientOrder(native, plane.Rows.Outputs, plane.Columns.Outputs, LpsAxes.Of(stack)!, until)
            : oblique.Sample(native, plane.Rows.Outputs, plane.Columns.Outputs, stack, rule.PaddingHu, until);
        if (grid.Z > Limits.GridSlices)
        {
            return TooLong(grid.Z);
        }

        BodyFit? fit = BodyFit.Of(grid, rule, rows, columns, until);
        return app.Manifest.Takes.CheckBody((fit?.BodyColumns ?? 0) * Prepare.GridSpacingMm) is Refusal small
            ? small
            : new Prepared(grid, fit!, fit!.Apply(grid, rule, rows, columns, until), oblique);
    }

    private static Refusal TooLong(int gridSlices) =>
        new(RefusalReason.NoApp, $"No app takes this series: it is {gridSlices * Prepare.GridSpacingMm / 1000:0.0} m long.");

    private byte[] RestoreTidied(ClassScores scores, GridVolume grid, BodyFit fit, ObliqueGrid? oblique, Stack stack)
    {
        Deadline until = DeadlineOf(Stage.Restore);
        until.Check();
        byte[] labels = oblique is null
            ? Restore.Aligned(scores, grid, fit, [stack.Slices, stack.Rows, stack.Columns], LpsAxes.Of(stack)!, rules.OfferedAs, until)
            : Restore.Oblique(scores, fit, oblique, stack, rules.OfferedAs, until);
        Pieces.KeepLargest(labels, stack.Rows, stack.Columns, rules.LargestPiece, until);
        return labels;
    }

    private OrganVolume[] Volumes(byte[] labels, Stack stack)
    {
        LabelPlaces places = LabelPlaces.Of(labels, stack.Rows, stack.Columns, DeadlineOf(Stage.Restore));
        return
        [
            .. rules.Offered.Where(organ => places.Count(organ.Value) > 0).Select(organ => new OrganVolume(
                organ, places.Count(organ.Value), places.Count(organ.Value) * stack.VoxelVolume / 1000,
                places.Reaches(organ.Value, 0, stack.Slices - 1))),
        ];
    }

    private sealed record Labelled(
        byte[]? Labels, OrganVolume[] Organs, IReadOnlyList<string> Remarks, IReadOnlyDictionary<Rung, int> Rungs)
    {
        /// <summary>Instead of <see cref="Labels"/>.</summary>
        public IReadOnlyList<ReadOnlyMemory<byte>> Slices { get; init; } = [];

        public PackedFrames? Packed { get; init; }
    }

    private sealed record Prepared(GridVolume Grid, BodyFit Fit, float[] Window, ObliqueGrid? Oblique);
}
