using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>What one segment is and which values of the label volume make it up (PS3.3 table C.8.20-4).</summary>
/// <param name="LabelValues">Several where one segment holds several classes, e.g. a liver with its tumours.</param>
/// <param name="Label">What viewers show, at most 64 characters.</param>
/// <param name="Category">CID 7150. Tools disagree on that of the liver, hence it comes from the manifest.</param>
/// <param name="Type">CID 7151: the organ or finding itself.</param>
/// <param name="Rgb">The colour that the annotated series uses too, so that a legend fits both.</param>
public sealed record SegmentDescription(
    IReadOnlyList<byte> LabelValues, string Label, CodedConcept Category, CodedConcept Type, (byte Red, byte Green, byte Blue) Rgb)
{
    /// <summary>CID 244 for paired organs: without it, two kidneys are one.</summary>
    public CodedConcept? TypeModifier { get; init; }

    /// <summary>Where a finding lies, unless its type says so already.</summary>
    public CodedConcept? AnatomicRegion { get; init; }

    /// <summary>L, a, b as PS3.3 C.10.7.1.1 scales them; computed from the RGB colour where the manifest gives none.</summary>
    public IReadOnlyList<ushort>? CieLab { get; init; }

    /// <summary>Names the segment across SEG and SR; the tracking identifier is the label.</summary>
    public string TrackingUid { get; init; } = UidGenerator.New();

    internal DataSet Item(int number, AlgorithmIdentification algorithm)
    {
        IReadOnlyList<ushort> lab = CieLab ?? Objects.CieLab.Of(Rgb.Red, Rgb.Green, Rgb.Blue);
        DataSet type = Type.Item();
        if (TypeModifier is not null)
        {
            type.SetCode(Tags.SegmentedPropertyTypeModifierCodeSequence, TypeModifier);
        }

        DataSet item = Item(number, Label, Category, type, algorithm)
            .SetUInt16(Tags.RecommendedDisplayCIELabValue, lab[0], lab[1], lab[2])
            .SetString(Tags.TrackingID, Vr.UT, Label)
            .SetString(Tags.TrackingUID, Vr.UI, TrackingUid);
        if (AnatomicRegion is not null)
        {
            item.SetCode(Tags.AnatomicRegionSequence, AnatomicRegion);
        }

        return item;
    }

    /// <summary>What a label map says of voxels of no segment: each value that occurs has to be described (PS3.3 C.8.20.2.3.3).</summary>
    internal static DataSet Background(int number, AlgorithmIdentification algorithm)
    {
        ushort[] black = Objects.CieLab.Of(0, 0, 0);
        return Item(number, "Background", Codes.Background, Codes.Background.Item(), algorithm)
            .SetUInt16(Tags.RecommendedDisplayCIELabValue, black[0], black[1], black[2]);
    }

    private static DataSet Item(int number, string label, CodedConcept category, DataSet type, AlgorithmIdentification algorithm) =>
        new DataSet()
            .SetUInt16(Tags.SegmentNumber, (ushort)number)
            .SetString(Tags.SegmentLabel, Vr.LO, ResultText.Long(label))
            .SetCode(Tags.SegmentedPropertyCategoryCodeSequence, category)
            .SetItems(Tags.SegmentedPropertyTypeCodeSequence, type)
            .SetString(Tags.SegmentAlgorithmType, Vr.CS, "AUTOMATIC")
            .SetString(Tags.SegmentAlgorithmName, Vr.LO, ResultText.Long(algorithm.Name))
            .SetItems(Tags.SegmentationAlgorithmIdentificationSequence, algorithm.Item());
}
