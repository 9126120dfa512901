using System.Globalization;

namespace Appliance.Daemon;

/// <summary>In which series each original lies. An instance belongs to one (PS3.5 section 9): that it comes in another is told.</summary>
/// <remarks>
/// 16 bytes of hash and a reference for each original in the journal. The first place counts. Of a whole series that comes again under
/// another UID one instance is told of, not hundreds.
/// </remarks>
public sealed class InstancePlaces
{
    private readonly Dictionary<UInt128, Place> places = [];
    private readonly Dictionary<(string Study, string Series), Place> series = [];
    private readonly HashSet<(Place Here, Place There)> told = [];

    /// <summary>An original that came now.</summary>
    /// <returns>Study and series where the instance lies already; null where nowhere else, or where that was told of these two.</returns>
    public (string Study, string Series)? Came(JournalEntry entry)
    {
        Place here = PlaceOf(entry);
        here.HasGrown = true;
        return There(entry, here) is Place there ? Tell(here, there) : null;
    }

    /// <summary>An original that lay in the journal at start: told where the other came before it was found; else it has been.</summary>
    public (string Study, string Series)? Found(JournalEntry entry)
    {
        Place here = PlaceOf(entry);
        return There(entry, here) is { HasGrown: true } there ? Tell(here, there) : null;
    }

    /// <summary>The study has left the journal.</summary>
    public void Forget(string study)
    {
        foreach ((UInt128 name, Place place) in places)
        {
            if (place.Study == study)
            {
                places.Remove(name);
            }
        }

        foreach ((string Study, string Series) key in series.Keys.Where(key => key.Study == study).ToArray())
        {
            series.Remove(key);
        }

        told.RemoveWhere(pair => pair.Here.Study == study || pair.There.Study == study);
    }

    private Place? There(JournalEntry entry, Place here)
    {
        // The names of originals are hashes; what is named otherwise is none of ours.
        return UInt128.TryParse(
                Path.GetFileNameWithoutExtension(entry.Name), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out UInt128 name)
            && !places.TryAdd(name, here) && places[name] is Place there && there != here
                ? there
                : null;
    }

    private (string Study, string Series)? Tell(Place here, Place there) => told.Add((here, there)) ? (there.Study, there.Series) : null;

    private Place PlaceOf(JournalEntry entry)
    {
        if (!series.TryGetValue((entry.Study, entry.Series), out Place? place))
        {
            series.Add((entry.Study, entry.Series), place = new Place(entry.Study, entry.Series));
        }

        return place;
    }

    private sealed class Place(string study, string series)
    {
        public string Study { get; } = study;

        public string Series { get; } = series;

        /// <summary>Something came since the start.</summary>
        public bool HasGrown { get; set; }
    }
}
