using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>The volume of a segment.</summary>
/// <param name="TrackingUid">That of the segment in the segmentation.</param>
public sealed record SegmentVolume(string TrackingUid, double Millilitres);

/// <summary>What a measurement report is made of.</summary>
/// <param name="Sources">The analysed series.</param>
/// <param name="Segmentation">The segmentation that the report measures; null where nothing was found.</param>
/// <param name="Volumes">One for each of its segments.</param>
/// <param name="NotFound">Segments that were looked for and have no voxel: said in words, so that absence is no riddle.</param>
public sealed record MeasurementReportRequest(
    IReadOnlyList<SourceSlice> Sources,
    DataSet? Segmentation,
    IReadOnlyList<SegmentVolume> Volumes,
    IReadOnlyList<SegmentDescription> NotFound,
    ResultSeries Series);

/// <summary>Makes a Comprehensive 3D SR after TID 1500: per segment a measurement group (TID 1411) with its volume in ml.</summary>
/// <remarks>PS3.3 A.35.13, C.17; PS3.16 TID 1500, 1411, 1419. Everything said of a segment is taken from the segmentation.</remarks>
public static class MeasurementReport
{
    public static Created Create(MeasurementReportRequest request)
    {
        if (SourceStack.Check(request.Sources, out SourceStack? stack) is Unsuitable unsuitable)
        {
            return unsuitable;
        }

        DataSet source = stack!.First.Header;
        DataSet target = new();
        CommonModules.PutPatientAndStudy(source, target);
        CommonModules.PutResult(request.Series, Uids.Comprehensive3DSRStorage, "SR", 1, source, target);
        PutDocument(request, target);
        foreach (Element element in Root(request, source))
        {
            target.Put(element);
        }

        return target;
    }

    /// <summary>SR Document Series and General (PS3.3 C.17.1, C.17.2).</summary>
    private static void PutDocument(MeasurementReportRequest request, DataSet target)
    {
        target.SetItems(Tags.ReferencedPerformedProcedureStepSequence)
            .SetString(Tags.CompletionFlag, Vr.CS, "COMPLETE")
            .SetString(Tags.VerificationFlag, Vr.CS, "UNVERIFIED")
            .SetString(Tags.PreliminaryFlag, Vr.CS, "PRELIMINARY")
            .SetItems(Tags.PerformedProcedureCodeSequence)
            .SetItems(Tags.CurrentRequestedProcedureEvidenceSequence, References.Evidence(request.Sources, request.Segmentation));

        // Type 1C: the report takes the place of an earlier one.
        DataSet[] predecessors = References.Predecessors(request.Series.Supersedes);
        if (predecessors.Length > 0)
        {
            target.SetItems(Tags.PredecessorDocumentsSequence, predecessors);
        }
    }

    /// <summary>TID 1500.</summary>
    private static DataSet Root(MeasurementReportRequest request, DataSet source)
    {
        EquipmentIdentification device = request.Series.Equipment;
        List<DataSet> content =
        [
            ContentItem.Code(ContentItem.HasConceptModifier, Codes.LanguageOfContent, Codes.English),
            ContentItem.Code(ContentItem.HasObservationContext, Codes.ObserverType, Codes.Device),
            ContentItem.UidReference(ContentItem.HasObservationContext, Codes.DeviceObserverUid, device.DeviceUid),
            ContentItem.Text(ContentItem.HasObservationContext, Codes.DeviceObserverName, device.ModelName),
            ContentItem.Text(ContentItem.HasObservationContext, Codes.DeviceObserverManufacturer, device.Manufacturer),
            ContentItem.Text(ContentItem.HasObservationContext, Codes.DeviceObserverModelName, device.ModelName),
            ContentItem.Text(ContentItem.HasObservationContext, Codes.DeviceObserverSerialNumber, device.SerialNumber),
            ContentItem.Code(ContentItem.HasConceptModifier, Codes.ProcedureReported, ProcedureOf(source)),
            ImageLibrary(request.Sources),
        ];
        if (request.Segmentation is DataSet segmentation)
        {
            content.Add(ContentItem.Container(ContentItem.Contains, Codes.ImagingMeasurements, null,
                [
                    .. segmentation.GetItems(Tags.SegmentSequence)
                        .Where(segment => segment.Contains(Tags.TrackingUID))
                        .Select(segment => Group(request, segmentation, segment)),
                ]));
        }

        // One of measurements and evaluations has to be there.
        if (request.NotFound.Count > 0 || request.Segmentation is null)
        {
            content.Add(ContentItem.Container(ContentItem.Contains, Codes.QualitativeEvaluations, null, Evaluations(request.NotFound)));
        }

        content.Add(ContentItem.Text(ContentItem.Contains, Codes.Comment, request.Series.Notice));
        content.AddRange(request.Series.Statements.Select(each => ContentItem.Text(ContentItem.Contains, Codes.Comment, each)));
        return ContentItem.Container(null, Codes.ImagingMeasurementReport, "1500", content);
    }

    /// <summary>The imaging procedure that was analysed: the source's own code, else the general one of its modality (CID 100).</summary>
    private static CodedConcept ProcedureOf(DataSet source) =>
        source.GetCode(Tags.ProcedureCodeSequence) ?? source.GetString(Tags.Modality) switch
        {
            "CT" => Codes.CtOfUnspecifiedRegion,
            "MR" => Codes.MrOfUnspecifiedRegion,
            _ => Codes.ImagingProcedure,
        };

