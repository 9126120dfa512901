using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging.Launch;

namespace Appliance.Imaging;

/// <summary>Stage 6: what leaves as the result of a series: segmentation, report, annotated slices.</summary>
public sealed class Annotate
{
    /// <summary>Far from the numbers of the modality's own series.</summary>
    internal const int SegmentationSeries = 9001, ReportSeries = 9002, PicturesSeries = 9003;

    /// <summary>Each form of the segmentation with the report that refers to it; label maps first: others wait for their answer.</summary>
    private static readonly (ResultKind Segmentation, ResultKind Report)[] Forms =
    [
        (ResultKind.LabelMap, ResultKind.ReportOfLabelMap),
        (ResultKind.Segmentation, ResultKind.Report),
        (ResultKind.SegmentationOfAllFrames, ResultKind.ReportOfAllFrames),
    ];

    private readonly Analysis analysis;
    private readonly Deadline until;
    private readonly IReadOnlySet<ResultKind> wanted;
    private readonly EquipmentIdentification equipment;
    private readonly AlgorithmIdentification algorithm;
    private readonly DateTimeOffset now;
    private readonly string made;
    private readonly IReadOnlyList<SourceSlice> sources;
    private readonly SegmentDescription[] found;
    private readonly SegmentDescription[] notFound;
    private readonly List<Result> documents = [];
    private readonly IReadOnlyList<SupersededResult> supersedes = [];
    private PackedFrames? packed;

    private Annotate(
        Analysis analysis, EquipmentIdentification equipment, DateTimeOffset now, IReadOnlySet<ResultKind> wanted,
        PreviousResults? previous, Deadline until)
    {
        this.until = until;
        this.analysis = analysis;
        this.equipment = equipment;
        this.now = now;
        this.wanted = wanted;
        algorithm = new AlgorithmIdentification(
            analysis.Manifest.Name, analysis.Manifest.Version, equipment.Manufacturer, analysis.Variant);
        sources = [.. analysis.Sources.Select((header, i) => new SourceSlice(header, analysis.Frames.ElementAtOrDefault(i)))];
        made = NameOf(analysis);
        HashSet<int> present = [.. analysis.Organs.Select(organ => organ.Organ.Value)];
        ILookup<bool, SegmentDescription> offered = new ClassRules(analysis.Manifest).Offered.Select(organ => Describe(organ, made))
            .ToLookup(segment => present.Contains(segment.LabelValues[0]));
        found = [.. offered[true]];
        notFound = [.. offered[false]];

        // What is made again of the same slices is the same version, under the same UIDs.
        bool isAgain = previous?.Results.Any(result => Forms.Any(form =>
            result.SeriesInstanceUid == Series(ReportSeries, "", form.Segmentation).InstanceUid)) == true;
        supersedes = isAgain ? [] : previous?.Results ?? [];
        Revision = previous is null ? 1 : isAgain ? previous.Revision : previous.Revision + 1;
    }

    /// <summary>What every series gets.</summary>
    public static IReadOnlySet<ResultKind> Standard { get; } =
        new HashSet<ResultKind> { ResultKind.Segmentation, ResultKind.Report, ResultKind.Picture };

    /// <summary>1 for the first analysis of the series, one more for each that replaces another.</summary>
    public int Revision { get; } = 1;

    /// <summary>Segmentations and the reports that refer to them, in the order in which they are to leave.</summary>
    public IReadOnlyList<Result> Documents => documents;

    /// <summary>All organs on the native grid (PS3.3 A.51); null where none was found, which the report says.</summary>
    public DicomFile? Segmentation => Documents.FirstOrDefault(result => result.Kind == ResultKind.Segmentation)?.File;

    /// <summary>Volumes (PS3.16 TID 1500).</summary>
    public DicomFile Report => Documents.First(result => result.Kind == ResultKind.Report).File;

    /// <summary>What the pictures need (<see cref="Pictures"/>).</summary>
    public PictureNotes Notes => new()
    {
        App = analysis.Manifest.Name,
        Version = analysis.Manifest.Version,
        Notice = analysis.Manifest.Notice,
        SeriesUid = Series(PicturesSeries, "").InstanceUid,
        MadeAt = now,
        Revision = Revision,
        WindowCenter = analysis.Manifest.Display.WindowCenter,
        WindowWidth = analysis.Manifest.Display.WindowWidth,
        Organs =
        [
            .. analysis.Organs.Select(organ => new NotedOrgan(
                (byte)organ.Organ.Value, organ.Organ.DisplayName, organ.Organ.Rgb, organ.Ml, organ.IsCut)),
        ],
        Remarks = analysis.Remarks,
        Sources = [.. analysis.Sources.Select(source => source.GetString(Tags.SOPInstanceUID)!)],
        Frames = analysis.Frames.Any(frame => frame is not null) ? analysis.Frames : null,
    };

    /// <summary>Makes segmentations and reports; a refusal where the sources cannot carry them.</summary>
    /// <param name="wanted">Kinds that somebody wants; the plain segmentation and its report are always made.</param>
    /// <param name="previous">The results of the series that these replace.</param>
    /// <param name="until">Looked at before each document and each frame.</param>
    /// <exception cref="DeadlineException">Its time is up.</exception>
    public static Outcome<Annotate> Of(
        Analysis analysis, EquipmentIdentification equipment, TimeProvider time, IReadOnlySet<ResultKind>? wanted = null,
        PreviousResults? previous = null, Deadline? until = null) =>
        analysis.Times.Measure(Stage.Annotate, () => Make(new Annotate(
            analysis, equipment, time.GetLocalNow(), wanted ?? Standard, previous, until ?? Deadline.Never)));

