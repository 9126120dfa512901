namespace Appliance.Core;

/// <summary>Every bound of the device, unit last, with its reason. The wire's bounds are in Appliance.Dicom.Limits.</summary>
public static class Limits
{
    // ---- The budget: from the decision that a series is complete to segmentation and report accepted by a destination. ----

    /// <summary>
    /// The whole, where neither the app nor the settings say otherwise: the technologist still has the patient on the table, and two
    /// seconds are no wait. The shares below are of this whole; another budget is split in the same proportions.
    /// </summary>
    public const int TailMs = 2_000;

    /// <summary>Stage 1 for the last slice alone: JPEG 2000 of 512 x 512 takes 40 ms.</summary>
    public const int TailDecodeMs = 50;

    /// <summary>Stage 2 for the last slice: two separable passes over one slice.</summary>
    public const int TailPrepareMs = 50;

    /// <summary>Stage 3 for what is left: the last slices wait for their neighbours, and all threads may still be busy.</summary>
    public const int TailSegmentMs = 900;

    /// <summary>Stage 4: connected pieces of the whole volume, of which most were joined before.</summary>
    public const int TailJudgeMs = 150;

    /// <summary>Stage 5: labels of the last slices back on the native grid, and the volume put together.</summary>
    public const int TailRestoreMs = 250;

    /// <summary>Stage 6: one SEG and one SR. Annotated images follow behind the budget.</summary>
    public const int TailAnnotateMs = 250;

    /// <summary>A SEG of a few megabytes and a report, stored, sent and accepted.</summary>
    public const int TailDeliverMs = 250;

    /// <summary>What the stages leave over. Shares that exceed the whole do not compile (CS0221: the constant is unsigned).</summary>
    public const uint TailSlackMs = checked((uint)(TailMs
        - (TailDecodeMs + TailPrepareMs + TailSegmentMs + TailJudgeMs + TailRestoreMs + TailAnnotateMs + TailDeliverMs)));

    /// <summary>The shortest budget that may be asked for: below it the deliveries alone would miss.</summary>
    public const int BudgetShortestMs = 200;

    /// <summary>The longest: whoever waits ten minutes asks for no budget.</summary>
    public const int BudgetLongestMs = 600_000;

    // ---- The ladder: what is left out so that the budget holds. ----

    /// <summary>A rung is kept while what it predicts fills no more of the time left: predictions err.</summary>
    public const double KeepShare = 0.85;

    /// <summary>A better rung is gone back to when it would fill no more than this: the gap is the hysteresis ...</summary>
    public const double RiseShare = 0.5;

    /// <summary>... and when it would for so many slices in a row: one slice more than the network looks ahead, twice.</summary>
    public const int RiseSlices = 8;

    /// <summary>Weight of the newest piece in a mean: the last twenty count, so that a box that slows is noticed soon.</summary>
    public const double NewestShare = 0.1;

    /// <summary>Pieces from which a 99th percentile is read: the second largest of these.</summary>
    public const int RecentPieces = 128;

    /// <summary>Before so many pieces were measured, what was known at the start is the least that is believed.</summary>
    public const int BelievedPieces = 32;

    /// <summary>A scan of the trunk in slices of a millimetre: what a series is taken for before its end is known.</summary>
    public const int TypicalSlices = 300;

    // ---- Whose threads go first where processors are short (OwnThread). ----

    /// <summary>Ten steps before the rest: nine times its share. nice(2); the unit allows it by LimitNICE.</summary>
    public const int ReceptionNiceCount = -10;

    /// <summary>The shortest turn that Linux grants: who has shorter turns than whoever runs does not wait for their end.</summary>
    public const ulong ReceptionTurnNs = 100_000;

    /// <summary>Reception goes before networks, networks before pictures.</summary>
    public const int NetworkNiceCount = 5;

    /// <summary>A tenth of a share when all processors are busy, all of one when none is.</summary>
    public const int PictureNiceCount = 10;

    // ---- Settings: what may be written into the file. ----

    /// <summary>A settings file is a page or two; more is a mistaken path.</summary>
    public const int SettingsFileBytes = 256 * 1024;

    /// <summary>Reporting goes on after many errors, but a binary file would fill a terminal.</summary>
    public const int SettingsErrorsCount = 50;

