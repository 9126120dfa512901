using Appliance.Core;
using Appliance.Daemon;
using Xunit;

namespace Appliance.Tests.Daemon;

public sealed class LedgerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Study = new('a', 32);
    private static readonly string Series = new('b', 32);

    private static readonly CompleteSeries Quietly =
        new(Study, Series, new CompletenessDecision(TimeSpan.Zero, 1, [CompletenessRule.Quiet]), TimeSpan.FromSeconds(2), 1);

    private readonly EventLog events = new(TimeProvider.System, _ => { });
    private readonly Ledger ledger;

    public LedgerTests()
    {
        ledger = new Ledger(
            new Settings { Destinations = [To("pacs"), To("archive")] },
            events);
        Apply(new DeviceSignalled(Noon, DeviceSignal.SelfTestBegan), new SelfTestEnded(Noon));
    }

    [Fact]
    public void A_study_is_sent_when_every_destination_has_all_of_it_and_not_before()
    {
        Apply(Stored("1"), new SeriesAnalysisBegan(Noon, Study, Series, 1, Quietly, Stage.Segment, Noon));
        Assert.Equal(StudyState.Analysing, Shown().State);

        Apply(new ResultsStored(Noon, [Result("9")]), Settled(null));
        Assert.Equal((StudyState.Delivering, 4), (Shown().State, Shown().Owed));

        Apply(Delivered("pacs", Original("1")), Delivered("pacs", Result("9")), Delivered("archive", Original("1")));
        Assert.Equal(StudyState.Delivering, Shown().State);

        Apply(Delivered("archive", Result("9"), Noon.AddSeconds(3)));
        Assert.Equal((StudyState.Delivering, 0), (Shown().State, Shown().Owed));

        // Pictures are drawn behind the report, so that nothing owed is not yet the end.
        Apply(Drawn());
        Assert.Equal((StudyState.Sent, 0, 3000), (Shown().State, Shown().Owed, Shown().TailMs));
    }

    [Fact]
    public void A_series_that_no_app_takes_says_why_and_its_originals_still_leave()
    {
        Refusal why = new(RefusalReason.NoApp, "No app takes a localizer.");
        Apply(Stored("1"), Settled(why));
        Assert.Equal((StudyState.NotAnalysed, why.ToString()), (Shown().State, Shown().NotAnalysed));
        Assert.Equal(new RefusedStatus(why.Reason, why.Text), Shown().Refused);

        Apply(Delivered("pacs", Original("1")), Delivered("archive", Original("1")));
        Assert.Equal((StudyState.Sent, why.ToString()), (Shown().State, Shown().NotAnalysed));
    }

    [Fact]
    public void A_stage_beyond_its_share_is_told_with_the_share_that_it_had_and_what_is_paid_slice_by_slice_is_not()
    {
        Apply(Stored("1"), new SeriesTimed(Noon, Study, Series, new SeriesTimeline
        {
            App = "slow 1.0",
            Slices = 1,
            Budget = new Budget(2 * Budget.Default.Whole),
            Decided = Noon,
            Stored = Noon,
            InTail = Enum.GetValues<Stage>().ToDictionary(
                stage => stage, stage => TimeSpan.FromSeconds(stage is Stage.Segment or Stage.Prepare ? 1.9 : 0)),
            Spent = new Dictionary<Stage, TimeSpan>(),
            Documents = [Result("9")],
        }));

        Assert.Contains(
            "Segment took 1900 ms, 1800 ms are its share",
            Assert.Single(events.Recent(), each => each.Number == (int)DeviceEvent.StageOverBudget).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_analysed_is_counted_while_the_study_is_received_and_never_fewer_than_before_nor_more_than_came()
    {
        Apply(Stored("1"), Stored("2"), Stored("3"), Analysed(2));
        Assert.Equal((StudyState.Receiving, 3, 2, 0), Counted());

        // A thread that takes over begins with none; and what it says may overtake what the network tells of arrivals.
        Apply(Analysed(1));
        Assert.Equal((StudyState.Receiving, 3, 2, 0), Counted());
        Apply(Analysed(4));
        Assert.Equal((StudyState.Receiving, 3, 3, 0), Counted());
        Apply(Stored("4"), Stored("4", Kept.Duplicate), Stored("4", Kept.Conflict));
        Assert.Equal((StudyState.Receiving, 4, 4, 0), Counted());

        Apply(Stored("5"), new SeriesAnalysisBegan(Noon, Study, Series, 5, Quietly, Stage.Segment, Noon.AddSeconds(2)));
        Assert.Equal((0.8, 2000), (Shown().Progress, Shown().BudgetLeftMs));
        Apply(Settled(null));
        Assert.Equal((StudyState.Delivering, 5, 5, 0), Counted());
        Assert.Null(Shown().Progress);
    }

    [Fact]
    public void What_is_analysed_begins_again_where_a_late_slice_or_somebody_asks_for_it()
    {
        JournalEntry late = Original("3");
        Apply(Stored("1"), Stored("2"), Analysed(2), Settled(null), Stored("3"));
        Apply(new SeriesReopened(Noon, late.Study, late.Series));
        Assert.Equal((StudyState.Receiving, 3, 0, 0), Counted());

        Apply(Analysed(3), Settled(null));
        Assert.Equal(3, Shown().OriginalsAnalysed);
        Assert.Null(ledger.Decide(new CommandRequest(CommandVerb.StudyReanalyse, Study[..8]), "test", Noon).Refused);
        Assert.Equal((StudyState.Delivering, 3, 0, 0), Counted());
    }

    [Fact]
    public void Of_several_series_each_is_counted_for_itself_and_one_that_no_app_takes_is_known_at_once()
    {
        string other = new('e', 32);
        Refusal why = new(RefusalReason.NoApp, "No app takes a localizer.");
        Apply(
            new OriginalStored(Noon, new JournalEntry(Study, other, "7.dcm"), Kept.New, 1, "CT"),
            new SeriesBypassed(Noon, Study, other, why));
        Assert.Equal((StudyState.Receiving, 1, 0, 1), Counted());
        Assert.Equal(why.Text, Shown().Refused!.Why);

        Apply(Stored("1"), Stored("2"), Analysed(1));
        Assert.Equal((StudyState.Receiving, 3, 1, 1), Counted());

        // The analysis fails in the middle: what it had found counts no more.
        Apply(Settled(new Refusal(RefusalReason.AnalysisFailed, "The network failed.")));
        Assert.Equal((StudyState.Receiving, 3, 0, 3), Counted());
    }

    [Fact]
    public void After_a_start_what_lies_in_the_journal_is_counted_as_it_was_settled()
    {
        string other = new('e', 32), open = new('f', 32);
        JournalEntry[] objects = [Original("1"), Original("2"), Result("9"), new(Study, other, "3.dcm"), new(Study, open, "4.dcm")];
        Apply(new StudyFound(Noon, new ScannedStudy(
            Study, objects, 0,
            [
                new ScannedSeries(Series, true, null),
                new ScannedSeries(other, true, new Refusal(RefusalReason.NoApp, "No app.")),
                new ScannedSeries(open, false, null),
            ],
            new Dictionary<string, IReadOnlyList<OwedObject>>(), Noon)));

        Assert.Equal((StudyState.Receiving, 4, 2, 1), Counted());
    }

    [Fact]
    public void A_late_slice_takes_the_study_back_to_receiving()
    {
        Apply(Stored("1"), Settled(null), Drawn(), Delivered("pacs", Original("1")), Delivered("archive", Original("1")), Stored("2"));

        Assert.Equal((StudyState.Receiving, 2), (Shown().State, Shown().Owed));
    }

    [Fact]
    public void A_series_that_is_analysed_after_all_no_longer_counts_as_not_analysed()
    {
        Refusal gap = new(RefusalReason.IrregularGeometry, "a gap");
        Apply(Stored("1"), Settled(gap));
        Assert.Contains("a gap", Shown().NotAnalysed, StringComparison.Ordinal);

        JournalEntry late = Original("2");
        Apply(Stored("2"), new SeriesReopened(Noon, late.Study, late.Series), Settled(null));

        Assert.Null(Shown().NotAnalysed);
    }

    [Fact]
    public void What_came_twice_counts_once_and_is_one_event()
    {
        Apply(Stored("1"), Stored("1", Kept.Duplicate), Stored("1", Kept.Duplicate));

        Assert.Equal((1, 2), (Shown().Originals, Shown().Owed));
        Assert.Equal(2, Now().Counters.ObjectsRepeated);
        Assert.Equal(1, events.CountOf(DeviceEvent.ObjectRepeated));
    }

    [Fact]
    public void A_conflict_is_an_alarm_and_keeps_the_study_from_being_removed()
    {
        Apply(Stored("1"), Stored("1", Kept.Conflict));
        Apply(Settled(null), Drawn(), Delivered("pacs", Original("1")), Delivered("archive", Original("1")), Full());

        Assert.Equal(DeviceEvent.ContentConflict, Now().Alarms[0].Event);
        Assert.Equal(DeviceState.Ready, Now().Device);
        Assert.Null(ledger.TakeRemoval(Noon.AddDays(1)));
    }

    [Fact]
    public void A_conflict_that_was_decided_is_no_alarm_any_more_and_one_that_was_accepted_opens_its_series()
    {
        Apply(Stored("1"), Stored("1", Kept.Conflict), Stored("1", Kept.Conflict));
        Apply(Settled(null), Drawn(), Delivered("pacs", Original("1")), Delivered("archive", Original("1")), Full());

        Apply(new ConflictResolved(Noon, Original("1").Conflict(1), Accepted: false));
        Assert.Contains(Now().Alarms, alarm => alarm.Event == DeviceEvent.ContentConflict);

        Apply(new ConflictResolved(Noon, Original("1").Conflict(2), Accepted: true));
        Assert.DoesNotContain(Now().Alarms, alarm => alarm.Event == DeviceEvent.ContentConflict);
        Assert.Null(ledger.TakeRemoval(Noon.AddDays(1)));

        Apply(Settled(null), Drawn());
        Assert.Equal(Study, ledger.TakeRemoval(Noon.AddDays(1))?.Id);
    }

    [Fact]
    public void An_instance_that_comes_in_another_study_as_well_is_told_of_once_for_each_two_series_and_not_after_its_removal()
    {
        string other = new('c', 32), third = new('d', 32);
        Apply(Stored("1"), Stored("2"), Stored("1", study: other), Stored("2", study: other), Stored("3", study: other));
        EventRecord told = Assert.Single(events.Recent(), each => each.Number == (int)DeviceEvent.InstanceElsewhere);
        Assert.EndsWith($"of study {other[..16]} lies in series {Series[..16]} of study {Study[..16]} as well", told.Text,
            StringComparison.Ordinal);
        Assert.Equal(3, Now().Studies.Single(study => study.Key == other[..16]).Originals);

        Apply(new StudyRemoved(Noon, Study, true), new StudyRemoved(Noon, other, true), Stored("1", study: third), Stored("3"));
        Assert.Equal(1, events.CountOf(DeviceEvent.InstanceElsewhere));
    }

    [Fact]
    public void Of_two_places_in_the_journal_at_start_nobody_is_told_again_unless_one_of_them_came_before_it_was_read()
    {
        string other = new('c', 32), third = new('d', 32);
        Apply(Found(Study, "1", "2"), Found(other, "1"));
        Assert.Equal(0, events.CountOf(DeviceEvent.InstanceElsewhere));

        Apply(Stored("7", study: third), Found(new string('e', 32), "7"));
        Assert.Equal(1, events.CountOf(DeviceEvent.InstanceElsewhere));

        static StudyFound Found(string study, params string[] names) => new(Noon, new ScannedStudy(
            study, [.. names.Select(name => Original(name, study))], 0, [new ScannedSeries(Series, true, null)],
            new Dictionary<string, IReadOnlyList<OwedObject>>(), Noon));
    }

    [Fact]
    public void A_full_disk_removes_delivered_studies_oldest_first_and_owed_ones_never()
    {
        string owed = new('0', 32), older = new('1', 32), newer = new('2', 32);
        foreach ((string id, int hour) in new[] { (owed, 0), (newer, 2), (older, 1) })
        {
            Apply(Stored("1", study: id, when: Noon.AddHours(hour)), Settled(null, id), Drawn(id));
        }

        foreach (string id in new[] { newer, older })
        {
            Apply(Delivered("pacs", Original("1", id)), Delivered("archive", Original("1", id)));
        }

        Apply(Delivered("pacs", Original("1", owed)), Full());
        DateTimeOffset later = Noon.AddDays(1);

        Assert.Equal(older, ledger.TakeRemoval(later)?.Id);
        Assert.Null(ledger.TakeRemoval(later));
        Apply(new StudyRemoved(later, older, true));
        Assert.Equal(newer, ledger.TakeRemoval(later)?.Id);
        Apply(new StudyRemoved(later, newer, true));
        Assert.Null(ledger.TakeRemoval(later));
        Assert.Equal(owed[..16], Assert.Single(Now().Studies).Key);
    }

    [Theory]
    [InlineData(79, false)]
    [InlineData(81, true)]
    public void Space_is_made_above_the_watermark_down_to_the_lower_one_but_not_from_the_last_hour(int usedPercent, bool expected)
    {
        Apply(Stored("1"), Settled(null), Drawn(), Delivered("pacs", Original("1")), Delivered("archive", Original("1")));
        Apply(Disk(usedPercent));

        Assert.Null(ledger.TakeRemoval(Noon.AddMinutes(59)));
        Assert.Equal(expected, ledger.TakeRemoval(Noon.AddMinutes(61)) is not null);
    }

    [Fact]
    public void A_destination_that_is_down_degrades_the_device_until_it_answers()
    {
        Apply(new DestinationSeen(Noon, "pacs", new Refusal(RefusalReason.NotReachable, "off")));
        Assert.Equal((DeviceState.Degraded, false), (Now().Device, Now().Destinations[0].Reachable));

        Apply(new DestinationSeen(Noon, "pacs", null));
        Assert.Equal((DeviceState.Ready, true), (Now().Device, Now().Destinations[0].Reachable));
        Assert.Empty(Now().Alarms);
    }

    [Fact]
    public void A_held_object_is_an_alarm_with_the_remedy_until_the_destination_takes_it()
    {
        Apply(Stored("1"), new ObjectHeldBack(Noon, "pacs", Original("1"), new Refusal(RefusalReason.DestinationRefused, "Enable it.")));
        Assert.Contains("Enable it.", Assert.Single(Now().Alarms).Text, StringComparison.Ordinal);
        Assert.Equal(1, Now().Destinations[0].Held);

        Apply(Delivered("pacs", Original("1")));
        Assert.Empty(Now().Alarms);
        Assert.Equal(0, Now().Destinations[0].Held);
    }

    [Fact]
    public void Many_held_objects_of_a_study_are_counted_in_the_alarm_and_are_one_event_a_destination()
    {
        Refusal refusal = new(RefusalReason.DestinationRefused, "Enable it.");
        foreach (string name in (string[])["1", "2", "3", "1"])
        {
            Apply(Stored(name), new ObjectHeldBack(Noon, "pacs", Original(name), refusal));
        }

        Apply(new ObjectHeldBack(Noon, "archive", Original("1"), refusal));

        Assert.Equal(2, events.CountOf(DeviceEvent.ObjectHeld));
        Assert.Contains(Now().Alarms, alarm => alarm.Text.StartsWith("3 objects", StringComparison.Ordinal));
    }

    [Fact]
    public void A_disk_that_cannot_be_written_is_a_fault_until_it_can()
    {
        Apply(new DiskMeasured(Noon, 100, 50L << 30, new Refusal(RefusalReason.DiskFull, "read-only")));
        Assert.Equal(DeviceState.Fault, Now().Device);

        Apply(new DiskMeasured(Noon, 100L << 30, 50L << 30, null));
        Assert.Equal(DeviceState.Ready, Now().Device);
    }

    [Fact]
    public void A_study_of_the_journal_goes_on_where_it_was()
    {
        JournalEntry first = Original("1"), second = Original("2");
        Dictionary<string, IReadOnlyList<OwedObject>> owed = new() { ["pacs"] = [new OwedObject(second)], ["archive"] = [] };
        Apply(new StudyFound(Noon, new ScannedStudy(Study, [first, second], 0, [new ScannedSeries(Series, true, null)], owed, Noon)));
        Assert.Equal((StudyState.Delivering, 1), (Shown().State, Shown().Owed));

        Apply(Delivered("pacs", second));
        Assert.Equal(StudyState.Sent, Shown().State);
    }

    private static DestinationSettings To(string name) => new()
    {
        Name = name,
        AeTitle = "PACS",
        Host = "localhost",
        CallingAe = "APPLIANCE",
    };

    private static JournalEntry Original(string name, string? study = null) => new(study ?? Study, Series, name + ".dcm");

    private static JournalEntry Result(string name) => new(Study, JournalEntry.ResultsPrefix + Series, name + ".dcm");

    private static OriginalStored Stored(string name, Kept kept = Kept.New, string? study = null, DateTimeOffset? when = null) =>
        new(when ?? Noon, Original(name, study), kept, 1000, "CT");

    private static SeriesSettled Settled(Refusal? refusal, string? study = null) =>
        new(Noon, study ?? Study, Series, "app", TimeSpan.Zero, refusal);

    private static ImagesAnalysed Analysed(int images) => new(Noon, Study, Series, images);

    private static PicturesEnded Drawn(string? study = null) => new(Noon, study ?? Study, Series, 1, TimeSpan.Zero);

    private static ObjectDelivered Delivered(string destination, JournalEntry entry, DateTimeOffset? when = null) =>
        new(when ?? Noon, destination, entry);

    private static DiskMeasured Disk(int usedPercent) => new(Noon, 100L << 30, (100L - usedPercent) << 30, null);

    private static DiskMeasured Full() => Disk(95);

    private void Apply(params Happening[] happenings) => Array.ForEach(happenings, ledger.Apply);

    private Status Now() => ledger.Snapshot("1", Noon, TimeSpan.Zero, 0);

    private (StudyState State, int Originals, int Analysed, int NotAnalysed) Counted() =>
        (Shown().State, Shown().Originals, Shown().OriginalsAnalysed, Shown().OriginalsNotAnalysed);

    private StudyStatus Shown() => Assert.Single(Now().Studies);
}