    private static Outcome<Annotate> Make(Annotate annotate)
    {
        foreach ((ResultKind kind, ResultKind report) in Forms)
        {
            annotate.until.Check();
            if (annotate.AddDocuments(kind, report) is Refusal refusal)
            {
                return refusal;
            }
        }

        return annotate;
    }

    /// <summary>A form of the segmentation that cannot be made is left out: whoever would have got it gets the plain one.</summary>
    private Refusal? AddDocuments(ResultKind kind, ResultKind reportKind)
    {
        bool isPlain = kind == ResultKind.Segmentation;
        if (!isPlain && (found.Length == 0 || !(wanted.Contains(kind) || wanted.Contains(reportKind))))
        {
            return null;
        }

        // 1. The segmentation, unless there is nothing to segment.
        Created? segmentation = found.Length == 0 ? (Created?)null : Segment(kind);
        if (segmentation is { Failed: true } failed)
        {
            return isPlain ? Refused(failed.Unsuitable!) : null;
        }

        // 2. The report, which measures it.
        SegmentVolume[] volumes = [.. found.Zip(analysis.Organs, (segment, organ) => new SegmentVolume(segment.TrackingUid, organ.Ml))];
        Created report = MeasurementReport.Create(new MeasurementReportRequest(
            sources, segmentation?.DataSet, volumes, notFound, Series(ReportSeries, "AI organ volumes", kind)));
        if (report.Failed)
        {
            return Refused(report.Unsuitable);
        }

        documents.AddRange(segmentation is { DataSet: DataSet labels } ? [Result.Of(kind, labels)] : []);
        documents.Add(Result.Of(reportKind, report.DataSet));
        return null;
    }

    private Created Segment(ResultKind kind)
    {
        SegmentationRequest request = new(sources, found, algorithm, Series(SegmentationSeries, "AI organ segmentation", kind))
        {
            BeforeFrame = until.Check,
            KeepEmptyFrames = kind == ResultKind.SegmentationOfAllFrames,
        };
        if (kind == ResultKind.LabelMap)
        {
            return LabelMapSegmentation.Create(request, analysis.Labels);
        }

        int voxels = analysis.Stack.Rows * analysis.Stack.Columns;
        packed ??= analysis.Packed
            ?? BitPlanes.Of(analysis.Labels, voxels, [.. found.Select(segment => segment.LabelValues[0])], until.Check);
        return Dicom.Objects.Segmentation.Create(request, packed);
    }

    private ResultSeries Series(int number, string description, ResultKind form = ResultKind.Segmentation) =>
        new(ResultSeries.NumberOf(number, Revision), ResultSeries.DescriptionOf(description, Revision), now, equipment, [algorithm])
        {
            Notice = analysis.Manifest.Notice,
            Statements = [.. analysis.Findings, .. supersedes.Where(each => IsOf(each, number)).Select(Replaces)],
            Supersedes = supersedes,
            InstanceUid = UidGenerator.FromName($"{made}\n{form.Word()}\nseries {number}"),
        };

    /// <summary>For people; for machines a report names its predecessors, and a segmentation refers to what it replaces.</summary>
    private string Replaces(SupersededResult result) => $"Version {Revision} replaces {result.SopInstanceUid} of version {Revision - 1}.";

    private static bool IsOf(SupersededResult result, int number) =>
        (result.SopClassUid == Uids.Comprehensive3DSRStorage) == (number == ReportSeries);

    /// <summary>
    /// What the results are made of. An analysis that is repeated after a power cut makes the same UIDs, so that a receiver that had got
    /// some of them has each once; other slices, another version or another variant make others.
    /// </summary>
    private static string NameOf(Analysis analysis) => string.Join(
        '\n',
        [
            analysis.Manifest.Name, analysis.Manifest.Version, analysis.Variant ?? "full",
            .. analysis.Sources.Select((source, i) => $"{source.GetString(Tags.SOPInstanceUID)}{Suffix(analysis, i)}"),
        ]);

    /// <summary>Tells the frames of one image apart.</summary>
    private static string Suffix(Analysis analysis, int slice) => analysis.Frames.ElementAtOrDefault(slice) is int frame ? $" {frame}" : "";

    private static SegmentDescription Describe(OrganClass organ, string made) => new(
        [(byte)organ.Value], organ.DisplayName, Code(organ.Category!), Code(organ.Type!), (organ.Rgb[0], organ.Rgb[1], organ.Rgb[2]))
    {
        TrackingUid = UidGenerator.FromName($"{made}\nsegment {organ.Value}"),
        TypeModifier = organ.TypeModifier is null ? null : Code(organ.TypeModifier),
        CieLab = [.. organ.RecommendedDisplayCIELab.Select(value => (ushort)value)],
    };

    private static CodedConcept Code(ManifestCode code) => new(code.Value, code.Scheme, code.Meaning);

    private static Refusal Refused(Unsuitable unsuitable) => new(RefusalReason.Malformed, $"No result can be made: {unsuitable.Text}");
}
