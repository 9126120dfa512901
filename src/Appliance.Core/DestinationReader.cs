using System.Collections.Frozen;
using System.Net;

namespace Appliance.Core;

/// <summary>Reads the destinations of the settings file.</summary>
internal static class DestinationReader
{
    /// <summary>Says that an app's results are not for this destination.</summary>
    private const string NoneWord = "none";

    /// <summary>What a folder's path may name; the second half is patient data and in nobody's path unless it is written there.</summary>
    private static readonly string[] Holes =
    [
        "app", "version", "study", "series", "date",
        "patient_id", "patient_name", "accession", "study_date", "study_uid", "series_uid",
    ];

    private static readonly (string Word, Sends Value)[] SendWords =
    [
        ("originals", Sends.Originals),
        ("seg", Sends.Segmentations),
        ("sc", Sends.SecondaryCaptures),
        ("sr", Sends.Reports),
        ("labelmap", Sends.LabelMaps),
        ("gsps", Sends.Presentations),
        ("render", Sends.Renderings),
        ("notice", Sends.Notices),
        ("notice-all", Sends.Notices | Sends.AllNotices),
    ];

    private static readonly string[] StandardWords =
        [.. SendWords.Where(each => Sends.Standard.HasFlag(each.Value)).Select(each => each.Word)];

    public static IReadOnlyList<DestinationSettings> Read(SettingsText text, string callingAe, List<SettingsError> errors)
    {
        List<DestinationSettings> destinations = [];
        foreach (SettingsSection section in text.Sections.Where(s => s.Name == "destination"))
        {
            DestinationSettings destination = Destination(section, callingAe);
            section.RefuseTwice(
                "name", destination.Name, destinations.Select(each => each.Name), "Give each destination a name of its own.");
            destinations.Add(destination);
        }

        if (destinations.Count > Limits.DestinationsCount)
        {
            errors.Add(new SettingsError(
                1, "destination", $"There are {destinations.Count} destinations.", $"At most {Limits.DestinationsCount} are possible."));
        }

        return destinations;
    }

    private static DestinationSettings Destination(SettingsSection section, string callingAe)
    {
        DestinationSettings absent = new() { Name = string.Empty, AeTitle = string.Empty, Host = string.Empty, CallingAe = callingAe };
        Dictionary<string, Sends> sends = Send(section);
        string folder = section.Text("folder", string.Empty, FolderRemedy);
        bool isFolder = folder.Length > 0;
        DestinationSettings destination = absent with
        {
            Name = section.RequiredText("name", DestinationName),
            Folder = folder,
            FolderFormat = section.Text("folder_format", "mhd", FormatRemedy) == "mha" ? FolderFormat.Mha : FolderFormat.Mhd,
            AeTitle = isFolder
                ? section.Text("ae_title", "-", SettingsReader.AeTitle)
                : section.RequiredText("ae_title", SettingsReader.AeTitle),
            Host = isFolder ? section.Text("host", "localhost", Host) : section.RequiredText("host", Host),
            Port = (int)section.Whole("port", absent.Port, 1, IPEndPoint.MaxPort),
            CallingAe = section.Text("calling_ae", callingAe, SettingsReader.AeTitle),
            Send = sends.GetValueOrDefault("", Sends.None),
            SendOfApp = sends.Where(each => each.Key.Length > 0).ToFrozenDictionary(),
            KeepEmptyFrames = section.Flag("keep_empty_frames", absent.KeepEmptyFrames),
            RetryFirst = section.Seconds("retry_first_s", absent.RetryFirst, 0.1, Limits.RetryLongestS),
            RetryLongest = section.Seconds("retry_longest_s", absent.RetryLongest, 0.1, Limits.RetryLongestS),
            Paused = section.Flag("paused", absent.Paused),
        };
        if (destination.RetryFirst > destination.RetryLongest)
        {
            section.Error(
                section.LineOf("retry_first_s"),
                "retry_first_s",
                "It is longer than retry_longest_s.",
                "Write a smaller number.");
        }

        return destination;
    }

    /// <summary>By app, "" for all that have no word of their own: "seg" holds for all, "ct-organs:seg" for one.</summary>
    private static Dictionary<string, Sends> Send(SettingsSection section)
    {
        Dictionary<string, Sends> sends = [];
        foreach (string word in section.Texts("send", StandardWords, SendRemedy))
        {
            (string app, string kind) = Parts(word);
            Sends value = kind == NoneWord ? Sends.None : SendWords.First(w => w.Word == kind).Value;
            sends[app] = sends.GetValueOrDefault(app) | value;
        }

        if (sends.Values.Any(each => each.HasFlag(Sends.Segmentations | Sends.LabelMaps)))
        {
            section.Error(
                section.LineOf("send"),
                "send",
                "\"seg\" and \"labelmap\" exclude each other.",
                "Write one of them: a destination that does not take label maps gets \"seg\" by itself.");
        }

        return sends;
    }

    private static string? SendRemedy(string word)
    {
        (string app, string kind) = Parts(word);
        string words = string.Join(", ", SendWords.Select(w => $"\"{w.Word}\""));
        bool isKnown = SendWords.Any(w => w.Word == kind) || (kind == NoneWord && app.Length > 0);
        return !isKnown ? $"Choose from {words}; with the name of an app and a colon before it, it holds for that app only."
            : kind == "originals" && app.Length > 0 ? "Originals are of no app: write \"originals\" alone."
            : null;
    }

    private static string? FormatRemedy(string word) => word is "mhd" or "mha" ? null : "Write \"mhd\" or \"mha\".";

    private static string? FolderRemedy(string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        string[] parts = path.Split('{');
        string? unknown = parts.Skip(1).Select(part => part.Split('}')[0]).FirstOrDefault(hole => !Holes.Contains(hole));
        return SettingsReader.FullPath(path)
            ?? (path.Contains("..", StringComparison.Ordinal) ? "Write the path without \"..\"." : null)
            ?? (unknown is null && path.Count(c => c == '}') == parts.Length - 1
                ? null
                : $"Known holes are {string.Join(", ", Holes.Select(hole => $"{{{hole}}}"))}.");
    }

    private static (string App, string Kind) Parts(string word)
    {
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? ("", word) : (word[..colon], word[(colon + 1)..]);
    }

    internal static string? Host(string host) =>
        Uri.CheckHostName(host) == UriHostNameType.Unknown ? "Write a host name or an IP address, without a port." : null;

    /// <remarks>The name becomes a file name of the delivery log, so it is plain.</remarks>
    private static string? DestinationName(string name)
    {
        bool good = name.Length is > 0 and <= Limits.DestinationNameChars && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return good ? null : $"Use 1 to {Limits.DestinationNameChars} letters, digits, - or _.";
    }
}
