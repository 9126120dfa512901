using System.Globalization;
using System.Text;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>What can speak for the end of a series. DICOM has no message for it.</summary>
public enum CompletenessRule
{
    /// <summary>A modality performed procedure step that lists images of the series was completed, and all of these are here.</summary>
    StepCompleted,

    /// <summary>Somebody asked for storage commitment of every slice that is here, and all else that they named is here too.</summary>
    CommitmentRequested,

    /// <summary>The images name the parts of their concatenation, or are one multi-frame object that is whole by itself.</summary>
    FramesWhole,

    /// <summary>Every acquisition of the series has as many images as it says it has, and there is no gap.</summary>
    ImagesCounted,

    /// <summary>The association goes on with another series of the study, and there is no gap.</summary>
    NextSeries,

    /// <summary>The one association that brought every slice was released or lost, and there is no gap.</summary>
    OneAssociationReleased,

    /// <summary>Every association that brought slices was released or lost.</summary>
    Released,

    /// <summary>A performed procedure step ended without naming the images of the series.</summary>
    StepEnded,

    /// <summary>Nothing has come for a while. Always there; it grows.</summary>
    Quiet,
}

/// <summary>What is known about whether a series has ended; times are since the daemon's start.</summary>
/// <param name="Slices">How many objects of it are here.</param>
/// <param name="LastSlice">When its last slice was stored.</param>
/// <param name="LargestGap">The longest time between two of its slices.</param>
/// <param name="Grid">Whether slices are missing between those that are here.</param>
/// <param name="Arriving">One of its associations is in the middle of an object: it may be another slice of this series.</param>
/// <param name="BatchGap">
/// The longest time between slices of two associations, where a modality opens several; null while one association brings all.
/// </param>
/// <param name="Missing">Instances that a procedure step or a commitment request names and that are not here.</param>
/// <param name="Since">From when each rule holds; a rule that does not hold is not in it.</param>
public sealed record SeriesEvidence(
    int Slices,
    TimeSpan LastSlice,
    TimeSpan LargestGap,
    GridState Grid,
    bool Arriving,
    TimeSpan? BatchGap,
    int Missing,
    IReadOnlyDictionary<CompletenessRule, TimeSpan> Since);

/// <summary>How long silence must last where nothing else speaks for the end.</summary>
/// <param name="Regular">With a grid that has no gap.</param>
/// <param name="Otherwise">With a gap, with too few slices to see a grid, or without geometry.</param>
public readonly record struct QuietTimes(TimeSpan Regular, TimeSpan Otherwise);

/// <summary>When a series counts as complete if nothing more happens, and why.</summary>
/// <param name="DueAt">Null while it cannot be complete.</param>
/// <param name="Doubt">That more comes, as a share, before silence is counted.</param>
/// <param name="Rules">Those that hold, the strongest first; <see cref="CompletenessRule.Quiet"/> where silence had to add to them.</param>
public readonly record struct CompletenessDecision(TimeSpan? DueAt, double Doubt, IReadOnlyList<CompletenessRule> Rules)
{
    /// <summary>For events and status: the rules' names.</summary>
    public override string ToString() => string.Join(" + ", Rules.Select(rule => Completeness.Of(rule).Name));
}

/// <summary>One rule.</summary>
/// <param name="Confidence">That no slice comes after it, as a share of series. Judged, not measured: see docs/completeness.md.</param>
/// <param name="NeedsGrid">It counts only where the grid has no gap.</param>
/// <param name="Why">What it proves and what not.</param>
public sealed record CompletenessRow(CompletenessRule Rule, string Name, double Confidence, bool NeedsGrid, string Why);

/// <summary>When a series is complete: every piece of evidence is a row, and one pure function combines them.</summary>
/// <remarks>
/// Rules count as independent, so their doubts multiply. Silence is evidence as well: of length t it leaves the doubt
/// 0.05^(t/T), where T is the quiet time. A series is complete when the product is at most 0.05; so T alone is enough, and each
/// further rule shortens it.
/// </remarks>
public static class Completeness
{
    /// <summary>A series counts as complete when this doubt is left.</summary>
    public const double DoubtAccepted = 0.05;

    /// <summary>From this confidence on a rule is a list of what there is: nothing can be on its way.</summary>
    private const double ManifestConfidence = 0.99;

