using Appliance.Core;
using Stateless;

namespace Appliance.Daemon;

/// <summary>
/// What the control thread knows: device, studies, destinations, alarms, counters. Told of happenings, asked for a snapshot; no I/O.
/// </summary>
public sealed partial class Ledger
{
    private readonly Settings settings;
    private readonly EventLog events;
    private readonly StateMachine<DeviceState, DeviceSignal> device = DeviceStates.Table.Machine(DeviceState.Boot);
    private readonly StateMachine<StudyState, StudySignal> studyMachine;
    private readonly Dictionary<string, StudyRecord> studies = [];
    private readonly Dictionary<string, DestinationRecord> destinations;
    private readonly SortedDictionary<string, Alarm> alarms = new(StringComparer.Ordinal);
    private readonly List<AppStatus> apps = [];
    private CounterStatus counters = new();
    private ListenerStatus listener;
    private ComputeStatus compute = new("none", "not chosen yet");
    private DiskStatus disk = new();
    private readonly InstancePlaces places = new();
    private StudyState studyState;
    private readonly Action<string, string, SeriesLatency>? trace;
    private string? removing;
    private bool makingSpace;

    /// <param name="costs">Learns from what is delivered.</param>
    /// <param name="trace">Told of each series, by the hashes of study and series, when its documents are accepted.</param>
    public Ledger(Settings settings, EventLog events, StageCosts? costs = null, Action<string, string, SeriesLatency>? trace = null)
    {
        this.settings = settings;
        this.events = events;
        this.trace = trace;
        studyMachine = StudyStates.Table.Machine(() => studyState, state => studyState = state);
        Latencies = new Latencies(new Budget(settings.Analysis.Budget), costs ?? new StageCosts());
        destinations = settings.Destinations.ToDictionary(each => each.Name, each => new DestinationRecord(each));
        listener = new ListenerStatus(settings.Listener.AeTitle, settings.Listener.Address, settings.Listener.Port, Open: false);
    }

    /// <summary>How long analyses took; may be asked by any thread.</summary>
    public Latencies Latencies { get; }

    /// <summary>The study to remove now so that there is space, or null; it is not named again before the answer came.</summary>
    /// <remarks>Delivered studies only, the oldest first, and none of the last hour unless objects are being refused.</remarks>
    public StudyRecord? TakeRemoval(DateTimeOffset now)
    {
        DateTimeOffset youngest = disk.RefusesObjects ? DateTimeOffset.MaxValue : now - TimeSpan.FromMinutes(Limits.KeptMinutes);
        StudyRecord? oldest = makingSpace && removing is null && destinations.Count > 0
            ? studies.Values.Where(study => study.IsRemovable && study.LastArrival < youngest).MinBy(study => study.LastArrival)
            : null;
        removing = oldest?.Id ?? removing;
        return oldest;
    }

    /// <summary>The moment as others see it.</summary>
    public Status Snapshot(string version, DateTimeOffset now, TimeSpan uptime, long residentBytes) => new()
    {
        Version = version,
        TakenAt = now,
        Device = device.State,
        UptimeS = uptime.TotalSeconds,
        Listener = listener,
        Compute = compute,
        Apps = [.. apps],
        Studies =
        [
            .. studies.Values.OrderByDescending(study => study.LastArrival).Take(Core.Limits.StudiesShownCount)
                .Select(study => study.ToStatus(now)),
        ],
        Destinations = [.. destinations.Values.Select(destination => destination.ToStatus(studies.Values))],
        Disk = disk,
        Counters = counters with { ResidentBytes = residentBytes },
        Alarms = [.. alarms.Values],
        Identify = now < identifyUntil,
        LampTest = LampTestAt(now) is int step and >= 0 && step < TestColours.Length ? TestColours[step] : null,
        BuzzerTest = LampTestAt(now) == TestColours.Length,
        Checks = checks,
    };

