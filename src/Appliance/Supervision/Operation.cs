namespace Appliance.Daemon.Supervision;

/// <summary>What a worker does, and how long it may take.</summary>
/// <param name="Name">As events name it.</param>
/// <param name="MayStandStill">
/// It waits for a disk: its thread may take no processor for as long as the deadline. Without that, a thread that stands still is seen
/// within two seconds, however far the deadline is.
/// </param>
public sealed record Operation(string Name, int DeadlineMs, bool MayStandStill = false);

/// <summary>Every operation that is watched, with its deadline in <see cref="Limits"/>.</summary>
public static class Operations
{
    /// <summary>One round of the control thread.</summary>
    public static readonly Operation Round = new("a round", Limits.ControlSilenceMs);

    /// <summary>Work through the thread pool, a byte through the event loop of all sockets: associations and page live there.</summary>
    public static readonly Operation Roundtrip = new("a byte to itself", Limits.ControlSilenceMs);

    /// <summary>A thread of its own has nothing to do, and looks up from that twice a second.</summary>
    public static readonly Operation Idle = new("waiting for work", Limits.SliceDeadlineMs);

    /// <summary>An object that has arrived is given its place in the journal.</summary>
    public static readonly Operation Commit = new("storing an object", Limits.DiskDeadlineMs, MayStandStill: true);

    /// <summary>A slice is read and analysed as far as slices allow.</summary>
    public static readonly Operation Slice = new("a slice", Limits.SliceDeadlineMs);

    /// <summary>All of a series that is left when nothing more comes.</summary>
    public static readonly Operation Series = new("a series", Limits.SeriesDeadlineMs);

    /// <summary>One slice through the network. It computes, so that standing still is seen at once.</summary>
    public static readonly Operation NetworkSlice = new("a slice of the network", Limits.SliceDeadlineMs);

    /// <summary>Results of a series are stored, or the series is marked.</summary>
    public static readonly Operation Results = new("storing results", Limits.ResultsDeadlineMs, MayStandStill: true);

    /// <summary>An app is read, verified and run once.</summary>
    public static readonly Operation LoadApps = new("loading apps", Limits.LoadAppsDeadlineMs);

    /// <summary>An object is read, and encoded where its destination wants that.</summary>
    public static readonly Operation Read = new("reading an object", Limits.SliceDeadlineMs);

    /// <summary>A series is written into a folder, which may lie on a share.</summary>
    public static readonly Operation Export = new("writing into a folder", Limits.SeriesDeadlineMs, MayStandStill: true);

    /// <summary>A line in a delivery log.</summary>
    public static readonly Operation NoteDelivery = new("noting a delivery", Limits.DiskDeadlineMs, MayStandStill: true);

    /// <summary>One look at the file system.</summary>
    public static readonly Operation DiskLook = new("a look at the disk", Limits.DiskDeadlineMs);

    /// <summary>A delivered study is deleted.</summary>
    public static readonly Operation Removal = new("removing a study", Limits.RemovalDeadlineMs, MayStandStill: true);

    /// <summary>A study is opened for whoever looks: the header of each of its images is read.</summary>
    public static readonly Operation Opening = new("opening a study", Limits.SeriesDeadlineMs);

    /// <summary>A picture for whoever looks, or a slice that is read for the next one.</summary>
    public static readonly Operation Painting = new("a picture of the page", Limits.PaintDeadlineMs);

    /// <summary>The painter has drawn its half of a picture and waits for the other thread's.</summary>
    public static readonly Operation OtherHalf = new("the other half of a picture", Limits.PaintDeadlineMs, MayStandStill: true);

    /// <summary>The journal is read at start.</summary>
    public static readonly Operation Scan = new("reading the journal", Limits.ScanDeadlineMs, MayStandStill: true);
}
