namespace Appliance.Core;

/// <summary>Every bound of the device, unit last, with its reason. The wire's bounds are in Appliance.Dicom.Limits.</summary>
public static class Limits
{
    // ---- The tail: from the last slice received to the last result accepted by a destination. ----

    /// <summary>
    /// The whole tail. A technologist looks at the result before the patient leaves the table: ten seconds are that
    /// look.
    /// </summary>
    public const int TailMs = 10_000;

    /// <summary>Stage 1 for the last slice alone: JPEG 2000 of 512 x 512 takes 40 ms, a loaded core doubles it.</summary>
    public const int TailDecodeMs = 100;

    /// <summary>Stage 2 for the last slice: two separable passes over one slice.</summary>
    public const int TailPrepareMs = 100;

    /// <summary>Stage 3 for what is left: the last slices wait for their neighbours, and all workers may still be busy.</summary>
    public const int TailSegmentMs = 3_000;

    /// <summary>Stage 4: connected pieces of the whole volume.</summary>
    public const int TailJudgeMs = 1_000;

    /// <summary>Stage 5: labels of 300 slices of 512 x 512 back on the native grid.</summary>
    public const int TailRestoreMs = 1_500;

    /// <summary>Stage 6: one SEG, one SR and an annotated image for each slice.</summary>
    public const int TailAnnotateMs = 2_000;

    /// <summary>Delivery of 300 annotated images of 768 kB over a gigabit link, and the destination's answers.</summary>
    public const int TailDeliverMs = 2_000;

    /// <summary>What the stages leave over. Shares that exceed the whole do not compile (CS0221: the constant is unsigned).</summary>
    public const uint TailSlackMs = checked((uint)(TailMs
        - (TailDecodeMs + TailPrepareMs + TailSegmentMs + TailJudgeMs + TailRestoreMs + TailAnnotateMs + TailDeliverMs)));

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
    public const int CommandTargetChars = 80;

    /// <summary>A QA run takes a minute on two cores; whoever waits ten minutes waits for a hang.</summary>
    public const int CommandAnswerMs = 600_000;

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
}
