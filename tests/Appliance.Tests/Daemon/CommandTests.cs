using Appliance.Core;
using Appliance.Daemon;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>What the control thread decides about commands.</summary>
public sealed class CommandTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Study = new('a', 32);
    private static readonly string Series = new('b', 32);

    private static readonly DestinationSettings Pacs =
        new() { Name = "pacs", AeTitle = "PACS", Host = "localhost", CallingAe = "APPLIANCE" };

    private static readonly CompleteSeries Quietly =
        new(Study, Series, new CompletenessDecision(TimeSpan.Zero, 1, [CompletenessRule.Quiet]), TimeSpan.FromSeconds(2), 1);

    private readonly List<EventRecord> heard = [];
    private readonly Ledger ledger;

    public CommandTests()
    {
        ledger = Made(Pacs);
        Apply(new DeviceSignalled(Noon, DeviceSignal.SelfTestBegan), new JournalRead(Noon), new SelfTestEnded(Noon));
    }

    [Fact]
    public void A_sent_study_is_owed_again_and_not_removable_from_the_decision_on()
    {
        ASentStudy();
        Apply(new DiskMeasured(Noon, 100L << 30, 5L << 30, null));

        Decision decision = Decide(CommandVerb.StudyResend, Study[..8]);
        Assert.Equal((null, true, Study), (decision.Refused, decision.GoesOn, decision.Study));
        Assert.Null(ledger.TakeRemoval(Noon.AddDays(1)));

        Apply(new StudyOwedAgain(Noon, Study, new Dictionary<string, int> { ["pacs"] = 1 }));
        Assert.Equal((StudyState.Delivering, 1), (Shown().State, Shown().Owed));
        Apply(Delivered());
        Assert.Equal(StudyState.Sent, Shown().State);
    }

    [Fact]
    public void Nothing_is_sent_again_where_no_destination_is_set()
    {
        Ledger kept = Made();
        Happening[] happenings =
        [
            new DeviceSignalled(Noon, DeviceSignal.SelfTestBegan), new JournalRead(Noon), Stored(),
            new SeriesSettled(Noon, Study, Series, "app", TimeSpan.Zero, new Refusal(RefusalReason.NoApp, "x")),
        ];
        Array.ForEach(happenings, kept.Apply);

        Decision decision = kept.Decide(new CommandRequest(CommandVerb.StudyResend, Study), "user 0", Noon);
        Assert.Equal("no destination is set", decision.Refused);
    }

    [Fact]
    public void A_study_is_sent_again_as_soon_as_the_journal_is_read_also_while_the_box_tests_itself()
    {
        Ledger starting = Made(Pacs);
        Happening[] happenings =
        [
            new DeviceSignalled(Noon, DeviceSignal.SelfTestBegan), Stored(),
            new SeriesSettled(Noon, Study, Series, "app", TimeSpan.Zero, new Refusal(RefusalReason.NoApp, "x")), Delivered(),
        ];
        Array.ForEach(happenings, starting.Apply);
        Decision Ask() => starting.Decide(new CommandRequest(CommandVerb.StudyResend, Study), "user 0", Noon);

        Assert.Contains("still being read", Ask().Refused, StringComparison.Ordinal);
        starting.Apply(new JournalRead(Noon));
        Assert.Null(Ask().Refused);
    }

    [Fact]
    public void A_study_that_is_on_its_way_is_not_sent_again()
    {
        Apply(Stored());

        Assert.Contains("still on its way", Decide(CommandVerb.StudyResend, Study).Refused, StringComparison.Ordinal);
        Assert.Contains("still being received", Decide(CommandVerb.StudyReanalyse, Study).Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_is_analysed_again_with_all_its_series_and_not_removed_meanwhile()
    {
        ASentStudy();
        Apply(new DiskMeasured(Noon, 100L << 30, 5L << 30, null));

        Decision decision = Decide(CommandVerb.StudyReanalyse, Study);

        Assert.Equal([Series], decision.Series);
        Assert.Null(ledger.TakeRemoval(Noon.AddDays(1)));
        Apply(new SeriesAnalysisBegan(Noon, Study, Series, 1, Quietly, Stage.Segment, Noon));
        Assert.Equal(StudyState.Analysing, Shown().State);
    }

    [Fact]
    public void Only_what_is_to_be_analysed_can_be_cancelled()
    {
        Apply(Stored());
        Assert.Null(Decide(CommandVerb.StudyCancel, Study).Refused);

        Apply(new SeriesSettled(Noon, Study, Series, "app", TimeSpan.Zero, new Refusal(RefusalReason.Cancelled, "x")));
        Assert.NotNull(Decide(CommandVerb.StudyCancel, Study).Refused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("aaa")]
    [InlineData("c0ffee")]
    [InlineData("DOE^JOHN")]
    public void A_key_that_names_no_study_is_refused_and_not_logged(string key)
    {
        ASentStudy();

        Assert.NotNull(Decide(CommandVerb.StudyResend, key).Refused);
        EventRecord refused = Assert.Single(heard, record => record.Number == (int)DeviceEvent.CommandRefused);
        Assert.DoesNotContain("DOE", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_verb_is_an_event_taken_or_refused()
    {
        foreach (CommandVerb verb in Enum.GetValues<CommandVerb>())
        {
            int before = heard.Count(IsAudit);
            Decide(verb, "pacs");
            Assert.Equal(before + 1, heard.Count(IsAudit));
        }

        static bool IsAudit(EventRecord record) => record.Number is (int)DeviceEvent.CommandTaken or (int)DeviceEvent.CommandRefused;
    }

    [Fact]
    public void An_acknowledged_alarm_stays_until_its_cause_has_gone()
    {
        Apply(new DestinationSeen(Noon, "pacs", new Refusal(RefusalReason.NotReachable, "off")));
        Alarm alarm = Assert.Single(Now().Alarms);
        Assert.Null(alarm.Acknowledged);

        Decide(CommandVerb.AlarmAck, alarm.Name);
        Apply(new DestinationSeen(Noon.AddMinutes(1), "pacs", new Refusal(RefusalReason.NotReachable, "still off")));
        Assert.Equal(Noon, Assert.Single(Now().Alarms).Acknowledged);
        Assert.Equal(LampColour.Amber, Now().Lamp.Colour);

        Apply(new DestinationSeen(Noon.AddMinutes(2), "pacs", null));
        Assert.Empty(Now().Alarms);
        Assert.NotNull(Decide(CommandVerb.AlarmAck, alarm.Name).Refused);
    }

    [Fact]
    public void A_paused_destination_is_shown_as_paused_until_it_is_resumed()
    {
        Assert.True(Decide(CommandVerb.DestinationPause, "pacs").GoesOn);
        Assert.True(Now().Destinations[0].Paused);

        Decide(CommandVerb.DestinationResume, "pacs");
        Assert.False(Now().Destinations[0].Paused);
        Assert.NotNull(Decide(CommandVerb.DestinationPause, "nobody").Refused);
    }

    [Fact]
    public void A_destination_that_is_paused_may_be_away_without_an_alarm()
    {
        Decide(CommandVerb.DestinationPause, "pacs");
        Apply(new DestinationSeen(Noon, "pacs", new Refusal(RefusalReason.NotReachable, "off")));
        Assert.Equal((0, DeviceState.Ready), (Now().Alarms.Count, Now().Device));
        Assert.Equal("off", Now().Destinations[0].LastError);
    }

    [Fact]
    public void A_destination_that_is_resumed_has_an_alarm_only_for_what_it_answers_then()
    {
        Apply(new DestinationSeen(Noon, "pacs", new Refusal(RefusalReason.NotReachable, "off")));
        Decide(CommandVerb.DestinationPause, "pacs");
        Decide(CommandVerb.DestinationResume, "pacs");
        Assert.Equal((0, DeviceState.Ready), (Now().Alarms.Count, Now().Device));

        Apply(new DestinationSeen(Noon.AddSeconds(1), "pacs", new Refusal(RefusalReason.NotReachable, "still off")), Resumed());
        Assert.Contains("still off", Assert.Single(Now().Alarms).Text, StringComparison.Ordinal);
        Assert.Equal(DeviceState.Degraded, Now().Device);

        Decide(CommandVerb.DestinationPause, "pacs");
        Decide(CommandVerb.DestinationResume, "pacs");
        Apply(new DestinationSeen(Noon.AddSeconds(2), "pacs", null), Resumed());
        Assert.Equal((0, DeviceState.Ready), (Now().Alarms.Count, Now().Device));
    }

    [Fact]
    public void Where_asking_at_resume_failed_what_was_seen_before_counts()
    {
        Decide(CommandVerb.DestinationPause, "pacs");
        Apply(new DestinationSeen(Noon, "pacs", new Refusal(RefusalReason.NotReachable, "off")));
        Decide(CommandVerb.DestinationResume, "pacs");

        Apply(Resumed());

        Assert.Contains("off", Assert.Single(Now().Alarms).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_that_a_destination_takes_is_the_better_proof_that_it_is_well()
    {
        Apply(Stored(), new DestinationSeen(Noon.AddSeconds(-2), "pacs", new Refusal(RefusalReason.NotReachable, "off")), Delivered());
        Assert.Empty(Now().Alarms);
        Assert.Single(heard, record => record.Number == (int)DeviceEvent.DestinationBack);

        // Asked before it took the object, it did not answer in time: it was busy taking it.
        Apply(new DestinationSeen(Noon.AddSeconds(-1), "pacs", new Refusal(RefusalReason.NotReachable, "no answer")));
        Assert.Empty(Now().Alarms);

        Apply(new DestinationSeen(Noon.AddSeconds(1), "pacs", new Refusal(RefusalReason.NotReachable, "no answer")));
        Assert.Single(Now().Alarms);
    }

    [Fact]
    public void A_destination_that_stays_away_is_one_event_for_each_reason()
    {
        foreach (string reason in (string[])["off", "off", "rejected", "rejected"])
        {
            Apply(new DestinationSeen(Noon, "pacs", new Refusal(RefusalReason.NotReachable, reason)));
        }

        Assert.Equal(2, heard.Count(record => record.Number == (int)DeviceEvent.DestinationDown));
    }

    [Fact]
    public void Identify_ends_by_itself()
    {
        Decide(CommandVerb.IdentifyOn);

        Assert.Equal((LampColour.Blue, LampPattern.Blinking), (Now().Lamp.Colour, Now().Lamp.Pattern));
        Assert.NotEqual(LampColour.Blue, Now(Noon.AddMilliseconds(Appliance.Core.Limits.IdentifyMs)).Lamp.Colour);
        Decide(CommandVerb.IdentifyOff);
        Assert.False(Now().Identify);
    }

    [Fact]
    public void A_lamp_test_shows_each_colour_once_then_sounds_the_buzzer_as_a_step_of_its_own_and_ends()
    {
        Decide(CommandVerb.LampTest);

        Status[] steps =
        [
            .. Enumerable.Range(0, 6).Select(i => Now(Noon.AddMilliseconds(i * Appliance.Core.Limits.LampTestColourMs))),
        ];
        Assert.Equal([LampColour.Green, LampColour.Amber, LampColour.Red, LampColour.Blue, null, null], steps.Select(s => s.LampTest));
        Assert.Equal(
            [LampSound.Silent, LampSound.Silent, LampSound.Silent, LampSound.Silent, LampSound.Test, LampSound.Silent],
            steps.Select(s => s.Lamp.Sound));
        Assert.Equal(steps[5].Lamp with { Sound = LampSound.Test }, steps[4].Lamp);
    }

    [Fact]
    public void A_check_that_fails_degrades_the_device_with_its_remedy_until_it_passes()
    {
        Decide(CommandVerb.SelfTest);
        Assert.Equal(DeviceState.SelfTest, Now().Device);
        Assert.NotNull(Decide(CommandVerb.SelfTest).Refused);

        Apply(new SelfTestEnded(Noon, [new CheckResult("panel", CheckVerdict.Degraded, "dark", "Look at the cable.")]));
        Assert.Equal((DeviceState.Degraded, "Look at the cable."), (Now().Device, Assert.Single(Now().Alarms).Remedy));

        Decide(CommandVerb.SelfTest);
        Apply(new SelfTestEnded(Noon, [new CheckResult("panel", CheckVerdict.Pass, "lit")]));
        Assert.Equal(DeviceState.Ready, Now().Device);
        Assert.Empty(Now().Alarms);
    }

    private void ASentStudy() =>
        Apply(Stored(), new SeriesSettled(Noon, Study, Series, "app", TimeSpan.Zero, new Refusal(RefusalReason.NoApp, "x")), Delivered());

    private static OriginalStored Stored() => new(Noon, new JournalEntry(Study, Series, "1.dcm"), Kept.New, 1000, "CT");

    private static CommandEnded Resumed() =>
        new(Noon, new CommandRequest(CommandVerb.DestinationResume, "pacs"), CommandAnswer.Success("sending goes on"));

    private static ObjectDelivered Delivered() => new(Noon, "pacs", new JournalEntry(Study, Series, "1.dcm"));

    private Decision Decide(CommandVerb verb, string target = "") => ledger.Decide(new CommandRequest(verb, target), "user 0", Noon);

    private Ledger Made(params DestinationSettings[] destinations) =>
        new(new Settings { Destinations = destinations }, new EventLog(TimeProvider.System, heard.Add));

    private void Apply(params Happening[] happenings) => Array.ForEach(happenings, ledger.Apply);

    private Status Now(DateTimeOffset? when = null) => ledger.Snapshot("1", when ?? Noon, TimeSpan.Zero, 0);

    private StudyStatus Shown() => Assert.Single(Now().Studies);
}
