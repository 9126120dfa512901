using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Appliance.Daemon.Screen;

/// <summary>The pictures of a study that somebody has opened.</summary>
/// <remarks>
/// <code>
/// /v1/studies/KEY                         its series: slices, window, organs with volumes
/// /v1/studies/KEY/SERIES/N?c=40&amp;w=400     slice N in grey as JPEG; with &amp;exact as PNG
/// /v1/studies/KEY/SERIES/N/colours        its organs as PNG to lie over it
/// </code>
/// One study is open at a time and it is drawn one picture at a time, so that looking takes at most one core from the work. What was
/// read of it is forgotten when nobody has asked for a while.
/// </remarks>
public sealed partial class StudyPictures : IDisposable
{
    private readonly string studies;
    private readonly Lock gate = new();
    private readonly ITimer forget;
    private string opened = "";
    private List<SeriesPictures> series = [];

    /// <param name="studies">The journal's folder of studies.</param>
    public StudyPictures(string studies, TimeProvider time)
    {
        this.studies = studies;
        forget = time.CreateTimer(_ => Forget(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => forget.Dispose();

    /// <summary>Null where there is no such picture, or the study has gone.</summary>
    public (string ContentType, byte[] Content)? Answer(string path, IQueryCollection query)
    {
        Match asked = Route().Match(path);
        if (!asked.Success)
        {
            return null;
        }

        lock (gate)
        {
            try
            {
                forget.Change(TimeSpan.FromMilliseconds(Limits.OpenStudyMs), Timeout.InfiniteTimeSpan);
                string key = asked.Groups["key"].Value;
                if (!asked.Groups["series"].Success)
                {
                    return Open(key) ? Describe() : null;
                }

                SeriesPictures? of = opened.StartsWith(key, StringComparison.Ordinal) || Open(key)
                    ? series.Find(each => each.Files.Series == asked.Groups["series"].Value)
                    : null;
                int slice = int.Parse(asked.Groups["slice"].Value, CultureInfo.InvariantCulture);
                return of is null || slice >= of.Files.Slices.Count ? null : Draw(of, slice, asked.Groups["colours"].Success, query);
            }
            catch (Exception gone) when (gone is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                // Removed to make space while somebody looked, or damaged: there is nothing to show.
                Forget();
                return null;
            }
        }
    }

    private static (string ContentType, byte[] Content)? Draw(SeriesPictures of, int slice, bool colours, IQueryCollection query)
    {
        if (colours)
        {
            return of.Colours(slice) is byte[] png ? (MediaTypeNames.Image.Png, png) : null;
        }

        bool exact = query.ContainsKey("exact");
        Window window = new(Number(query, "c", of.Files.Recommended.Centre), Math.Max(1, Number(query, "w", of.Files.Recommended.Width)));
        return of.Grey(slice, window, exact) is byte[] grey ? (exact ? MediaTypeNames.Image.Png : MediaTypeNames.Image.Jpeg, grey) : null;
    }

    private static double Number(IQueryCollection query, string name, double absent) =>
        double.TryParse(query[name], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? Math.Clamp(value, -Limits.WindowValues, Limits.WindowValues)
            : absent;

    private bool Open(string key)
    {
        string[] folders = Directory.GetDirectories(studies, key + "*");
        if (folders.Length != 1)
        {
            return false;
        }

        string id = Path.GetFileName(folders[0]);
        if (opened != id)
        {
            opened = id;
            series = [];
        }

        foreach (string folder in Directory.GetDirectories(folders[0]).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(folder);
            if (!name.StartsWith(JournalEntry.ResultsPrefix, StringComparison.Ordinal) && !series.Exists(each => each.Files.Series == name))
            {
                series.Add(new SeriesPictures(new SeriesFiles(folders[0], name)));
            }
        }

        series.ForEach(each => each.Files.Refresh());
        return true;
    }

    private (string ContentType, byte[] Content) Describe() =>
    (
        MediaTypeNames.Application.Json,
        JsonSerializer.SerializeToUtf8Bytes(
            ShownStudy.Of(opened[..Limits.StudyKeyDigits], [.. series.Select(each => each.Files)]), ScreenContext.Default.ShownStudy));

    private void Forget()
    {
        lock (gate)
        {
            opened = "";
            series = [];
        }
    }

    [GeneratedRegex("^/v1/studies/(?<key>[0-9a-f]{16})(?:/(?<series>[0-9a-f]{32})/(?<slice>[0-9]{1,5})(?<colours>/colours)?)?$")]
    private static partial Regex Route();
}
