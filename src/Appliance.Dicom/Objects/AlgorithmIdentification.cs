using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>The algorithm that made a result (PS3.3 table 10-19, Algorithm Identification Macro).</summary>
/// <param name="Name">At most 64 characters.</param>
/// <param name="Version">At most 64 characters.</param>
/// <param name="Manufacturer">Who made the algorithm: not always who made the device.</param>
/// <param name="Variant">What distinguishes this run, e.g. "quantised, every slice"; null where there is nothing to say.</param>
public sealed record AlgorithmIdentification(string Name, string Version, string Manufacturer, string? Variant = null)
{
    /// <summary>A concept of CID 7162.</summary>
    public CodedConcept Family { get; init; } = Codes.ArtificialIntelligence;

    internal DataSet Item()
    {
        DataSet item = new DataSet()
            .SetCode(Tags.AlgorithmFamilyCodeSequence, Family)
            .SetString(Tags.AlgorithmName, Vr.LO, ResultText.Long(Name))
            .SetString(Tags.AlgorithmVersion, Vr.LO, ResultText.Long(Version))
            .SetString(Tags.AlgorithmSource, Vr.LO, ResultText.Long(Manufacturer));
        if (Variant is not null)
        {
            item.SetString(Tags.AlgorithmParameters, Vr.LT, Variant);
        }

        return item;
    }

    /// <summary>One item of the Contributing Equipment Sequence: which algorithm had a part in the object (PS3.3 C.12.1).</summary>
    internal DataSet ContributingEquipmentItem() => new DataSet()
        .SetCode(Tags.PurposeOfReferenceCodeSequence, Codes.ProcessingEquipment)
        .SetString(Tags.Manufacturer, Vr.LO, ResultText.Long(Manufacturer))
        .SetString(Tags.ManufacturerModelName, Vr.LO, ResultText.Long(Name))
        .SetString(Tags.SoftwareVersions, Vr.LO, ResultText.Long(Version))
        .SetString(Tags.ContributionDescription, Vr.ST, ResultText.Short(
            Variant is null ? $"Algorithm {Name} {Version}" : $"Algorithm {Name} {Version}, {Variant}"));
}
