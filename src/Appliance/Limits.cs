namespace Appliance.Daemon;

/// <summary>
/// Bounds of the daemon; each with its reason. Those that people can set, or that others need too, are in Appliance.Core.Limits.
/// </summary>
public static class Limits
{
    /// <summary>
    /// Analyses of one series that may end with the process before it counts as not analysed: a power cut is no defect, two are rare.
    /// </summary>
    public const int AnalysisAttempts = 3;

    /// <summary>
    /// Pictures that share one sync: so few that the first leaves early and a power cut costs little, so many that syncs are rare.
    /// </summary>
    public const int GroupPictures = 16;

    /// <summary>Happenings that the control thread has not looked at yet. It takes microseconds for each; more is a hang.</summary>
    public const int MailboxHappenings = 4096;

    /// <summary>
    /// An association with a destination that has nothing to carry is given back; the next slice of a scan comes within that.
    /// </summary>
    public const int IdleReleaseMs = 2_000;

    /// <summary>
    /// The next objects that an association is negotiated for; more classes and syntaxes than they have cost a second association.
    /// </summary>
    public const int LookAheadObjects = 100;

    /// <summary>Of the 128 presentation contexts of PS3.8 9.3.2.2, since a pair of class and syntax may take three.</summary>
    public const int ProposedContexts = 120;

    /// <summary>Elements behind the pixel data are rare and small (padding, signatures); more than this is not looked into.</summary>
    public const int TrailingBytes = 1 << 20;

    /// <summary>The disk begins to write a result after so many bytes: large enough for it to write in one go, few against 41 MB.</summary>
    public const int WriteAheadBytes = 4 << 20;

    /// <summary>
    /// A modality that opens an association for each image pauses about as long between them as between the slices before.
    /// </summary>
    public const int WaitedGaps = 3;

    /// <summary>
    /// What the end of a series needs is made that long before it will be decided: longer than it takes, and no more in vain than needed.
    /// </summary>
    public const int AboutToEndMs = 1_000;

    /// <summary>Silence from which on a scanner is taken to pause: two slices at 20 a second ...</summary>
    public const int ShortestPauseMs = 100;

    /// <summary>... and at most so much, however slow the scanner is.</summary>
    public const int LongestPauseMs = 1_000;

    /// <summary>A study is shown and logged by so many digits of its folder's name: 64 bits, no two alike on one box.</summary>
    public const int StudyKeyDigits = 16;

    /// <summary>A study is found by the first digits of its key, as tables show it; fewer may name several on one box.</summary>
    public const int StudyKeyShortestDigits = 4;

    /// <summary>An object is logged by so many digits of its file's name: enough to find it in its study.</summary>
    public const int ObjectKeyDigits = 8;

    /// <summary>A series of 1000 slices of 512 x 512 takes a gigabyte and a half while it is analysed; less is worth a warning.</summary>
    public const int MemoryLeastMib = 2_048;

    /// <summary>
    /// Whether a destination answers: a connection, an association and an echo take far less from another town. Somebody waits at a panel.
    /// </summary>
    public const int EchoDeadlineMs = 10_000;

    /// <summary>Whoever waits for a QA run of a minute does not notice a quarter of a second.</summary>
    public const int PhantomLookMs = 250;

    /// <summary>Mean Dice of the QA phantom on a box that is well; the network reaches 0.9 and more on its own phantoms.</summary>
    public const double PhantomDiceShare = 0.8;

    /// <summary>The control thread looks at the clock at least that often: uptime, memory, watchdog.</summary>
    public const int TickMs = 500;

    /// <summary>Presses that the daemon has not taken: nobody waits in front of a box for more.</summary>
    public const int PanelTellings = 8;

    /// <summary>A daemon that was started again learns within that time what its panel misses.</summary>
    public const int PanelReportMs = 10_000;

    /// <summary>This machine may be given another address; whoever stands at its panel waits so long to read it.</summary>
    public const int OwnAddressMs = 10_000;

    /// <summary>The supervisor looks that often: a fraction of what it has to see.</summary>
    public const int SupervisionMs = 250;

    /// <summary>
    /// Threads that waited half of a look for a processor: the machine is out of breath, and silence is no proof of a hang.
    /// </summary>
    public const int BreathlessMs = SupervisionMs / 2;

    /// <summary>
    /// Silence of the control thread that is a hang: three times its longest rest. With one look more it is seen within two seconds.
    /// </summary>
    public const int ControlSilenceMs = 1_500;

    /// <summary>
    /// A thread that computes is never without a processor for so long unless it was made to wait: for a lock, a driver, a file that does
    /// not answer. With one look more it is seen within two seconds.
    /// </summary>
    public const int StandstillMs = 1_500;

    /// <summary>A machine that is out of breath is taken to be so many times slower than its deadlines expect.</summary>
    public const int BreathlessSlowness = 4;

    /// <summary>The watchdogs are told that often: systemd's has ten seconds, a machine's thirty.</summary>
    public const int FeedMs = 1_000;

    /// <summary>A machine that hangs is reset after that: a process that was killed is back within one.</summary>
    public const int WatchdogDeviceS = 30;

    /// <summary>A sync of one object: 10 ms on a good disk, a second on a busy one. Modalities wait thirty.</summary>
    public const int DiskDeadlineMs = 10_000;

    /// <summary>A slice: 50 ms on two cores. The largest enhanced multi-frame is read and decoded as one.</summary>
    public const int SliceDeadlineMs = 60_000;

    /// <summary>What is left of a series of 1000 slices takes two minutes on two cores.</summary>
    public const int SeriesDeadlineMs = 600_000;

    /// <summary>Hundreds of annotated slices are written and synced.</summary>
    public const int ResultsDeadlineMs = 60_000;

