using System.Collections.Frozen;

namespace Appliance.Core;

/// <summary>Everything that can be set, immutable. <c>new Settings()</c> is what holds with no file at all.</summary>
public sealed record Settings
{
    /// <summary>Where they are read from unless the command line says otherwise.</summary>
    public const string DefaultPath = "/etc/appliance/appliance.toml";

    /// <summary>The name of the socket below <see cref="RuntimeDirectory"/>.</summary>
    public const string SocketName = "appliance.sock";

    /// <summary>Where the status socket is with no settings at all: the CLI looks there.</summary>
    public const string DefaultSocketPath = "/run/appliance/" + SocketName;

    /// <summary>The journal: every object received and made, until it is delivered and the space is needed.</summary>
    public string DataDirectory { get; init; } = "/var/lib/appliance";

    /// <summary>For the status socket; emptied by a restart of the machine.</summary>
    public string RuntimeDirectory { get; init; } = "/run/appliance";

    /// <summary>Each folder in it with a manifest is an app.</summary>
    public string AppsDirectory { get; init; } = "/opt/appliance/apps";

    /// <summary>hardware/&lt;board&gt;/board.json of this box. Empty: no lamp of its own, it is drawn in the terminal.</summary>
    public string BoardFile { get; init; } = string.Empty;

    /// <summary>Of a collector of OpenTelemetry traces, OTLP over HTTP. Empty: none.</summary>
    public string OtlpEndpoint { get; init; } = string.Empty;

    /// <summary>A crash leaves a core where the machine's settings put one: it holds patients' images and names.</summary>
    public bool CoreDumps { get; init; }

    /// <summary>A hardware watchdog that resets a machine that hangs, e.g. <c>/dev/watchdog</c>. Empty: none is fed.</summary>
    public string WatchdogDevice { get; init; } = string.Empty;

    /// <summary>The makers' X.509 certificate (PEM, RSA) that support bundles are encrypted to. Empty: no bundle is made.</summary>
    public string ServiceCertificate { get; init; } = string.Empty;

    public ListenerSettings Listener { get; init; } = new();

    public AnalysisSettings Analysis { get; init; } = new();

    public DiskSettings Disk { get; init; } = new();

    public ScreenSettings Screen { get; init; } = new();

    /// <summary>In the order of the file; names are unique. None: studies are kept here and count as sent.</summary>
    public IReadOnlyList<DestinationSettings> Destinations { get; init; } = [];

    /// <summary>Where those who ask for storage commitment are reported to when their association has ended.</summary>
    public IReadOnlyList<ModalitySettings> Modalities { get; init; } = [];

    /// <summary>Where the panel's process is told what the lamp shows.</summary>
    public string PanelSocketPath => Path.Combine(RuntimeDirectory, "panel.sock");

    public string SocketPath => Path.Combine(RuntimeDirectory, SocketName);

    /// <summary>Reads a TOML text. Either the settings, or all errors at once, in the order of the file.</summary>
    public static (Settings? Settings, IReadOnlyList<SettingsError> Errors) Read(string toml) => SettingsReader.Read(toml);
}

/// <summary>The DICOM listener that modalities send to.</summary>
public sealed record ListenerSettings
{
    public string AeTitle { get; init; } = "APPLIANCE";

    /// <summary>IP address to listen on; 0.0.0.0 is every IPv4 address of the machine, :: every address.</summary>
    public string Address { get; init; } = "0.0.0.0";

    /// <summary>IANA's registered DICOM port. 0 takes any free port (tests, demo).</summary>
    public int Port { get; init; } = 11112;

    /// <summary>Who may send. Empty: anyone who calls us by our title.</summary>
    public IReadOnlyList<string> AcceptCallingAe { get; init; } = [];

    /// <summary>Associations at a time; one more is refused as "local limit exceeded" (PS3.8 table 9-21).</summary>
    public int AssociationsMax { get; init; } = 32;
}

/// <summary>What is done to a series.</summary>
public sealed record AnalysisSettings
{
    /// <summary>Silence after which a series counts as complete where slices may be missing, or no grid of slices can be seen.</summary>
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The same once its slices form a grid without a gap.</summary>
    public TimeSpan QuietRegular { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From the decision that a series is complete to its segmentation and report accepted; an app may ask for another.</summary>
    public TimeSpan Budget { get; init; } = Core.Budget.Default.Whole;

    /// <summary>Less is analysed where the budget would be missed otherwise; false: everything is, however late.</summary>
    public bool Ladder { get; init; } = true;

    public ComputeChoice Device { get; init; } = ComputeChoice.Auto;

    /// <summary>Axial series are segmented while their slices arrive (docs/decisions/0020); off: all of them after the last.</summary>
    public bool Overlap { get; init; } = true;
}

/// <summary>What the network runs on.</summary>
public enum ComputeChoice
{
    /// <summary>A GPU that works, else the CPU with the reason in the status.</summary>
    Auto,

    /// <summary>The CPU, even where there is a GPU.</summary>
    Cpu,
}

/// <summary>When space is made, and when there is no more.</summary>
public sealed record DiskSettings
{
    /// <summary>Above this share of the file system delivered studies are removed, oldest first.</summary>
    public int RemoveAbovePercent { get; init; } = 80;

