namespace Appliance.Board;

/// <summary>Bounds of the body's parts, each with its reason.</summary>
public static class Limits
{
    /// <summary>A board description is a page.</summary>
    public const int BoardFileBytes = Core.Limits.BoardFileBytes;

    /// <summary>Twenty pictures a second: a slow breath looks even.</summary>
    public const int FrameMs = 50;

    /// <summary>
    /// A display that counts slices is drawn again no sooner: nobody reads faster, and its bus is slow. One that shows the same is asked
    /// that often whether it is still there.
    /// </summary>
    public const int DisplayMs = 1_000;

    /// <summary>A part that is missing may have been plugged in again.</summary>
    public const int ReopenMs = 10_000;

    /// <summary>Contacts bounce for some milliseconds; nobody presses twice within so long.</summary>
    public const int DebounceMs = 30;

    /// <summary>A press that long is meant: lamp test.</summary>
    public const int HoldMs = 3_000;

    /// <summary>One beep, and the pause after it.</summary>
    public const int BeepMs = 200;

    /// <summary>A tested buzzer is heard once, and takes nobody for a fault: two pictures, so that none is missed.</summary>
    public const int ChirpMs = 2 * FrameMs;

    /// <summary>Three are heard as a signal, one as a fault of something else.</summary>
    public const int Beeps = 3;

    /// <summary>Whoever comes back into the room hears it; nobody is driven mad.</summary>
    public const int BeepAgainMs = 60_000;

    /// <summary>Piezo buzzers of panels are loudest near there.</summary>
    public const int BuzzerHz = 2_700;

    /// <summary>A controller that does not answer ipmitool by then does not answer.</summary>
    public const int IpmiAnswerMs = 15_000;

    /// <summary>Sensors and event log are looked at that often: ipmitool takes seconds for all of them.</summary>
    public const int IpmiLookMs = 60_000;

    /// <summary>Entries of the machine's event log that are told; the rest is counted.</summary>
    public const int IpmiEntries = 3;
}