    /// <summary>A picture in space takes half a second of two cores, of which the painter gets a tenth while others work.</summary>
    public const int PaintDeadlineMs = 120_000;

    /// <summary>A GPU's libraries and their first run take half a minute for each app.</summary>
    public const int LoadAppsDeadlineMs = 180_000;

    /// <summary>Thousands of files are deleted on a busy disk.</summary>
    public const int RemovalDeadlineMs = 120_000;

    /// <summary>A journal of a full disk, each name read.</summary>
    public const int ScanDeadlineMs = 600_000;

    /// <summary>So long after the last series nothing is under way that a collection of garbage could hold up.</summary>
    public const int RestMs = 2_000;

    /// <summary>A study of the last hour is being looked at, and may be sent once more by its modality.</summary>
    public const int KeptMinutes = 60;

    /// <summary>Snapshots are no closer than that: nobody sees more, and each sorts all studies of the journal.</summary>
    public const int PublicationMs = 25;

    /// <summary>The disk is looked at that often: at 500 MB/s it fills by the reserve of 2 GiB in four seconds.</summary>
    public const int DiskLookMs = 2_000;

    /// <summary>A touchscreen, a desk and a few forgotten tabs.</summary>
    public const int Watchers = 16;

    /// <summary>A page that watches is told of a change within that time: progress that moves four times a second is smooth.</summary>
    public const int WatchMs = 250;

    /// <summary>An opened study that nobody has looked at for a minute is closed: its labels are tens of megabytes.</summary>
    public const int OpenStudyMs = 60_000;

    /// <summary>Pages that look at a study at a time: the panel, a desk, and room for a page that is being loaded again.</summary>
    public const int Viewers = 4;

    /// <summary>Studies that are open at a time: a series of 300 slices takes 240 MB as a volume with its labels.</summary>
    public const int OpenStudies = 2;

    /// <summary>A volume that is drawn from: 512 MB of values. A larger series is shown with fewer rows and columns.</summary>
    public const long OpenVoxels = 1L << 28;

    /// <summary>Places for pictures on a page: three planes, a view in space, original and annotated beside each other.</summary>
    public const int Panes = 6;

    /// <summary>The longer side of a pane on any panel that is meant.</summary>
    public const int PaneSidePixels = 1_920;

    /// <summary>A wish is a line of JSON.</summary>
    public const int WishBytes = 2_048;

    /// <summary>Whoever waits for a volume sees it grow in steps of so many slices.</summary>
    public const int ReadNewsSlices = 16;

    /// <summary>A picture that is not there by then is late: ten a second are a picture book.</summary>
    public const int PictureLateMs = 100;

    /// <summary>So long after a late one pictures do not wait to be late again.</summary>
    public const int PicturesInHasteMs = 2_000;

    /// <summary>Connections to the page: each browser holds half a dozen.</summary>
    public const int PageConnections = 128;

    /// <summary>Whoever has walked away is logged out before the next one comes by.</summary>
    public const int SessionIdleMs = 15 * 60_000;

    /// <summary>A shift.</summary>
    public const int SessionLongestMs = 12 * 3_600_000;

    /// <summary>Sessions at a time.</summary>
    public const int Sessions = 256;

    /// <summary>Failures to log in that cost no wait: a caps lock, a keyboard of another country.</summary>
    public const int FreeLoginFailures = 4;

    /// <summary>Failures double the wait up to this: 12 guesses an hour, and a department is not locked out for a day.</summary>
    public const int LoginLongestWaitMs = 300_000;

    /// <summary>Addresses and names whose failures are remembered: whoever has more addresses than that is not held up by waits.</summary>
    public const int LoginFailuresKeptCount = 4_096;

    /// <summary>Pixel values of 16 bits with any rescaling that a scanner uses lie within.</summary>
    public const double WindowValues = 131_072;

    /// <summary>Studies of which the lane is remembered: a day's; a study that comes back later goes where there is room.</summary>
    public const int StudiesInLanes = 1_024;

    /// <summary>Analyses side by side at least: while one study is finished, another one's slices are taken in ...</summary>
    public const int LanesLeastCount = 2;

    /// <summary>... and at most: more scanners than that on one box wait for processors, not for lanes.</summary>
    public const int LanesMostCount = 8;

    /// <summary>Ten minutes in microseconds: an analysis that takes longer is not told apart from one of ten minutes.</summary>
    public const long LatencyLongestUs = 600_000_000;

    /// <summary>Significant digits of a duration: its error is below one in a hundred, and a histogram takes 20 KB.</summary>
    public const int LatencyDigits = 2;

    /// <summary>The shortest wait after a release: the next association of a fast sender is there within that time.</summary>
    public const int ShortestWaitMs = 250;

    /// <summary>
    /// A rule that is no list must have held for so long: a network that stalls for a moment, or a new acquisition that begins at once.
    /// </summary>
    public const int ConfirmMs = 100;

    /// <summary>With so many slices over one association, a modality does not open one for each image.</summary>
    public const int BatchSlices = 4;

    /// <summary>With so many, it does not send them in small batches either.</summary>
    public const int OneAssociationSlices = 16;

    /// <summary>Series that were complete and are remembered for a late slice: a day's, 100 KB each with 1000 slices.</summary>
    public const int RememberedSeries = 64;

    /// <summary>Procedure steps that are kept for their N-SET and against a second N-CREATE: some months of one scanner.</summary>
    public const int StepFiles = 2_000;

    /// <summary>Requests for storage commitment that wait for their requester; it asks again for what it gets no answer to.</summary>
    public const int CommitmentFiles = 1_000;

    /// <summary>Lists of instances (procedure steps, commitment requests) that are remembered until their series is complete.</summary>
    public const int RememberedManifests = 64;
}
