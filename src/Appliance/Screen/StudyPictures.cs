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
/// They are those of the viewer, one at a time and without a socket: a glance that reads the slice it shows and no other. One study is open
/// at a time, so that looking takes at most one core from the work. What was read of it is forgotten when nobody has asked for a while.
/// </remarks>
public sealed partial class StudyPictures : IDisposable
{
    private readonly string studies;
    private readonly Lock gate = new();
    private readonly ITimer forget;
    private readonly Canvas canvas = new();
    private OpenStudy? opened;
    private byte[] file = [];

    /// <param name="studies">The journal's folder of studies.</param>
    public StudyPictures(string studies, TimeProvider time)
    {
        this.studies = studies;
        forget = time.CreateTimer(_ => Forget(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        forget.Dispose();
        lock (gate)
        {
            Close();
            canvas.Dispose();
        }
    }

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
                bool isPicture = asked.Groups["series"].Success;
                if (Open(asked.Groups["key"].Value, refreshes: !isPicture) is not OpenStudy study)
                {
                    return null;
                }

                return isPicture
                    ? Draw(study, asked, query)
                    : (MediaTypeNames.Application.Json,
                        JsonSerializer.SerializeToUtf8Bytes(study.Describe(), ScreenContext.Default.ShownStudy));
            }
            catch (Exception cannot) when (OpenStudy.CannotBeShown(cannot))
            {
                Close();
                return null;
            }
        }
    }

    private (string ContentType, byte[] Content)? Draw(OpenStudy study, Match asked, IQueryCollection query)
    {
        int slice = int.Parse(asked.Groups["slice"].Value, CultureInfo.InvariantCulture);
        if (study.Find(asked.Groups["series"].Value) is not SeriesFiles of || slice >= of.Slices.Count)
        {
            return null;
        }

        bool exact = query.ContainsKey("exact"), colours = asked.Groups["colours"].Success;
        Wish wish = new(
            Series: of.Series, At: slice, C: Number(query, "c", of.Recommended.Centre), W: Number(query, "w", of.Recommended.Width),
            Labels: colours ? 100 : 0, Fine: exact,
            Width: Math.Min(of.Columns, Limits.PaneSidePixels), Height: Math.Min(of.Rows, Limits.PaneSidePixels));
        int length = colours ? study.DrawLabels(wish, canvas, ref file, 0) : study.Draw(wish, canvas, () => false, ref file, 0);
        return length == 0 ? null : (colours || exact ? MediaTypeNames.Image.Png : MediaTypeNames.Image.Jpeg, file[..length]);
    }

    private static double Number(IQueryCollection query, string name, double absent) =>
        double.TryParse(query[name], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? Math.Clamp(value, -Limits.WindowValues, Limits.WindowValues)
            : absent;

    private OpenStudy? Open(string key, bool refreshes)
    {
        if (opened?.Key != key)
        {
            Close();
            opened = StudyFolder.Find(studies, key) is string folder ? new OpenStudy(key, folder) : null;
        }
        else if (refreshes)
        {
            opened.Refresh();
        }

        return opened;
    }

    private void Forget()
    {
        lock (gate)
        {
            Close();
        }
    }

    private void Close()
    {
        opened?.Dispose();
        opened = null;
    }

    [GeneratedRegex("^/v1/studies/(?<key>[0-9a-f]{16})(?:/(?<series>[0-9a-f]{32})/(?<slice>[0-9]{1,5})(?<colours>/colours)?)?$")]
    private static partial Regex Route();
}
