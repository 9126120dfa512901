using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>Content items of a structured report (PS3.3 C.17.3, C.18), each with the relationship to the item that holds it.</summary>
internal static class ContentItem
{
    public const string Contains = "CONTAINS";
    public const string HasObservationContext = "HAS OBS CONTEXT";
    public const string HasAcquisitionContext = "HAS ACQ CONTEXT";
    public const string HasConceptModifier = "HAS CONCEPT MOD";

    /// <summary>The root has no relationship: pass null.</summary>
    public static DataSet Container(string? relationship, CodedConcept name, string? templateId, List<DataSet> content)
    {
        DataSet item = relationship is null ? new DataSet().SetString(Tags.ValueType, Vr.CS, "CONTAINER") : Item(relationship, "CONTAINER");
        item.SetCode(Tags.ConceptNameCodeSequence, name)
            .SetString(Tags.ContinuityOfContent, Vr.CS, "SEPARATE")
            .SetItems(Tags.ContentSequence, [.. content]);
        return templateId is null
            ? item
            : item.SetItems(Tags.ContentTemplateSequence, new DataSet()
                .SetString(Tags.MappingResource, Vr.CS, "DCMR")
                .SetString(Tags.TemplateIdentifier, Vr.CS, templateId));
    }

    public static DataSet Text(string relationship, CodedConcept name, string text) =>
        Item(relationship, "TEXT").SetCode(Tags.ConceptNameCodeSequence, name).SetString(Tags.TextValue, Vr.UT, text);

    public static DataSet Code(string relationship, CodedConcept name, CodedConcept value, params DataSet[] modifiers)
    {
        DataSet item = Item(relationship, "CODE").SetCode(Tags.ConceptNameCodeSequence, name).SetCode(Tags.ConceptCodeSequence, value);
        return modifiers.Length == 0 ? item : item.SetItems(Tags.ContentSequence, modifiers);
    }

    public static DataSet UidReference(string relationship, CodedConcept name, string uid) =>
        Item(relationship, "UIDREF").SetCode(Tags.ConceptNameCodeSequence, name).SetString(Tags.UID, Vr.UI, uid);

    public static DataSet Date(string relationship, CodedConcept name, string date) =>
        Item(relationship, "DATE").SetCode(Tags.ConceptNameCodeSequence, name).SetString(Tags.Date, Vr.DA, date);

    /// <param name="reference">An item of Referenced SOP Sequence.</param>
    public static DataSet Image(string relationship, CodedConcept? name, DataSet reference)
    {
        DataSet item = Item(relationship, "IMAGE").SetItems(Tags.ReferencedSOPSequence, reference);
        return name is null ? item : item.SetCode(Tags.ConceptNameCodeSequence, name);
    }

    /// <summary>A number with its unit; to a thousandth, which for a volume in ml is a cubic millimetre.</summary>
    public static DataSet Number(string relationship, CodedConcept name, double value, CodedConcept unit, params DataSet[] modifiers) =>
        Item(relationship, "NUM")
            .SetCode(Tags.ConceptNameCodeSequence, name)
            .SetItems(Tags.MeasuredValueSequence, new DataSet()
                .SetDecimal(Tags.NumericValue, Math.Round(value, 3))
                .SetCode(Tags.MeasurementUnitsCodeSequence, unit))
            .SetItems(Tags.ContentSequence, modifiers);

    private static DataSet Item(string relationship, string valueType) => new DataSet()
        .SetString(Tags.RelationshipType, Vr.CS, relationship)
        .SetString(Tags.ValueType, Vr.CS, valueType);
}
