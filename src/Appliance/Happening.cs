using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>Something that the control thread is told. Studies, series and objects are named by hashes: no patient data.</summary>
public abstract record Happening(DateTimeOffset When);

/// <summary>The device's state table is given a signal.</summary>
public sealed record DeviceSignalled(DateTimeOffset When, DeviceSignal Signal) : Happening(When);

/// <summary>All checks of the start have ended; what they found stands in the alarms.</summary>
/// <param name="Checks">Null: they could not be made.</param>
public sealed record SelfTestEnded(DateTimeOffset When, IReadOnlyList<CheckResult>? Checks = null) : Happening(When);

/// <summary>Somebody asks for something. Whoever waits for the answer gets it, refused or not.</summary>
/// <param name="By">Who, for the audit: a user id of this machine.</param>
public sealed record Commanded(DateTimeOffset When, CommandRequest Request, string By, TaskCompletionSource<CommandAnswer> Answer)
    : Happening(When);

/// <summary>What a command began has ended.</summary>
public sealed record CommandEnded(DateTimeOffset When, CommandRequest Request, CommandAnswer Answer) : Happening(When);

/// <summary>Destinations are to get a study once more.</summary>
/// <param name="Objects">By destination: how many objects.</param>
public sealed record StudyOwedAgain(DateTimeOffset When, string Study, IReadOnlyDictionary<string, int> Objects) : Happening(When);

/// <summary>The DICOM port is open.</summary>
public sealed record ListenerOpened(DateTimeOffset When, string Address, int Port, TimeSpan AfterStart) : Happening(When);

/// <summary>An app is ready, or is not for the named reason.</summary>
public sealed record AppChecked(DateTimeOffset When, string Name, string Version, TimeSpan Took, Refusal? Trouble) : Happening(When);

/// <summary>What the network runs on, and why.</summary>
public sealed record ComputeChosen(DateTimeOffset When, string Device, string Reason) : Happening(When);

/// <summary>What the image kernels run on, and why. Told once, when every card has been asked.</summary>
/// <param name="Refused">Cards, or a driver, that are there and cannot be used.</param>
public sealed record KernelsChosen(DateTimeOffset When, string Device, string Reason, IReadOnlyList<Refusal> Refused) : Happening(When);

/// <summary>A card failed; what it did is done elsewhere.</summary>
/// <param name="KernelsLeft">What the image kernels run on from now on; null where it was not theirs.</param>
public sealed record GpuLost(DateTimeOffset When, string Device, Refusal Why, string? KernelsLeft) : Happening(When);

/// <summary>A modality opened an association.</summary>
public sealed record AssociationOpened(DateTimeOffset When) : Happening(When);

/// <summary>An association ended by release or with the server.</summary>
public sealed record AssociationClosed(DateTimeOffset When) : Happening(When);

/// <summary>An association was not taken.</summary>
public sealed record AssociationRefused(DateTimeOffset When, string Address, string Reason) : Happening(When);

/// <summary>An association, or a connection that never became one, ended otherwise than by release.</summary>
public sealed record AssociationBroken(DateTimeOffset When, string Address, string Reason, bool WasOpen) : Happening(When);

/// <summary>A study that lay in the journal at start.</summary>
public sealed record StudyFound(DateTimeOffset When, ScannedStudy Study) : Happening(When);

/// <summary>Every study that lay in the journal at start has been found, as far as it can be read.</summary>
public sealed record JournalRead(DateTimeOffset When) : Happening(When);

/// <summary>An original was stored and its C-STORE is being answered, or an original that was there came again.</summary>
public sealed record OriginalStored(DateTimeOffset When, JournalEntry Entry, Kept Kept, long Bytes, string Modality) : Happening(When);

/// <summary>Somebody decided about other content under a UID that was there.</summary>
/// <param name="Accepted">It took the place of the first one; false: it was deleted.</param>
public sealed record ConflictResolved(DateTimeOffset When, JournalEntry Conflict, bool Accepted) : Happening(When);

/// <summary>An object was refused to its sender.</summary>
public sealed record ObjectRefused(DateTimeOffset When, Refusal Reason) : Happening(When);

/// <summary>A modality said where a procedure step stands.</summary>
/// <param name="State">(0040,0252).</param>
/// <param name="Images">How many it lists.</param>
public sealed record StepReported(DateTimeOffset When, string Step, string Study, string State, int Images) : Happening(When);

/// <summary>A requester of storage commitment took its report.</summary>
public sealed record CommitmentReported(DateTimeOffset When, string Requester, int Kept, int Asked) : Happening(When);

