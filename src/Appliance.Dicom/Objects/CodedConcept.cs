using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>A concept as a code: what PS3.3 8 calls the triplet of code value, coding scheme and meaning.</summary>
/// <param name="Value">At most 16 characters here; every scheme that we write (DCM, SCT, LN, UCUM, RFC5646) stays below that.</param>
/// <param name="Scheme">Coding scheme designator of PS3.16 table 8-1.</param>
/// <param name="Meaning">For the reader; equality of concepts does not depend on it (PS3.3 8.3).</param>
public sealed record CodedConcept(string Value, string Scheme, string Meaning)
{
    /// <summary>The same concept, whatever words describe it.</summary>
    public bool Means(CodedConcept? other) => other is not null && Value == other.Value && Scheme == other.Scheme;

    /// <summary>The Code Sequence Macro (PS3.3 table 8.8-1) as one item.</summary>
    public DataSet Item() => new DataSet()
        .SetString(Tags.CodeValue, Vr.SH, Value)
        .SetString(Tags.CodingSchemeDesignator, Vr.SH, Scheme)
        .SetString(Tags.CodeMeaning, Vr.LO, Meaning);

    /// <summary>The code of an item, or null where one of the three attributes is missing.</summary>
    public static CodedConcept? Of(DataSet? item) =>
        item?.GetString(Tags.CodeValue) is { Length: > 0 } value
        && item.GetString(Tags.CodingSchemeDesignator) is { Length: > 0 } scheme
        && item.GetString(Tags.CodeMeaning) is { Length: > 0 } meaning
            ? new CodedConcept(value, scheme, meaning)
            : null;
}

/// <summary>Code sequences of a data set.</summary>
public static class CodedConceptExtensions
{
    /// <summary>A code sequence with one item for each concept.</summary>
    public static DataSet SetCode(this DataSet dataSet, Tag tag, params ReadOnlySpan<CodedConcept> concepts)
    {
        DataSet[] items = new DataSet[concepts.Length];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = concepts[i].Item();
        }

        return dataSet.SetItems(tag, items);
    }

    /// <summary>The first code of a code sequence, or null.</summary>
    public static CodedConcept? GetCode(this DataSet dataSet, Tag tag) => CodedConcept.Of(dataSet.GetItem(tag));
}
