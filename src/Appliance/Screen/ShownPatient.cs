using System.Text.Json;
using Appliance.Dicom.Data;

namespace Appliance.Daemon.Screen;

/// <summary>Who a study is of, read from its first image when somebody wants to see it. Kept nowhere, written to no log.</summary>
/// <param name="Name">PS3.5 6.2, PN: family, given, ... with ^ between them.</param>
/// <param name="Born">YYYYMMDD; empty where unknown.</param>
public sealed record ShownPatient(string Name, string Id, string Born)
{
    /// <summary>By the keys of the studies; what has gone in the meantime is left out.</summary>
    /// <param name="studies">The journal's folder of studies.</param>
    public static byte[] Read(string studies, IEnumerable<string> keys)
    {
        Dictionary<string, ShownPatient> patients = [];
        foreach (string key in keys)
        {
            try
            {
                string? image = StudyFolder.Find(studies, key) is string folder
                    ? Directory.EnumerateFiles(folder, "*" + JournalEntry.Extension, SearchOption.AllDirectories).FirstOrDefault()
                    : null;
                if (image is not null)
                {
                    DataSet header = SeriesFiles.HeaderOf(image).Header;
                    patients[key] = new ShownPatient(
                        header.GetString(Tags.PatientName) ?? "", header.GetString(Tags.PatientID) ?? "",
                        header.GetString(Tags.PatientBirthDate) ?? "");
                }
            }
            catch (Exception gone) when (StudyFolder.IsGone(gone))
            {
                // The page shows no name for it.
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(patients, ScreenContext.Default.DictionaryStringShownPatient);
    }
}