/// <summary>A requester of storage commitment could not be told.</summary>
public sealed record CommitmentUnreported(DateTimeOffset When, string Requester, string Reason) : Happening(When);

/// <summary>
/// More images of a series are analysed: while the others still come, or after the last. Told at most once for each image of a run.
/// </summary>
/// <param name="Images">Of the series, whose organs are found.</param>
public sealed record ImagesAnalysed(DateTimeOffset When, string Study, string Series, int Images) : Happening(When);

/// <summary>The series will not be analysed, which is known before it is complete.</summary>
public sealed record SeriesBypassed(DateTimeOffset When, string Study, string Series, Refusal Why) : Happening(When);

/// <summary>The series was complete and its analysis began.</summary>
/// <param name="Decided">By what evidence.</param>
/// <param name="Stage">That it has come to: before its end was decided much may have been done.</param>
/// <param name="Due">When its budget ends.</param>
public sealed record SeriesAnalysisBegan(
    DateTimeOffset When, string Study, string Series, int Slices, CompleteSeries Decided, Stage Stage, DateTimeOffset Due)
    : Happening(When);

/// <summary>Results of ours were stored and are owed to the destinations that want them.</summary>
/// <param name="Revision">Of the results of their series: from 2 on they replace others.</param>
public sealed record ResultsStored(DateTimeOffset When, IReadOnlyList<JournalEntry> Entries, int Revision = 1) : Happening(When);

/// <summary>The budget's ladder moved a series to another rung.</summary>
public sealed record RungChanged(DateTimeOffset When, string Study, string Series, LadderStep Step) : Happening(When);

/// <summary>Segmentation and report of a series are stored and owed. Told before any destination is asked to accept them.</summary>
public sealed record SeriesTimed(DateTimeOffset When, string Study, string Series, SeriesTimeline Timeline) : Happening(When);

/// <summary>The analysis has ended: its documents are stored and pictures follow, or there are none for the named reason.</summary>
/// <param name="Took">Since its end was decided.</param>
/// <param name="Waited">From its last slice to that decision.</param>
public sealed record SeriesSettled(
    DateTimeOffset When, string Study, string Series, string App, TimeSpan Took, Refusal? NotAnalysed, TimeSpan Waited = default)
    : Happening(When);

/// <summary>All pictures of an analysed series are stored, or have been given up: it needs no further work.</summary>
/// <param name="Pictures">How many there are.</param>
public sealed record PicturesEnded(DateTimeOffset When, string Study, string Series, int Pictures, TimeSpan Took)
    : Happening(When);

/// <summary>What the geometry gate repaired or set aside in an analysed series.</summary>
public sealed record GeometryRepaired(DateTimeOffset When, string Study, string Series, IReadOnlyList<string> Findings) : Happening(When);

/// <summary>A slice came after the series was settled.</summary>
public sealed record SeriesReopened(DateTimeOffset When, string Study, string Series) : Happening(When);

/// <summary>A destination accepted an object, or is no more owed it.</summary>
/// <param name="Sent">False: it got another form of the result.</param>
public sealed record ObjectDelivered(DateTimeOffset When, string Destination, JournalEntry Entry, bool Sent = true) : Happening(When);

/// <summary>A destination does not take label maps: it gets BINARY.</summary>
public sealed record LabelMapRefused(DateTimeOffset When, string Destination, JournalEntry Entry, string Reason) : Happening(When);

/// <summary>A destination will not take an object as it is.</summary>
public sealed record ObjectHeldBack(DateTimeOffset When, string Destination, JournalEntry Entry, Refusal Reason) : Happening(When);

/// <summary>A destination answers, or does not for the named reason; that was so when it was asked.</summary>
public sealed record DestinationSeen(DateTimeOffset When, string Destination, Refusal? Down) : Happening(When);

/// <summary>The file system of the journal was looked at.</summary>
/// <param name="Fault">Why nothing can be stored, or null.</param>
public sealed record DiskMeasured(DateTimeOffset When, long TotalBytes, long FreeBytes, Refusal? Fault) : Happening(When);

/// <summary>A study left the journal, or did not because it changed meanwhile.</summary>
public sealed record StudyRemoved(DateTimeOffset When, string Study, bool Removed) : Happening(When);

/// <summary>An unexpected failure that was contained: the named part goes on.</summary>
public sealed record PartFailed(DateTimeOffset When, string Part, string Failure) : Happening(When);

/// <summary>A worker hung: what it did was given up, and another thread goes on in its place. The supervisor tells it.</summary>
public sealed record WorkerReplaced(DateTimeOffset When, string Worker, string Operation) : Happening(When);
