using System.Globalization;
using System.Text;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>Writes analysed series into the folder of a destination: a share, a disk of a research group.</summary>
public sealed class FolderExport(DestinationSettings destination, Journal journal)
{
    private readonly SourceSlices slices = new(journal);

    /// <summary>Null where it may be written now. The root is never made: an empty mount point is a share that is away.</summary>
    public static Refusal? Away(DestinationSettings destination) => Directory.Exists(destination.FolderRoot)
        ? null
        : new Refusal(RefusalReason.NotReachable, $"{destination.FolderRoot} is not there: is the share mounted?");

    /// <summary>Null where a file of it can be written now; the file is gone at once.</summary>
    public static Refusal? Ask(DestinationSettings destination)
    {
        try
        {
            if (Away(destination) is Refusal away)
            {
                return away;
            }

            string file = Path.Combine(destination.FolderRoot, $".{Path.GetRandomFileName()}.part");
            using FileStream asked = new(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception failure) when (DiskFault.Is(failure))
        {
            // Missing rights are no IOException in .NET, so both are asked for by one name; nothing else is caught.
            return Unwritable(failure);
        }
    }

    /// <summary>Why nothing can be written there.</summary>
    public static Refusal Unwritable(Exception failure) => new(RefusalReason.NotReachable, $"cannot be written: {Text.Of(failure)}");

    /// <summary>Volume and labels of the series whose report that is, under their final names and on the disk.</summary>
    /// <exception cref="IOException">The folder is away or full.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public Refusal? Write(JournalEntry report)
    {
        string series = report.SourceSeries;
        if (journal.DocumentsOf(report.Study, series) is not Documented documented)
        {
            return new Refusal(RefusalReason.Malformed, "The notes of the analysis are not there. Analyse the study again.");
        }

        JournalEntry? segmentation = documented.Documents.Select(name => report with { Name = name })
            .FirstOrDefault(entry => entry.Kind == ResultKind.Segmentation);
        if (slices.Find(report.Study, series, documented.Notes, 0) is not DicomFile first)
        {
            return new Refusal(RefusalReason.Malformed, "An analysed slice cannot be read again.");
        }

        string folder = FolderOf(report.Study, series, documented.Notes, first.DataSet);
        MakeDurable(folder);
        VolumeExport export = new(
            documented.Notes,
            segmentation is null ? null : slices.Read(segmentation)?.DataSet,
            slice => slices.Find(report.Study, series, documented.Notes, slice));
        if (export.Write(folder, report.Name[..Limits.ObjectKeyDigits], destination.FolderFormat == FolderFormat.Mha) is Refusal refusal)
        {
            return refusal;
        }

        DurableDirectory.Sync(folder);
        return null;
    }

    /// <summary>The template with its values. Only what the template names is in it; by default that is no patient data.</summary>
    private string FolderOf(string study, string series, PictureNotes notes, DataSet header)
    {
        StringBuilder path = new(destination.Folder);
        foreach ((string name, string? value) in new (string, string?)[]
        {
            ("app", notes.App), ("version", notes.Version), ("study", JournalEntry.Key(study)),
            ("series", JournalEntry.Key(series)), ("date", notes.MadeAt.ToString("yyyyMMdd", CultureInfo.InvariantCulture)),
            ("patient_id", header.GetString(Tags.PatientID)), ("patient_name", header.GetString(Tags.PatientName)),
            ("accession", header.GetString(Tags.AccessionNumber)), ("study_date", header.GetString(Tags.StudyDate)),
            ("study_uid", header.GetString(Tags.StudyInstanceUID)), ("series_uid", header.GetString(Tags.SeriesInstanceUID)),
        })
        {
            path.Replace($"{{{name}}}", Plain(value));
        }

        return path.ToString();
    }

    /// <summary>A value is one step of a path at most, whatever a scanner was typed.</summary>
    private static string Plain(string? value)
    {
        string plain = new([.. (value ?? "").Trim().Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')]);
        return plain.Trim('.').Length == 0 ? "none" : plain;
    }

    /// <summary>Each folder below the root, and its name in the one above.</summary>
    private void MakeDurable(string folder)
    {
        if (folder.Length > destination.FolderRoot.Length && !Directory.Exists(folder))
        {
            string above = Path.GetDirectoryName(folder)!;
            MakeDurable(above);
            Directory.CreateDirectory(folder);
            DurableDirectory.Sync(above);
        }
    }
}