    public void Apply(Happening happening)
    {
        switch (happening)
        {
            case DeviceSignalled signalled: Signal(signalled.Signal); break;
            case SelfTestEnded ended: Apply(ended); break;
            case CommandEnded ended: Apply(ended); break;
            case StudyOwedAgain owed: Apply(owed); break;
            case ListenerOpened opened: Apply(opened); break;
            case AppChecked app: Apply(app); break;
            case ComputeChosen chosen: Apply(chosen); break;
            case KernelsChosen chosen: Apply(chosen); break;
            case GpuLost lost: Apply(lost); break;
            case AssociationOpened opened: Apply(opened); break;
            case AssociationClosed: listener = listener with { OpenAssociations = listener.OpenAssociations - 1 }; break;
            case AssociationRefused refused: Apply(refused); break;
            case AssociationBroken broken: Apply(broken); break;
            case StudyFound found: Apply(found); break;
            case JournalRead: isJournalRead = true; break;
            case OriginalStored stored: Apply(stored); break;
            case ConflictResolved resolved: Apply(resolved); break;
            case ObjectRefused refused: Apply(refused); break;
            case StepReported step: Apply(step); break;
            case GeometryRepaired repaired: Apply(repaired); break;
            case CommitmentReported reported: Apply(reported); break;
            case CommitmentUnreported unreported: Apply(unreported); break;
            case ImagesAnalysed images: StudyOf(images.Study, images.When).Advanced(images); break;
            case SeriesBypassed bypassed: StudyOf(bypassed.Study, bypassed.When).Bypassed(bypassed.Series, bypassed.Why); break;
            case SeriesAnalysisBegan began: Apply(began); break;
            case ResultsStored stored: Apply(stored); break;
            case RungChanged rung: Apply(rung); break;
            case SeriesTimed timed: Apply(timed); break;
            case SeriesSettled settled: Apply(settled); break;
            case PicturesEnded ended: Apply(ended); break;
            case SeriesReopened reopened: Apply(reopened); break;
            case ObjectDelivered delivered: Apply(delivered); break;
            case ObjectHeldBack held: Apply(held); break;
            case LabelMapRefused refused:
                events.Write(DeviceEvent.LabelMapRefused, refused.Destination, Key(refused.Entry.Study), refused.Reason);
                break;
            case DestinationSeen seen: Apply(seen); break;
            case DiskMeasured measured: Apply(measured); break;
            case StudyRemoved removed: Apply(removed); break;
            case PartFailed failed: events.Write(DeviceEvent.PartFailed, failed.Part, failed.Failure); break;
            case WorkerReplaced replaced: Apply(replaced); break;
            default: throw new DefectException($"nobody applies {happening.GetType().Name}");
        }
    }

    /// <summary>Conflicts and held objects are for a human to look at; the parts of the device are well.</summary>
    private bool HasLostPart => alarms.Values.Any(alarm => alarm.Event is not (DeviceEvent.ContentConflict or DeviceEvent.ObjectHeld));

    private static string ObjectKey(JournalEntry entry) => entry.Name[..Math.Min(Limits.ObjectKeyDigits, entry.Name.Length)];

    private static string Key(string study) => JournalEntry.Key(study);

    private StudyRecord StudyOf(string id, DateTimeOffset when)
    {
        if (!studies.TryGetValue(id, out StudyRecord? study))
        {
            study = new StudyRecord(
                id, when, NextOfStudy, (from, to) => events.Write(DeviceEvent.StudyStateChanged, Key(id), $"{from}", $"{to}"));
            studies.Add(id, study);
        }

        return study;
    }

    private StudyState NextOfStudy(StudyState state, StudySignal signal)
    {
        studyState = state;
        studyMachine.Fire(signal);
        return studyState;
    }

    private void Signal(DeviceSignal signal)
    {
        DeviceState before = device.State;
        device.Fire(signal);
        if (device.State != before)
        {
            events.Write(DeviceEvent.StateChanged, $"{before}", $"{device.State}");
        }
    }

    private void Raise(
        string name, DeviceEvent happened, AlarmLevel level, string text, DateTimeOffset when, string? remedy = null, string? study = null)
    {
        bool hadLost = HasLostPart;
        alarms.TryGetValue(name, out Alarm? before);
        alarms[name] = new Alarm(
            happened, level, text, remedy ?? EventCatalogue.Of(happened).Remedy, before?.Since ?? when, name, before?.Acknowledged, study);
        if (!hadLost && HasLostPart)
        {
            Signal(DeviceSignal.PartLost);
        }
    }

    private void Clear(string name)
    {
        bool hadLost = HasLostPart;
        alarms.Remove(name);
        if (hadLost && !HasLostPart)
        {
            Signal(DeviceSignal.PartsRestored);
        }
    }
}
