namespace Appliance.Core;

/// <summary>What a display says beside the lamp: what is dialled in at the scanner, and the newest study. Never patient data.</summary>
/// <param name="Address">Where the listener is; 0.0.0.0 stands for every address of the machine.</param>
/// <param name="Study">e.g. <c>CT 412 at 14:02</c>; empty before the first one.</param>
/// <param name="StudyState">Where it is on its way, in words.</param>
public readonly record struct Plate(string AeTitle, string Address, int Port, string Study, string StudyState)
{
    private static readonly string[] AnyAddress = ["0.0.0.0", "::", "[::]"];

    /// <summary>It listens everywhere: what a scanner is told is an address of the machine.</summary>
    public bool IsAnywhere => AnyAddress.Contains(Address);

    /// <param name="zone">Of the clock on the wall.</param>
    public static Plate Of(Status status, TimeZoneInfo zone)
    {
        ListenerStatus listener = status.Listener;
        return status.Studies is [StudyStatus newest, ..]
            ? new Plate(listener.AeTitle, listener.Address, listener.Port, Name(newest, zone), Words(newest.State))
            : new Plate(listener.AeTitle, listener.Address, listener.Port, string.Empty, string.Empty);
    }

    private static string Name(StudyStatus study, TimeZoneInfo zone) =>
        $"{study.Modality} {study.Originals} at {TimeZoneInfo.ConvertTime(study.LastArrival, zone):HH:mm}".TrimStart();

    private static string Words(StudyState state) => state switch
    {
        Core.StudyState.Receiving => "receiving",
        Core.StudyState.Analysing => "analysing",
        Core.StudyState.Delivering => "sending",
        Core.StudyState.Sent => "sent",
        _ => "not analysed",
    };
}
