using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>The series into which a result goes, and who and what made it.</summary>
/// <param name="Number">Far from the modality's own, e.g. 9001.</param>
/// <param name="Description">Shown by viewers as the name of the overlay, at most 64 characters.</param>
/// <param name="CreatedAt">Now, in the time zone of the place.</param>
/// <param name="Algorithms">Each becomes an item of the Contributing Equipment Sequence.</param>
public sealed record ResultSeries(
    int Number,
    string Description,
    DateTimeOffset CreatedAt,
    EquipmentIdentification Equipment,
    IReadOnlyList<AlgorithmIdentification> Algorithms)
{
    public string InstanceUid { get; init; } = UidGenerator.New();

    /// <summary>Each version of the results of a series has series numbers of its own, ten above those of the one before.</summary>
    public static int NumberOf(int number, int revision) => number + (10 * (revision - 1));

    /// <summary>What viewers show tells the versions apart.</summary>
    public static string DescriptionOf(string description, int revision) =>
        revision == 1 ? description : $"{description}, version {revision}";

    /// <summary>The SOP Instance UID of a result, which follows from its series': an analysis made again makes the same objects.</summary>
    public static string InstanceUidOf(string seriesUid, string sopClassUid, int instanceNumber) =>
        UidGenerator.FromName($"{seriesUid}\n{sopClassUid}\n{instanceNumber}");

    /// <summary>A sentence that every object carries as text.</summary>
    public string Notice { get; init; } = "Not for diagnostic use.";

    /// <summary>Sentences about this one result that a reader should know, e.g. what was left out of the analysis.</summary>
    public IReadOnlyList<string> Statements { get; init; } = [];

    /// <summary>The results of an earlier analysis of the same series that this one replaces; empty for the first.</summary>
    public IReadOnlyList<SupersededResult> Supersedes { get; init; } = [];

    /// <summary>Notice and statements in one text.</summary>
    internal string Comments => string.Join(' ', [Notice, .. Statements]);
}

/// <summary>A result that a later one replaces.</summary>
public sealed record SupersededResult(string StudyInstanceUid, string SeriesInstanceUid, string SopClassUid, string SopInstanceUid)
{
    public bool IsSegmentation => SopClassUid is Uids.SegmentationStorage or Uids.LabelMapSegmentationStorage;
}
