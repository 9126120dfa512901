using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;

namespace Appliance.Imaging;

/// <summary>Stage 6: what leaves as the result of a series: segmentation, report, and the notes for its annotated slices.</summary>
public sealed class Annotate
{
    /// <summary>Far from the numbers of the modality's own series.</summary>
    internal const int SegmentationSeries = 9001, ReportSeries = 9002, PicturesSeries = 9003;

    private Annotate(DicomFile? segmentation, DicomFile report, PictureNotes notes)
    {
        Segmentation = segmentation;
        Report = report;
        Notes = notes;
    }

    /// <summary>All organs on the native grid (PS3.3 A.51); null where none was found, which the report says.</summary>
    public DicomFile? Segmentation { get; }

    /// <summary>Volumes (PS3.16 TID 1500).</summary>
    public DicomFile Report { get; }

    /// <summary>What the annotated slices need (<see cref="Pictures"/>).</summary>
    public PictureNotes Notes { get; }

    /// <summary>Segmentation and report: what leaves first.</summary>
    public IReadOnlyList<DicomFile> Documents => Segmentation is null ? [Report] : [Segmentation, Report];

    /// <summary>Makes segmentation and report; a refusal where the sources cannot carry them.</summary>
    /// <param name="keepEmptyFrames">The segmentation has a frame for each slice of each segment, found there or not.</param>
    public static Outcome<Annotate> Of(
        Analysis analysis, EquipmentIdentification equipment, TimeProvider time, bool keepEmptyFrames = false) =>
        analysis.Times.Measure(Stage.Annotate, () => Make(analysis, equipment, time.GetLocalNow(), keepEmptyFrames));

    internal static DicomFile FileOf(DataSet dataSet)
    {
        TransferSyntax syntax = TransferSyntax.ExplicitLittleEndian;
        DataSet meta = FileMeta.Create(dataSet.GetString(Tags.SOPClassUID)!, dataSet.GetString(Tags.SOPInstanceUID)!, syntax);
        return new DicomFile(meta, syntax, dataSet);
    }

    private static Outcome<Annotate> Make(Analysis analysis, EquipmentIdentification equipment, DateTimeOffset now, bool keepEmptyFrames)
    {
        AppManifest manifest = analysis.Manifest;
        AlgorithmIdentification algorithm = new(manifest.Name, manifest.Version, equipment.Manufacturer);
        IReadOnlyList<SourceSlice> sources = SourceSlice.Of(analysis.Sources);
        string made = NameOf(analysis, keepEmptyFrames);
        SegmentDescription[] offered = [.. new ClassRules(manifest).Offered.Select(organ => Describe(organ, made))];
        HashSet<int> present = [.. analysis.Organs.Select(organ => organ.Organ.Value)];
        SegmentDescription[] found = [.. offered.Where(segment => present.Contains(segment.LabelValues[0]))];

        // 1. The segmentation, unless there is nothing to segment.
        DataSet? segmentation = null;
        if (found.Length > 0)
        {
            Created created = Dicom.Objects.Segmentation.Create(new SegmentationRequest(
                sources, analysis.Labels, found, algorithm, Series(SegmentationSeries, "AI organ segmentation"))
            {
                KeepEmptyFrames = keepEmptyFrames,
            });
            if (created.Failed)
            {
                return Refused(created.Unsuitable);
            }

            segmentation = created.DataSet;
        }

        // 2. The report, which measures it.
        SegmentVolume[] volumes = [.. found.Zip(analysis.Organs, (segment, organ) => new SegmentVolume(segment.TrackingUid, organ.Ml))];
        Created report = MeasurementReport.Create(new MeasurementReportRequest(
            sources, segmentation, volumes, [.. offered.Except(found)], Series(ReportSeries, "AI organ volumes")));
        return report.Failed
            ? Refused(report.Unsuitable)
            : new Annotate(segmentation is null ? null : FileOf(segmentation), FileOf(report.DataSet),
                NotesOf(analysis, UidOf(PicturesSeries), now));

        ResultSeries Series(int number, string description) =>
            new(number, description, now, equipment, [algorithm])
            {
                Notice = manifest.Notice,
                InstanceUid = UidOf(number),
            };

        string UidOf(int number) => UidGenerator.FromName($"{made}\nseries {number}");
    }

    private static PictureNotes NotesOf(Analysis analysis, string seriesUid, DateTimeOffset now) => new()
    {
        App = analysis.Manifest.Name,
        Version = analysis.Manifest.Version,
        Notice = analysis.Manifest.Notice,
        SeriesUid = seriesUid,
        MadeAt = now,
        WindowCenter = analysis.Manifest.Display.WindowCenter,
        WindowWidth = analysis.Manifest.Display.WindowWidth,
        Organs =
        [
            .. analysis.Organs.Select(found => new NotedOrgan(
                (byte)found.Organ.Value, found.Organ.DisplayName, found.Organ.Rgb, found.Ml, found.IsCut)),
        ],
        Remarks = analysis.Remarks,
        Sources = [.. analysis.Sources.Select(source => source.GetString(Tags.SOPInstanceUID)!)],
    };

    /// <summary>
    /// What the results are made of. An analysis that is repeated after a power cut makes the same UIDs, so that a receiver that had got
    /// some of them has each once; other slices or another version make others.
    /// </summary>
    private static string NameOf(Analysis analysis, bool keepEmptyFrames) => string.Join(
        '\n',
        [
            analysis.Manifest.Name, analysis.Manifest.Version, keepEmptyFrames ? "all frames" : "frames",
            .. analysis.Sources.Select(source => source.GetString(Tags.SOPInstanceUID)),
        ]);

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
