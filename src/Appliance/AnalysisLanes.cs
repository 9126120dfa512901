using System.Collections.Concurrent;
using Appliance.Core;
using Appliance.Daemon.Supervision;

namespace Appliance.Daemon;

/// <summary>Several analyses side by side: a study that is being finished keeps no other one's slices waiting.</summary>
/// <remarks>
/// A study stays in one lane, and so does an association, because what comes on it is evidence for the series before. A new study on a new
/// association goes where least is open. All lanes share the network's threads, where the earliest deadline goes first.
/// </remarks>
public sealed class AnalysisLanes : IDisposable
{
    private readonly SupervisedAnalysis[] lanes;
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> ofStudy = new(StringComparer.Ordinal);

    // What an association does speaks for the series that it brought: the lanes of their studies, the last one last.
    private readonly ConcurrentDictionary<long, int[]> ofAssociation = [];

    public AnalysisLanes(int count, Func<SupervisedAnalysis> make)
    {
        lanes = [.. Enumerable.Range(0, count).Select(_ => make())];
    }

    /// <summary>No study is in flight.</summary>
    public bool IsQuiet => Array.TrueForAll(lanes, lane => lane.OpenSeries == 0);

    /// <summary>Begins with what has come meanwhile.</summary>
    public void Start() => Array.ForEach(lanes, lane => lane.Start());

    /// <param name="facts">What its header says about the end of its series.</param>
    public void SliceStored(JournalEntry entry, long association, SliceFacts facts) =>
        LaneOf(entry.Study, association).SliceStored(entry, association, facts);

    /// <summary>Somebody said which instances there are.</summary>
    public void ManifestCame(Manifest manifest) => Array.ForEach(lanes, lane => lane.ManifestCame(manifest));

    /// <summary>A series that was not settled when the daemon started.</summary>
    public void SeriesFound(string study, string series) => LaneOf(study, null).SeriesFound(study, series);

    /// <summary>No further analysis of the study: what has not begun does not, what has ends at its next step.</summary>
    public void Cancel(string study) => Array.ForEach(lanes, lane => lane.Cancel(study));

    /// <summary>The opposite.</summary>
    public void Allow(string study) => Array.ForEach(lanes, lane => lane.Allow(study));

    public void ObjectBegins(long association) => Array.ForEach(LanesOf(association), lane => lanes[lane].ObjectBegins(association));

    public void ObjectEnds(long association) => Array.ForEach(LanesOf(association), lane => lanes[lane].ObjectEnds(association));

    public void AssociationClosed(long association)
    {
        Array.ForEach(LanesOf(association), lane => lanes[lane].AssociationClosed(association));
        ofAssociation.TryRemove(association, out _);
    }

    /// <summary>Ends after the messages or series in hand.</summary>
    public void Dispose() => Array.ForEach(lanes, lane => lane.Dispose());

    private int[] LanesOf(long association) => ofAssociation.GetValueOrDefault(association, []);

    private SupervisedAnalysis LaneOf(string study, long? association)
    {
        lock (gate)
        {
            int[] known = association is long number ? LanesOf(number) : [];
            if (!ofStudy.TryGetValue(study, out int lane))
            {
                lane = known.Length > 0 ? known[^1] : Array.IndexOf(lanes, lanes.MinBy(each => each.OpenSeries));
            }

            if (ofStudy.Count >= Limits.StudiesInLanes && IsQuiet)
            {
                ofStudy.Clear();
            }

            ofStudy[study] = lane;
            if (association is long on && (known.Length == 0 || known[^1] != lane))
            {
                ofAssociation[on] = [.. known.Where(each => each != lane), lane];
            }

            return lanes[lane];
        }
    }
}
