namespace Appliance.Core;

/// <summary>
/// What the device is doing: how many studies are at which point. Derived, so that two studies at once need no state
/// of their own.
/// </summary>
/// <param name="Sending">Something is owed to a destination that takes it; waiting for one that is down or paused is no work.</param>
public readonly record struct Activity(int Receiving, int Analysing, int Delivering, bool Sending)
{
    public bool AtWork => Receiving > 0 || Analysing > 0 || Sending;

    /// <summary>For the lamp's legend and the panel.</summary>
    public string Words
    {
        get
        {
            List<string> words = [];
            Add(words, "receiving", Receiving);
            Add(words, "analysing", Analysing);
            if (Sending)
            {
                Add(words, "sending", Math.Max(1, Delivering));
            }
            else
            {
                Add(words, "waiting for a destination", Delivering);
            }

            return words.Count == 0 ? "idle" : string.Join(", ", words);
        }
    }

    public static Activity Of(IReadOnlyList<StudyStatus> studies, IReadOnlyList<DestinationStatus> destinations) => new(
        studies.Count(s => s.State == StudyState.Receiving),
        studies.Count(s => s.State == StudyState.Analysing),
        studies.Count(s => s.State is StudyState.Delivering or StudyState.NotAnalysed),
        destinations.Any(d => !d.Paused && d.Reachable != false && d.Owed > d.Held));

    private static void Add(List<string> words, string word, int count)
    {
        if (count > 0)
        {
            words.Add(count == 1 ? word : $"{word} {count}");
        }
    }
}
