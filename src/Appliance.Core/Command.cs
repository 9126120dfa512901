namespace Appliance.Core;

/// <summary>What may be asked of the daemon beside looking. Values are words on the wire: none is renamed.</summary>
public enum CommandVerb
{
    /// <summary>Every destination gets the whole study once more. Target: the study's key.</summary>
    StudyResend,

    /// <summary>Every series is analysed once more. Target: the study's key.</summary>
    StudyReanalyse,

    /// <summary>No (further) analysis; originals and finished results still leave. Target: the study's key.</summary>
    StudyCancel,

    /// <summary>Somebody has seen the alarm. Target: its name, or <c>all</c>.</summary>
    AlarmAck,

    /// <summary>C-ECHO (PS3.4 annex A). Target: the destination's name.</summary>
    DestinationEcho,

    /// <summary>Nothing more is sent there; what is owed waits. Holds until resumed or the next start. Target: its name.</summary>
    DestinationPause,

    /// <summary>Sending goes on. Target: the destination's name.</summary>
    DestinationResume,

    /// <summary>Hashes and golden slice of an installed app. Target: its name.</summary>
    AppVerify,

    /// <summary>All checks of the start once more.</summary>
    SelfTest,

    /// <summary>The lamp says which box this is.</summary>
    IdentifyOn,

    /// <summary>... and no longer.</summary>
    IdentifyOff,

    /// <summary>Every colour of the lamp for a second.</summary>
    LampTest,

    /// <summary>A phantom from scanner to result, with Dice. Its study is stored and delivered as any other.</summary>
    Phantom,

    /// <summary>A key of the settings, or all that are set. Target: the key, or empty.</summary>
    ConfigGet,

    /// <summary>Changes a key in the candidate. Target: key, a space, value.</summary>
    ConfigSet,

    /// <summary>Takes a key out of the candidate. Target: the key, or <c>destination.NAME</c>.</summary>
    ConfigUnset,

    /// <summary>What a commit would change.</summary>
    ConfigDiff,

    /// <summary>The candidate holds from a restart on, for so long; then it goes back unless confirmed. Target: minutes.</summary>
    ConfigCommitConfirm,

    /// <summary>What is on trial stays.</summary>
    ConfigConfirm,

    /// <summary>What is on trial goes back at once; or else what was set and not committed is dropped.</summary>
    ConfigRollback,

    /// <summary>What the makers need to see, without patient data, encrypted to their key.</summary>
    Bundle,

    /// <summary>The machine starts again. Target: empty, or <c>now</c> while a scanner is sending.</summary>
    Reboot,

    /// <summary>From the panel's process: what of the body is missing or wrong. Target: in words; empty, all is well.</summary>
    PanelReported,

    /// <summary>Who a study is of. Target: its key. Audited by an event of its own.</summary>
    StudyPatient,

    /// <summary>Objects that came with other content under the same UID. Target: a study's key, or empty.</summary>
    ConflictList,

    /// <summary>One of them takes the place of the first. Target: key of the study, a space, key of the object.</summary>
    ConflictAccept,

    /// <summary>One of them is deleted. Target: as of <see cref="ConflictAccept"/>.</summary>
    ConflictDiscard,
}

/// <summary>A command as it is sent.</summary>
/// <param name="Target">Empty where the verb has none.</param>
public sealed record CommandRequest(CommandVerb Verb, string Target = "")
{
    /// <summary>
    /// The <see cref="KeyFingerprint"/> of the SSH key that let in whoever asks, as appliancectl was told by sshd. For the audit only: it
    /// stands beside the user that the kernel names, and allows nothing.
    /// </summary>
    public string? Key { get; init; }
}

/// <summary>What came of a command.</summary>
/// <param name="Done">False: refused or failed, for the reason in the text.</param>
/// <param name="Text">One sentence, without patient data.</param>
public sealed record CommandAnswer(int Schema, bool Done, string Text)
{
    /// <summary>Of a self-test.</summary>
    public IReadOnlyList<CheckResult> Checks { get; init => field = value ?? []; } = [];

    /// <summary>More than a sentence: settings, differences, members of a bundle, and only of StudyPatient patient data.</summary>
    public IReadOnlyList<string> Lines { get; init => field = value ?? []; } = [];

    /// <summary>Of a list of them: what waits for a decision.</summary>
    public IReadOnlyList<ContentConflict> Conflicts { get; init => field = value ?? []; } = [];

    /// <summary>Of a bundle: CMS, DER.</summary>
    public byte[]? Content { get; init; }

    /// <summary>Of a phantom: Dice by organ.</summary>
    public IReadOnlyDictionary<string, double>? Dice { get; init; }

    public static CommandAnswer Success(string text) => new(Status.CurrentSchema, true, text);

    public static CommandAnswer Failure(string text) => new(Status.CurrentSchema, false, text);
}

/// <summary>An object that came with other content under a UID that was there. By study and object it is decided on.</summary>
/// <param name="Study">The study's key.</param>
/// <param name="Object">The object's key.</param>
/// <param name="Series">The series' key.</param>
/// <param name="Bytes">Of its file.</param>
public sealed record ContentConflict(string Study, string Object, string Series, long Bytes, DateTimeOffset Came);

/// <summary>How one check of the self-test ended.</summary>
public enum CheckVerdict
{
    Pass,

    /// <summary>Objects are stored and forwarded; something else is missing.</summary>
    Degraded,

    /// <summary>Objects cannot be stored safely.</summary>
    Fault,
}

/// <summary>One check of the self-test (POST).</summary>
/// <param name="Name">disk, memory, clock, network, gpu, kernels, models, destinations, panel.</param>
/// <param name="Text">What was found.</param>
/// <param name="Remedy">What to do; empty where it passed.</param>
public sealed record CheckResult(string Name, CheckVerdict Verdict, string Text, string Remedy = "");
