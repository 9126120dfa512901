using System.Text.Json;
using System.Text.Json.Serialization;

namespace Appliance.Daemon.Screen;

/// <summary>What the page needs to know beside the snapshots.</summary>
/// <param name="Addresses">This machine's addresses, as a technologist dials them at the scanner.</param>
/// <param name="TailMs">The time within which the last result is to be accepted after the last slice.</param>
/// <param name="NamesMs">Without a touch for so long, patient names are hidden.</param>
/// <param name="Host">What the machine is called.</param>
/// <param name="User">Who has logged in; null where nobody has to.</param>
/// <param name="MayAct">Whether the page may send commands.</param>
public sealed record ScreenFacts(IReadOnlyList<string> Addresses, int TailMs, int NamesMs, string Host, string? User, bool MayAct);

/// <summary>An opened study; the series with most slices comes first.</summary>
public sealed record ShownStudy(string Key, IReadOnlyList<ShownSeries> Series)
{
    public static ShownStudy Of(string key, IReadOnlyList<SeriesFiles> series) => new(
        key,
        [.. series.Where(each => each.Slices.Count > 0).OrderByDescending(each => each.Slices.Count).Select(ShownSeries.Of)]);
}

/// <summary>A series of it.</summary>
/// <param name="Series">A hash of its UID: part of the addresses of its pictures.</param>
/// <param name="SpacingMm">Between columns, rows and slices.</param>
/// <param name="Counts">Of columns, rows and slices.</param>
/// <param name="Labelled">Which analysis the organs are of; empty before there is one.</param>
/// <param name="Colour">It is shown as it is: there is no window.</param>
/// <param name="Frames">Its slices are frames of an image.</param>
/// <param name="Organs">Null before there is an analysis.</param>
public sealed record ShownSeries(
    string Series,
    string Modality,
    int Slices,
    IReadOnlyList<int> Counts,
    IReadOnlyList<double> SpacingMm,
    double Centre,
    double Width,
    IReadOnlyList<Plane> Planes,
    string Labelled,
    bool Colour,
    bool Frames,
    IReadOnlyList<ShownOrgan>? Organs)
{
    public static ShownSeries Of(SeriesFiles files) => new(
        files.Series, files.Modality, files.Slices.Count, [files.Columns, files.Rows, files.Slices.Count],
        [files.SpacingMm.Column, files.SpacingMm.Row, files.SliceMm], files.Recommended.Centre, files.Recommended.Width,
        files.Planes, files.Labelled, files.IsColour, files.HasFrames, files.Labels?.Organs);
}

/// <summary>What a viewer is told beside its pictures.</summary>
/// <param name="Study">It was opened, or something has come.</param>
/// <param name="Read">Slices of the volume that are in memory ...</param>
/// <param name="Of">... of so many.</param>
/// <param name="Gone">It cannot be shown (any more).</param>
/// <param name="Busy">Others look at as many studies as can be open at a time.</param>
public sealed record ViewerNews(ShownStudy? Study = null, int? Read = null, int? Of = null, bool Gone = false, bool Busy = false);

/// <summary>A name and its password, as the page sends them.</summary>
public sealed record LoginRequest(string Name, string Password);

/// <summary>What the page is answered.</summary>
/// <param name="WaitS">Seconds until the next try.</param>
public sealed record LoginAnswer(bool Done, int WaitS);

/// <summary>Made at build time: the native binary has no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScreenFacts))]
[JsonSerializable(typeof(ShownStudy))]
[JsonSerializable(typeof(ViewerNews))]
[JsonSerializable(typeof(Wish))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(LoginAnswer))]
[JsonSerializable(typeof(Dictionary<string, ShownPatient>))]
internal sealed partial class ScreenContext : JsonSerializerContext
{
    /// <returns>Null where it is none.</returns>
    public static LoginRequest? ReadLogin(ReadOnlySpan<byte> json)
    {
        try
        {
            LoginRequest? login = JsonSerializer.Deserialize(json, Default.LoginRequest);
            return login is { Name: not null, Password.Length: <= Core.Limits.PasswordLongestChars } ? login : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
