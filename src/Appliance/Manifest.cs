namespace Appliance.Daemon;

/// <summary>A list of instances that somebody says there are. Names are those of the journal: hashes of UIDs.</summary>
/// <param name="Rule">What it is evidence of where everything it names is here.</param>
/// <param name="Study">Null where the list does not say (a request for storage commitment).</param>
/// <param name="Series">Null where the list does not say.</param>
/// <param name="Names">File names of the instances; empty where the list names only the series.</param>
public sealed record Manifest(CompletenessRule Rule, string? Study, string? Series, IReadOnlySet<string> Names);

/// <summary>The lists of the last while. One may come before the images, between them or after them.</summary>
public sealed class ManifestsSeen
{
    private static readonly IReadOnlyDictionary<CompletenessRule, TimeSpan> Nothing = new Dictionary<CompletenessRule, TimeSpan>();

    private readonly List<(Manifest Manifest, TimeSpan At)> kept = [];

    public void Add(Manifest manifest, TimeSpan at)
    {
        kept.Add((manifest, at));
        if (kept.Count > Limits.RememberedManifests)
        {
            kept.RemoveAt(0);
        }
    }

    /// <summary>What the lists say about a series: since when, and how many named instances are not here.</summary>
    /// <param name="names">The instances of the series that are here.</param>
    /// <param name="isHere">Whether an instance of any series is here.</param>
    public (IReadOnlyDictionary<CompletenessRule, TimeSpan> Since, int Missing) About(
        string study, string series, IReadOnlySet<string> names, Func<string, bool> isHere)
    {
        if (kept.Count == 0)
        {
            return (Nothing, 0);
        }

        Dictionary<CompletenessRule, TimeSpan> since = [];
        int missing = 0;
        foreach ((Manifest manifest, TimeSpan at) in kept)
        {
            switch (manifest)
            {
                case { Series: string named } when named == series && manifest.Study == study:
                    int absent = manifest.Names.Count(name => !names.Contains(name));
                    missing = Math.Max(missing, absent);
                    if (absent == 0)
                    {
                        since[manifest.Names.Count == 0 ? CompletenessRule.StepEnded : manifest.Rule] = at;
                    }

                    break;
                case { Series: null } when manifest.Names.IsSupersetOf(names) && manifest.Names.All(isHere):
                    // A list without series: what it names beside these slices may be of this series or of another one, so it speaks
                    // only when all of it is here, and says nothing of what is missing.
                    since[manifest.Rule] = at;
                    break;
                default:
                    break;
            }
        }

        return (since, missing);
    }
}