    public static IReadOnlyList<CompletenessRow> Rows { get; } =
    [
        new(CompletenessRule.StepCompleted, "procedure step completed", 0.999, false,
            "The modality's own list (MPPS COMPLETED, PS3.4 F.7): all images it names are here."),
        new(CompletenessRule.CommitmentRequested, "commitment requested", 0.999, false,
            "A list as well (PS3.4 J): whoever asks has sent all that it names, and it names every slice that is here."),
        new(CompletenessRule.FramesWhole, "all frames", 0.96, false,
            "NumberOfFrames of one object, or InConcatenationTotalNumber: the volume is whole; another one may follow in the series."),
        new(CompletenessRule.ImagesCounted, "all images counted", 0.93, true,
            "ImagesInAcquisition of each AcquisitionNumber is reached. A further one may follow; some scanners count otherwise."),
        new(CompletenessRule.NextSeries, "next series begun", 0.93, true,
            "Scanners send one series after the other. Off for an association that came back to an earlier series."),
        new(CompletenessRule.OneAssociationReleased, "one association released", 0.96, true,
            "It brought all of a closed grid of sixteen slices or more: no image alone, no small batch. A large batch may follow."),
        new(CompletenessRule.Released, "association released", 0.93, false,
            "Whoever has more keeps its association; but some open one for each image or for each batch."),
        new(CompletenessRule.StepEnded, "procedure step ended", 0.9, false,
            "MPPS COMPLETED or DISCONTINUED without the images of this series: acquiring is over, sending may not be."),
        new(CompletenessRule.Quiet, "quiet", 1 - DoubtAccepted, false,
            "Silence of the quiet time: the last resort, right for every scanner that does not pause for longer."),
    ];

    private static readonly Dictionary<CompletenessRule, CompletenessRow> ByRule = Rows.ToDictionary(row => row.Rule);

    public static CompletenessRow Of(CompletenessRule rule) => ByRule[rule];

    /// <summary>The decision. Pure: the same evidence gives the same answer.</summary>
    public static CompletenessDecision Decide(SeriesEvidence evidence, QuietTimes quiet)
    {
        // 1. Which rules count. What is known to be missing speaks against everything but silence.
        CompletenessRow[] held = evidence.Missing > 0
            ? []
            : [.. Rows.Where(row => evidence.Since.ContainsKey(row.Rule) && (!row.NeedsGrid || evidence.Grid == GridState.Regular))];
        bool isManifest = held.Any(row => row.Confidence >= ManifestConfidence);

        // 2. An object in flight may be another slice, unless there is a list, or its association is known to be elsewhere.
        if (evidence.Arriving && !isManifest && !held.Any(row => row.Rule == CompletenessRule.NextSeries))
        {
            return new CompletenessDecision(null, 1, []);
        }

        // 3. The quiet time: long where a slice may be missing, and never shorter than the scanner's own pauses suggest.
        TimeSpan paced = evidence.LargestGap * Limits.WaitedGaps;
        TimeSpan regular = paced > quiet.Regular ? paced : quiet.Regular;
        bool mayMiss = evidence.Grid != GridState.Regular || evidence.Missing > 0;
        TimeSpan whole = mayMiss || regular > quiet.Otherwise ? quiet.Otherwise : regular;

        // 4. What the rules leave of it, and the shortest wait that each of them asks for.
        double doubt = held.Aggregate(1.0, (product, row) => product * (1 - row.Confidence));
        double share = ShareLeft(doubt);
        TimeSpan due = evidence.LastSlice + (whole * share);
        foreach (CompletenessRow row in held)
        {
            TimeSpan confirmed = evidence.Since[row.Rule] + (isManifest ? TimeSpan.Zero : WaitOf(row.Rule, evidence));
            due = confirmed > due ? confirmed : due;
        }

        // 5. Silence alone is always enough.
        TimeSpan quietEnd = evidence.LastSlice + whole;
        bool quietDecides = held.Length == 0 || due >= quietEnd;
        CompletenessRule[] rules = [.. held.OrderByDescending(row => row.Confidence).Select(row => row.Rule)];
        return new CompletenessDecision(
            quietDecides ? quietEnd : due, doubt, quietDecides || share > 0 ? [.. rules, CompletenessRule.Quiet] : rules);
    }

    /// <summary>The table for docs/completeness.md.</summary>
    public static string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append("| rule | confidence | left of the quiet time | only without gap | what it proves |\n|---|---|---|---|---|\n");
        foreach (CompletenessRow row in Rows)
        {
            double left = row.Rule == CompletenessRule.Quiet ? 1 : ShareLeft(1 - row.Confidence);
            text.Append(CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.Confidence:0.###} | {left:P0} | {(row.NeedsGrid ? "yes" : "no")} | {row.Why} |\n");
        }

        return text.ToString();
    }

    /// <summary>Which part of the quiet time is still needed with this doubt.</summary>
    private static double ShareLeft(double doubt) => Math.Max(0, 1 - (Math.Log(doubt) / Math.Log(DoubtAccepted)));

    /// <summary>
    /// How long a rule must have held. A modality that opens an association for each image, or for each batch, pauses between them about
    /// as long as it did before.
    /// </summary>
    private static TimeSpan WaitOf(CompletenessRule rule, SeriesEvidence evidence)
    {
        TimeSpan shortest = TimeSpan.FromMilliseconds(Limits.ConfirmMs);
        if (rule is not CompletenessRule.Released || (evidence.BatchGap is null && evidence.Slices >= Limits.BatchSlices))
        {
            return shortest;
        }

        TimeSpan wait = (evidence.BatchGap ?? evidence.LargestGap) * Limits.WaitedGaps;
        shortest = TimeSpan.FromMilliseconds(Limits.ShortestWaitMs);
        return wait > shortest ? wait : shortest;
    }
}
