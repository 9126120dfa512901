namespace Appliance.Daemon.Screen;

/// <summary>A study of the journal as the page meets it: found by the digits of its key, and gone at any moment.</summary>
public static class StudyFolder
{
    /// <param name="studies">The journal's folder of studies.</param>
    /// <param name="key">The first <see cref="Limits.StudyKeyDigits"/> digits of the folder's name.</param>
    /// <returns>Null where there is none.</returns>
    public static string? Find(string studies, string key) =>
        Directory.GetDirectories(studies, key + "*") is [string folder] ? folder : null;

    /// <summary>What reading throws where there is nothing to show any more, which is no defect.</summary>
    /// <remarks>
    /// The journal removes a study to make space while somebody looks (IOException; UnauthorizedAccessException where a folder stands in
    /// a file's place), or a file of it is damaged (InvalidDataException).
    /// </remarks>
    public static bool IsGone(Exception failure) => failure is IOException or InvalidDataException or UnauthorizedAccessException;
}