    /// <summary>TID 1600: what was looked at.</summary>
    private static DataSet ImageLibrary(IReadOnlyList<SourceSlice> sources)
    {
        DataSet first = sources[0].Header;
        List<DataSet> group = [];
        if (ModalityOf(first) is CodedConcept modality)
        {
            group.Add(ContentItem.Code(ContentItem.HasAcquisitionContext, Codes.Modality, modality));
        }

        if (first.GetString(Tags.StudyDate) is { Length: 8 } date)
        {
            group.Add(ContentItem.Date(ContentItem.HasAcquisitionContext, Codes.StudyDate, date));
        }

        group.Add(ContentItem.UidReference(ContentItem.HasAcquisitionContext, Codes.FrameOfReferenceUid, sources[0].FrameOfReferenceUid!));
        group.AddRange(References.Images(sources).Select(image => ContentItem.Image(ContentItem.Contains, null, image)));
        return ContentItem.Container(ContentItem.Contains, Codes.ImageLibrary, "1600",
            [ContentItem.Container(ContentItem.Contains, Codes.ImageLibraryGroup, null, group)]);
    }

    /// <summary>CID 29, acquisition modality: DICOM's own two letters are its codes.</summary>
    private static CodedConcept? ModalityOf(DataSet source) => source.GetString(Tags.Modality) switch
    {
        "CT" => new CodedConcept("CT", "DCM", "Computed Tomography"),
        "MR" => new CodedConcept("MR", "DCM", "Magnetic Resonance"),
        "US" => new CodedConcept("US", "DCM", "Ultrasound"),
        "PT" => new CodedConcept("PT", "DCM", "Positron emission tomography"),
        _ => null,
    };

    /// <summary>TID 1411 with the rows of TID 1419 that apply.</summary>
    private static DataSet Group(MeasurementReportRequest request, DataSet segmentation, DataSet segment)
    {
        string trackingUid = segment.GetString(Tags.TrackingUID)!;
        SegmentVolume volume = request.Volumes.Single(volume => volume.TrackingUid == trackingUid);
        CodedConcept category = segment.GetCode(Tags.SegmentedPropertyCategoryCodeSequence)!;
        CodedConcept type = segment.GetCode(Tags.SegmentedPropertyTypeCodeSequence)!;
        DataSet reference = References.Instance(segmentation.GetString(Tags.SOPClassUID), segmentation.GetString(Tags.SOPInstanceUID))
            .CopyFrom(new DataSet().SetUInt16(Tags.ReferencedSegmentNumber, (ushort)segment.GetInteger(Tags.SegmentNumber)!.Value),
                Tags.ReferencedSegmentNumber);
        List<DataSet> content =
        [
            ContentItem.Text(ContentItem.HasObservationContext, Codes.TrackingIdentifier, segment.GetString(Tags.TrackingID)!),
            ContentItem.UidReference(ContentItem.HasObservationContext, Codes.TrackingUniqueIdentifier, trackingUid),
            ContentItem.Code(ContentItem.Contains, Codes.FindingCategory, category),
            ContentItem.Code(ContentItem.Contains, Codes.Finding, type),
        ];
        if (SiteOf(segment, category, type) is DataSet site)
        {
            content.Add(site);
        }

        content.AddRange(Algorithm(segment));
        content.Add(ContentItem.Image(ContentItem.Contains, Codes.ReferencedSegment, reference));
        content.Add(ContentItem.UidReference(
            ContentItem.Contains, Codes.SourceSeriesForSegmentation, request.Sources[0].SeriesInstanceUid!));
        content.Add(ContentItem.Number(ContentItem.Contains, Codes.Volume, volume.Millilitres, Codes.Millilitre,
            ContentItem.Code(ContentItem.HasConceptModifier, Codes.MeasurementMethod, Codes.SumOfSegmentedVoxelVolumes)));
        return ContentItem.Container(ContentItem.Contains, Codes.MeasurementGroup, "1411", content);
    }

    /// <summary>Where the finding is: its region, or the organ itself, with its side where it has one (CID 244).</summary>
    private static DataSet? SiteOf(DataSet segment, CodedConcept category, CodedConcept type)
    {
        CodedConcept? site = segment.GetCode(Tags.AnatomicRegionSequence) ?? (category.Means(Codes.AnatomicalStructure) ? type : null);
        CodedConcept? side = segment.GetItem(Tags.SegmentedPropertyTypeCodeSequence)?
            .GetCode(Tags.SegmentedPropertyTypeModifierCodeSequence);
        if (site is null)
        {
            return null;
        }

        return side is null
            ? ContentItem.Code(ContentItem.HasConceptModifier, Codes.FindingSite, site)
            : ContentItem.Code(ContentItem.HasConceptModifier, Codes.FindingSite, site,
                ContentItem.Code(ContentItem.HasConceptModifier, Codes.Laterality, side));
    }

    /// <summary>TID 4019.</summary>
    private static IEnumerable<DataSet> Algorithm(DataSet segment)
    {
        DataSet algorithm = segment.GetItem(Tags.SegmentationAlgorithmIdentificationSequence)!;
        yield return ContentItem.Text(ContentItem.HasConceptModifier, Codes.AlgorithmName, algorithm.GetString(Tags.AlgorithmName)!);
        yield return ContentItem.Text(ContentItem.HasConceptModifier, Codes.AlgorithmVersion, algorithm.GetString(Tags.AlgorithmVersion)!);
        if (algorithm.GetString(Tags.AlgorithmParameters) is { Length: > 0 } variant)
        {
            yield return ContentItem.Text(ContentItem.HasConceptModifier, Codes.AlgorithmParameters, variant);
        }
    }

    private static List<DataSet> Evaluations(IReadOnlyList<SegmentDescription> notFound) => notFound.Count == 0
        ? [ContentItem.Text(ContentItem.Contains, Codes.Finding, "Nothing was segmented in this series.")]
        : [.. notFound.Select(segment => ContentItem.Text(
            ContentItem.Contains, Codes.Finding, $"{segment.Label}: not found in this series."))];
}
