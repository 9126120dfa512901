using System.Security.Cryptography;
using System.Text;
using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>Where one object lies in the journal: study, series and file name, all made from hashes of UIDs.</summary>
/// <remarks>
/// A UID comes from outside and identifies a patient's study: it is neither safe as a path nor fit for a log. Its hash is both.
/// The results of our analysis of a series lie in a folder beside it, so that they are never taken for something to analyse. Their
/// names end in what they are and which app made them (HASH-KIND-APP.dcm): from the name follows which destination is owed it.
/// </remarks>
public sealed record JournalEntry(string Study, string Series, string Name)
{
    /// <summary>How the folder of results begins.</summary>
    public const string ResultsPrefix = "results-";

    /// <summary>The end of every complete file.</summary>
    public const string Extension = ".dcm";

    private const string ConflictMark = ".conflict-";

    /// <summary>The path below the study's folder; it stands in the delivery logs.</summary>
    public string Relative => $"{Series}/{Name}";

    public bool IsResult => Series.StartsWith(ResultsPrefix, StringComparison.Ordinal);

    /// <summary>Other content under a UID that was there before: kept for a human, neither analysed nor forwarded.</summary>
    public bool IsConflict => Name.Contains(ConflictMark, StringComparison.Ordinal);

    /// <summary>What was there before a conflict, and is analysed and forwarded.</summary>
    public JournalEntry First => this with { Name = Name.Split(ConflictMark)[0] + Extension };

    /// <summary>A conflict as people are shown it: some digits of its instance, and which of its other contents.</summary>
    public string ConflictKey => IsConflict
        ? $"{Name[..Math.Min(Limits.ObjectKeyDigits, Name.IndexOf(ConflictMark, StringComparison.Ordinal))]}-"
            + Name.Split(ConflictMark)[1][..^Extension.Length]
        : "";

    /// <summary>What a result is; null for an original, or a name that says nothing.</summary>
    public ResultKind? Kind => Parts is [_, string word, _] ? ResultKinds.Of(word) : null;

    /// <summary>The app that made a result; empty where none did.</summary>
    public string App => Parts is [_, _, string app] ? app[..^Extension.Length] : "";

    private string[] Parts => IsResult ? Name.Split('-', 3) : [];

    /// <summary>The series that a folder of results belongs to, or the series itself.</summary>
    public string SourceSeries => IsResult ? Series[ResultsPrefix.Length..] : Series;

    /// <summary>32 hexadecimal digits: the first half of the SHA-256 of the UID.</summary>
    public static string Hash(string uid) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(uid)).AsSpan(0, 16));

    /// <summary>As many digits of the hash of a study or series as people are shown.</summary>
    public static string Key(string hash) => hash[..Math.Min(Limits.StudyKeyDigits, hash.Length)];

    public static JournalEntry Original(string studyUid, string seriesUid, string sopInstanceUid) =>
        new(Hash(studyUid), Hash(seriesUid), NameOf(sopInstanceUid));

    /// <summary>File name of an original.</summary>
    public static string NameOf(string sopInstanceUid) => Hash(sopInstanceUid) + Extension;

    /// <summary>A result of the analysis of a series.</summary>
    /// <param name="app">The app's name, or empty.</param>
    public static JournalEntry Result(string study, string series, string sopInstanceUid, ResultKind kind, string app) =>
        new(study, ResultsPrefix + series, $"{Hash(sopInstanceUid)}-{kind.Word()}-{app}{Extension}");

    /// <summary>The entry for the n-th other content of this UID, from 1.</summary>
    public JournalEntry Conflict(int number) => 
        this with { Name = Path.GetFileNameWithoutExtension(Name) + ConflictMark + number + Extension };
}
