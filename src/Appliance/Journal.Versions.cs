using System.Globalization;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>Versions of the results of a series: a late slice makes a new one, and the old one stays, here and where it was sent.</summary>
/// <remarks>
/// The mark of a version that is no longer the last becomes <c>superseded-N</c>. What it names is still owed, and is never discarded with
/// the remains of an analysis that did not come to its end.
/// </remarks>
public sealed partial class Journal
{
    private const string SupersededName = "superseded-";

    /// <summary>The version before the one that is being made; null where there is none.</summary>
    public PreviousResults? PreviousOf(string study, string series)
    {
        List<Documented> versions = SupersededOf(study, series);
        if (versions.Count == 0)
        {
            return null;
        }

        List<SupersededResult> results = [];
        foreach (string name in versions[^1].Documents)
        {
            string path = PathOf(new JournalEntry(study, JournalEntry.ResultsPrefix + series, name));
            if (File.Exists(path) && DicomFileReader.Read(File.ReadAllBytes(path)).Value is DicomFile file)
            {
                results.Add(new SupersededResult(
                    file.DataSet.GetString(Tags.StudyInstanceUID) ?? "", file.DataSet.GetString(Tags.SeriesInstanceUID) ?? "",
                    file.DataSet.GetString(Tags.SOPClassUID) ?? "", file.SopInstanceUid ?? ""));
            }
        }

        return new PreviousResults(versions[^1].Notes.Revision, results);
    }

    /// <summary>Names in the folder of results that belong to versions before the last.</summary>
    internal HashSet<string> SupersededNames(string study, string series)
    {
        HashSet<string> names = [];
        foreach (Documented version in SupersededOf(study, series))
        {
            names.UnionWith(version.Documents);
            foreach (Drawing drawing in Enum.GetValues<ResultKind>().SelectMany(version.Notes.All))
            {
                names.Add(DrawnEntry(study, series, version.Notes, drawing).Name);
            }
        }

        return names;
    }

    /// <summary>The present version is no longer the last.</summary>
    private static void Supersede(string results)
    {
        string mark = Path.Combine(results, DocumentedName);
        if (File.Exists(mark))
        {
            int number = Directory.GetFiles(results, SupersededName + "*").Length + 1;
            File.Move(mark, Path.Combine(results, string.Create(CultureInfo.InvariantCulture, $"{SupersededName}{number:D4}")));
        }
    }

    /// <summary>The oldest first. What another version of ours wrote stays where it was sent, and is not named.</summary>
    private List<Documented> SupersededOf(string study, string series)
    {
        string folder = ResultsFolderOf(study, series);
        string[] paths = Directory.Exists(folder) ? Directory.GetFiles(folder, SupersededName + "*") : [];
        return [.. paths.Order(StringComparer.Ordinal).Select(ReadMark).OfType<Documented>()];
    }
}