    /// <summary>An application entity title (PS3.5 6.2, AE: 16 bytes).</summary>
    public const int AeTitleBytes = 16;

    /// <summary>More destinations than any hospital has archives, and each costs a worker.</summary>
    public const int DestinationsCount = 32;

    /// <summary>A destination's name stands in logs, on the panel and in an 80-column table.</summary>
    public const int DestinationNameChars = 24;

    /// <summary>A modality that pauses longer than ten minutes inside a series has lost it.</summary>
    public const int QuietTimeLongestS = 600;

    /// <summary>A destination that is down is tried at least once a day.</summary>
    public const int RetryLongestS = 86_400;

    /// <summary>Associations at a time: eight modalities that open a few each.</summary>
    public const int AssociationsCount = 256;

    /// <summary>The largest free-space reserve that can be asked for: 1 PiB.</summary>
    public const long ReserveMib = 1L << 30;

    // ---- What is kept in memory to be looked at. ----

    /// <summary>The ring of events: some hours of normal work, and what led to a fault.</summary>
    public const int EventsKeptCount = 1024;

    /// <summary>Late series of which the trace is kept: those of a bad day.</summary>
    public const int MissesKeptCount = 32;

    /// <summary>An event's detail: one line of a terminal or two.</summary>
    public const int EventDetailChars = 240;

    /// <summary>Studies in the snapshot, newest first: a day's list. All of them stay in the journal.</summary>
    public const int StudiesShownCount = 64;

    /// <summary>A status answer is some kilobytes; a megabyte is not ours.</summary>
    public const int StatusAnswerBytes = 4 * 1024 * 1024;

    /// <summary>The daemon answers from memory; a second without an answer means that it hangs.</summary>
    public const int StatusAnswerMs = 5_000;

    /// <summary>The longest command over SSH is a verb, a key and a few options.</summary>
    public const int ForcedCommandChars = 256;

    /// <summary>A command is a verb and a name.</summary>
    public const int CommandBytes = 4 * 1024;

    /// <summary>A target is a key, a name or an alarm's name: no more is logged of it.</summary>
    public const int CommandTargetChars = 200;

    /// <summary>A QA run takes a minute on two cores; whoever waits ten minutes waits for a hang.</summary>
    public const int CommandAnswerMs = 600_000;

    /// <summary>Settings are on trial for so long unless somebody says otherwise: a second login and a look take less.</summary>
    public const double TrialMinutes = 10;

    /// <summary>A day: whoever needs longer to see whether settings are right edits the file.</summary>
    public const double TrialLongestMinutes = 1_440;

    /// <summary>The lamp says which box this is for so long: it hides what is wrong, and nobody may forget it.</summary>
    public const int IdentifyMs = 300_000;

    /// <summary>
    /// The panel shows what it was told for so long: the control thread tells it each second, and three seconds are promised.
    /// </summary>
    public const int PanelLeaseMs = 2_000;

    /// <summary>A lamp in words: colour, pattern, and what a study list makes of it.</summary>
    public const int PanelTextBytes = 1_024;

    /// <summary>People watch at the pace of a clock.</summary>
    public const int WatchMs = 1_000;

    /// <summary>Each colour of a lamp test: long enough to be sure, short enough for four.</summary>
    public const int LampTestColourMs = 1_000;

    /// <summary>A board description is a page.</summary>
    public const int BoardFileBytes = 64 * 1024;

    // ---- Who may use the page from elsewhere. ----

    /// <summary>Names that stand on a screen longer than that without anybody touching it were forgotten there.</summary>
    public const double NamesHiddenAfterLongestS = 600;

    /// <summary>Users of the page: a department. Each is a section of the settings.</summary>
    public const int ScreenUsersCount = 64;

    /// <summary>A name as somebody types it.</summary>
    public const int ScreenUserNameChars = 32;

    /// <summary>What OWASP asks for PBKDF2 with HMAC-SHA-256: a third of a second of one core for each try.</summary>
    public const int PasswordIterations = 600_000;

    /// <summary>Shorter passwords are refused (NIST SP 800-63B 5.1.1.1 asks for eight; twelve is what a phrase has anyway).</summary>
    public const int PasswordShortestChars = 12;

    /// <summary>Longer ones only cost time.</summary>
    public const int PasswordLongestChars = 256;
}
