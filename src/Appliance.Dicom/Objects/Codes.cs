namespace Appliance.Dicom.Objects;

/// <summary>The concepts that our objects use, each with the context group (CID) or template (TID) of PS3.16 that names it.</summary>
public static class Codes
{
    // CID 7150, segmentation property categories.
    public static readonly CodedConcept AnatomicalStructure = Sct("123037004", "Anatomical Structure");
    public static readonly CodedConcept MorphologicallyAbnormalStructure = Sct("49755003", "Morphologically Abnormal Structure");
    public static readonly CodedConcept Tissue = Sct("85756007", "Tissue");

    // What a label map says of voxels that belong to nothing (PS3.16 annex D).
    public static readonly CodedConcept Background = Dcm("125040", "Background");

    // CID 7166 and 7159, organs and lesions.
    public static readonly CodedConcept Liver = Sct("10200004", "Liver");
    public static readonly CodedConcept Spleen = Sct("78961009", "Spleen");
    public static readonly CodedConcept Kidney = Sct("64033007", "Kidney");
    public static readonly CodedConcept Neoplasm = Sct("108369006", "Neoplasm");

    // CID 244, laterality.
    public static readonly CodedConcept Right = Sct("24028007", "Right");
    public static readonly CodedConcept Left = Sct("7771000", "Left");
    public static readonly CodedConcept Bilateral = Sct("51440002", "Bilateral");

    // CID 7162, families of segmentation algorithms.
    public static readonly CodedConcept ArtificialIntelligence = Dcm("123110", "Artificial Intelligence");

    // CID 7203, image derivation.
    public static readonly CodedConcept Segmentation = Dcm("113076", "Segmentation");

    // CID 7202, purposes of reference to source images.
    public static readonly CodedConcept SourceImageForProcessing = Dcm("121322", "Source image for image processing operation");

    // CID 7201, purposes of reference to other images, names none for this: a private code (PS3.16 8.2).
    public static readonly CodedConcept SupersededVersion = new("SUPERSEDED", "99APPLIANCE", "Superseded version");

    // CID 7005, purposes of reference to contributing equipment.
    public static readonly CodedConcept ProcessingEquipment = Dcm("109102", "Processing Equipment");

    // CID 100, quantitative diagnostic imaging procedures: the general ones, for a source that names no procedure.
    public static readonly CodedConcept CtOfUnspecifiedRegion = new("25045-6", "LN", "CT unspecified body region");
    public static readonly CodedConcept MrOfUnspecifiedRegion = new("25056-3", "LN", "MRI unspecified body region");
    public static readonly CodedConcept ImagingProcedure = Sct("363679005", "Imaging procedure");

    // TID 1500, measurement report.
    public static readonly CodedConcept ImagingMeasurementReport = Dcm("126000", "Imaging Measurement Report");
    public static readonly CodedConcept ImagingMeasurements = Dcm("126010", "Imaging Measurements");
    public static readonly CodedConcept QualitativeEvaluations = new("C0034375", "UMLS", "Qualitative Evaluations");
    public static readonly CodedConcept ProcedureReported = Dcm("121058", "Procedure reported");
    public static readonly CodedConcept Comment = Dcm("121106", "Comment");

    // TID 1204, language.
    public static readonly CodedConcept LanguageOfContent = Dcm("121049", "Language of Content Item and Descendants");
    public static readonly CodedConcept English = new("en", "RFC5646", "English");

    // TID 1002 and 1004, the observer is a device.
    public static readonly CodedConcept ObserverType = Dcm("121005", "Observer Type");
    public static readonly CodedConcept Device = Dcm("121007", "Device");
    public static readonly CodedConcept DeviceObserverUid = Dcm("121012", "Device Observer UID");
    public static readonly CodedConcept DeviceObserverName = Dcm("121013", "Device Observer Name");
    public static readonly CodedConcept DeviceObserverManufacturer = Dcm("121014", "Device Observer Manufacturer");
    public static readonly CodedConcept DeviceObserverModelName = Dcm("121015", "Device Observer Model Name");
    public static readonly CodedConcept DeviceObserverSerialNumber = Dcm("121016", "Device Observer Serial Number");

    // TID 1600 and 1602, image library.
    public static readonly CodedConcept ImageLibrary = Dcm("111028", "Image Library");
    public static readonly CodedConcept ImageLibraryGroup = Dcm("126200", "Image Library Group");
    public static readonly CodedConcept Modality = Dcm("121139", "Modality");
    public static readonly CodedConcept StudyDate = Dcm("111060", "Study Date");
    public static readonly CodedConcept FrameOfReferenceUid = Dcm("112227", "Frame of Reference UID");

    // TID 1411 and 1419, volumetric region of interest.
    public static readonly CodedConcept MeasurementGroup = Dcm("125007", "Measurement Group");
    public static readonly CodedConcept TrackingIdentifier = Dcm("112039", "Tracking Identifier");
    public static readonly CodedConcept TrackingUniqueIdentifier = Dcm("112040", "Tracking Unique Identifier");
    public static readonly CodedConcept FindingCategory = Sct("276214006", "Finding category");
    public static readonly CodedConcept Finding = Dcm("121071", "Finding");
    public static readonly CodedConcept FindingSite = Sct("363698007", "Finding Site");
    public static readonly CodedConcept Laterality = Sct("272741003", "Laterality");
    public static readonly CodedConcept ReferencedSegment = Dcm("121191", "Referenced Segment");
    public static readonly CodedConcept SourceSeriesForSegmentation = Dcm("121232", "Source series for segmentation");

    // TID 4019, algorithm identification.
    public static readonly CodedConcept AlgorithmName = Dcm("111001", "Algorithm Name");
    public static readonly CodedConcept AlgorithmParameters = Dcm("111002", "Algorithm Parameters");
    public static readonly CodedConcept AlgorithmVersion = Dcm("111003", "Algorithm Version");

    // TID 300 with CID 7472 (volumes), CID 7474 (how a volume is calculated) and the unified code for units of measure.
    public static readonly CodedConcept Volume = Sct("118565006", "Volume");
    public static readonly CodedConcept MeasurementMethod = Sct("370129005", "Measurement Method");
    public static readonly CodedConcept SumOfSegmentedVoxelVolumes = Dcm("126030", "Sum of segmented voxel volumes");
    public static readonly CodedConcept Millilitre = new("ml", "UCUM", "ml");

    private static CodedConcept Dcm(string value, string meaning) => new(value, "DCM", meaning);

    private static CodedConcept Sct(string value, string meaning) => new(value, "SCT", meaning);
}