    /// <summary>Removing stops below this share.</summary>
    public int RemoveToPercent { get; init; } = 70;

    /// <summary>Less free space than this and an object is refused (PS3.4 table B.2-1: A700), so that the sender keeps it.</summary>
    public long RefuseBelowFreeBytes { get; init; } = 2L << 30;
}

/// <summary>The page of the touchscreen.</summary>
public sealed record ScreenSettings
{
    /// <summary>False: no page at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Loopback: whoever is logged in on the box may look and act. Another one needs a certificate and users.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Patient names that somebody has asked for are hidden again when nobody has touched the screen for so long.</summary>
    public TimeSpan NamesHiddenAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>PEM files of the certificate with its chain, and of its key; empty: no encryption.</summary>
    public string CertificateFile { get; init; } = string.Empty;

    public string KeyFile { get; init; } = string.Empty;

    /// <summary>Who may log in. With none, nobody has to.</summary>
    public IReadOnlyList<ScreenUser> Users { get; init; } = [];
}

/// <summary>The address of a modality that listens for reports of storage commitment (PS3.4 J.3).</summary>
public sealed record ModalitySettings
{
    /// <summary>What it calls itself when it sends. Unique.</summary>
    public required string AeTitle { get; init; }

    /// <summary>Host name or IP address.</summary>
    public required string Host { get; init; }

    public int Port { get; init; } = 104;

    /// <summary>The title we call with; by default the listener's.</summary>
    public required string CallingAe { get; init; }
}

/// <summary>Somebody who may use the page.</summary>
/// <param name="Password">Stored as <see cref="PasswordHash"/> makes it.</param>
/// <param name="MayAct">False: they only look.</param>
public sealed record ScreenUser(string Name, string Password, bool MayAct);

/// <summary>Where studies go.</summary>
public sealed record DestinationSettings
{
    /// <summary>What people call it: in logs, on the panel, in <c>appliancectl</c>. Unique.</summary>
    public required string Name { get; init; }

    public required string AeTitle { get; init; }

    /// <summary>Host name or IP address.</summary>
    public required string Host { get; init; }

    public int Port { get; init; } = 104;

    /// <summary>The title we call with; by default the listener's.</summary>
    public required string CallingAe { get; init; }

    /// <summary>
    /// A full path with {holes} that are filled for each series; empty for a DICOM destination. A folder gets volume and labels of each
    /// analysed series as MetaIO images, and nothing else.
    /// </summary>
    public string Folder { get; init; } = string.Empty;

    public FolderFormat FolderFormat { get; init; }

    /// <summary>The folders of <see cref="Folder"/> before its first hole: they are there or the folder is away.</summary>
    public string FolderRoot => Folder.Contains('{', StringComparison.Ordinal)
        ? Folder[..Math.Max(1, Folder.LastIndexOf('/', Folder.IndexOf('{', StringComparison.Ordinal)))]
        : Folder;

    public bool IsFolder => Folder.Length > 0;

    public Sends Send { get; init; } = Sends.Standard;

    /// <summary>By an app's name: what this destination gets of that app instead of <see cref="Send"/>.</summary>
    public IReadOnlyDictionary<string, Sends> SendOfApp { get; init; } = FrozenDictionary<string, Sends>.Empty;

    /// <summary>The SEG keeps frames without a single voxel: some viewers shift the overlay otherwise.</summary>
    public bool KeepEmptyFrames { get; init; }

    /// <summary>The wait after the first failure to reach it; doubled after each further one.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries. Nothing is ever given up.</summary>
    public TimeSpan RetryLongest { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Nothing is sent; what is owed waits in the journal.</summary>
    public bool Paused { get; init; }

    /// <summary>What it gets of the results of an app; originals are always those of <see cref="Send"/>.</summary>
    public Sends SendsOf(string app) => SendOfApp.TryGetValue(app, out Sends own) ? own : Send;
}

/// <summary>How MetaIO images are written.</summary>
public enum FolderFormat
{
    /// <summary>A header and its data beside it.</summary>
    Mhd,

    /// <summary>Both in one file.</summary>
    Mha,
}

/// <summary>What a destination gets.</summary>
[Flags]
public enum Sends
{
    None = 0,
    Originals = 1,

    /// <summary>BINARY segmentations.</summary>
    Segmentations = 2,

    /// <summary>Annotated slices.</summary>
    SecondaryCaptures = 4,
    Reports = 8,

    /// <summary>Label maps instead of BINARY segmentations; a destination that does not take their SOP class gets BINARY.</summary>
    LabelMaps = 16,
    Presentations = 32,
    Renderings = 64,

    /// <summary>"Not analysed" for series that an app would have taken.</summary>
    Notices = 128,

    /// <summary>"Not analysed" also for series that no app takes.</summary>
    AllNotices = 256,

    /// <summary>What a destination gets that says nothing of it.</summary>
    Standard = Originals | Segmentations | SecondaryCaptures | Reports | Notices,
}
