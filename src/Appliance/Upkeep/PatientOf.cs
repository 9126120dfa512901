using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Daemon.Upkeep;

/// <summary>Who a study is of: read from its first original, for whoever asks with the role that may, and only then.</summary>
public static class PatientOf
{
    private static readonly (string Label, Tag Tag)[] Shown =
    [
        ("patient", Tags.PatientName), ("patient id", Tags.PatientID), ("birth date", Tags.PatientBirthDate),
        ("accession number", Tags.AccessionNumber), ("study date", Tags.StudyDate), ("description", Tags.StudyDescription),
    ];

    /// <summary>Label and value, line by line; null where the journal has no original of the study any more.</summary>
    public static IReadOnlyList<string>? Read(Journal journal, string study)
    {
        string? first = Directory.Exists(journal.FolderOf(study))
            ? Directory.EnumerateFiles(journal.FolderOf(study), "*" + JournalEntry.Extension, SearchOption.AllDirectories)
                .Where(path => !path.Contains($"/{JournalEntry.ResultsPrefix}", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
                .FirstOrDefault()
            : null;
        return first is not null && DicomFileReader.Read(File.ReadAllBytes(first)).Value is DicomFile file
            ? [.. Shown.Select(row => $"{row.Label}: {Plain(file.DataSet.GetString(row.Tag) ?? "")}")]
            : null;
    }

    /// <summary>For a terminal: what a name may not do there, it does not.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
