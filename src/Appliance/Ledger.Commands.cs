using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>What is to be done about a command.</summary>
/// <param name="Refused">Why nothing is done; null where the command is taken.</param>
/// <param name="Text">What has been done already, where nothing goes on elsewhere.</param>
/// <param name="GoesOn">The rest is not for the control thread; who asked is answered when it has ended.</param>
/// <param name="Study">The whole name of the study, and its series where they matter.</param>
public sealed record Decision(
    string? Refused, string Text = "", bool GoesOn = false, string Study = "", IReadOnlyList<string>? Series = null);

/// <summary>Commands: analysed here against all that is known, then done. Each is an event, refused or not.</summary>
public sealed partial class Ledger
{
    private const string NoSuchStudy = "no such study, or more than one: give more digits of its key";

    // Each colour of the lamp once.
    private static readonly LampColour[] TestColours = Enum.GetValues<LampColour>();

    private DateTimeOffset identifyUntil = DateTimeOffset.MinValue;
    private DateTimeOffset lampTestFrom = DateTimeOffset.MinValue;
    private IReadOnlyList<CheckResult> checks = [];

    // Until then a study may be known of which not all is.
    private bool isJournalRead;

    /// <summary>Decides, notes what follows at once, and says what is to be done elsewhere.</summary>
    public Decision Decide(CommandRequest request, string by, DateTimeOffset now)
    {
        Decision decision = request.Verb switch
        {
            CommandVerb.StudyResend => Resend(request.Target),
            CommandVerb.StudyReanalyse => Reanalyse(request.Target),
            CommandVerb.StudyCancel => Cancel(request.Target),
            CommandVerb.AlarmAck => Acknowledge(request.Target, now),
            CommandVerb.DestinationEcho => At(request.Target, _ => Elsewhere()),
            CommandVerb.DestinationPause => At(request.Target, destination => Pause(destination, now)),
            CommandVerb.DestinationResume => At(request.Target, Resume),
            CommandVerb.AppVerify => apps.Exists(app => app.Name == request.Target) ? Elsewhere() : Refuse("no such app"),
            CommandVerb.SelfTest => TestAgain(),
            CommandVerb.IdentifyOn => Identify(now.AddMilliseconds(Core.Limits.IdentifyMs)),
            CommandVerb.IdentifyOff => Identify(DateTimeOffset.MinValue),
            CommandVerb.LampTest => TestLamp(now),
            CommandVerb.Phantom => listener.Open && DeviceStates.Accepts(device.State) ? Elsewhere() : Refuse("nothing is accepted now"),
            CommandVerb.ConfigGet or CommandVerb.ConfigSet or CommandVerb.ConfigUnset or CommandVerb.ConfigDiff => Elsewhere(),
            CommandVerb.ConfigCommitConfirm or CommandVerb.ConfigConfirm or CommandVerb.ConfigRollback => Elsewhere(),
            CommandVerb.Bundle => Elsewhere(),
            CommandVerb.Reboot => listener.OpenAssociations == 0 || request.Target == "now"
                ? Elsewhere()
                : Refuse("a scanner is sending: try again, or say now"),
            CommandVerb.PanelReported => Panel(request.Target, now),
            CommandVerb.StudyPatient => Patient(request.Target, by),
            CommandVerb.ConflictList => request.Target.Length == 0 ? Elsewhere() : OfStudy(request.Target),
            CommandVerb.ConflictAccept or CommandVerb.ConflictDiscard => Conflict(request),
            _ => throw new DefectException($"nobody decides {request.Verb}"),
        };

        // What was typed and names nothing here may be anything, also a patient's name: it is not logged.
        // Of a setting the value may be a secret.
        string target = decision.Refused is null ? Logged(request) : "";
        if (decision.Refused is null)
        {
            events.Write(DeviceEvent.CommandTaken, $"{request.Verb}", target, by);
        }
        else
        {
            events.Write(DeviceEvent.CommandRefused, $"{request.Verb}", target, by, decision.Refused);
        }

        return decision;
    }

    // Of a conflict the study was found; what stands behind it may be anything.
    private static string Logged(CommandRequest request) =>
        request.Verb is CommandVerb.ConfigSet or CommandVerb.ConflictAccept or CommandVerb.ConflictDiscard
            ? request.Target.Split(' ')[0]
            : request.Target;

    private static Decision Refuse(string why) => new(why);

    private static Decision Elsewhere() => new(null, GoesOn: true);

    private void Apply(CommandEnded ended)
    {
        events.Write(DeviceEvent.CommandEnded, $"{ended.Request.Verb}", Logged(ended.Request), ended.Answer.Text);
        if (ended.Request.Verb == CommandVerb.DestinationResume)
        {
            // Where asking failed, what was seen before the pause is all that is known.
            RaiseOrClear(destinations[ended.Request.Target], ended.When);
        }
    }

    private void Apply(StudyOwedAgain owed)
    {
        if (studies.TryGetValue(owed.Study, out StudyRecord? study))
        {
            study.OweAgain(owed.Objects);
        }
    }

    private void Apply(SelfTestEnded ended)
    {
        checks = ended.Checks ?? checks;
        foreach (CheckResult check in ended.Checks ?? [])
        {
            string name = $"check {check.Name}";
            if (check.Verdict == CheckVerdict.Pass)
            {
                Clear(name);
                continue;
            }

            events.Write(DeviceEvent.CheckFailed, check.Name, $"{check.Text}. {check.Remedy}");

            // What stands in an alarm of its own needs no second one.
            if (!SelfTest.HasAlarmOfItsOwn(check.Name))
            {
                Raise(name, DeviceEvent.CheckFailed, AlarmLevel.Attention, $"{check.Name}: {check.Text}", ended.When, check.Remedy);
            }
        }

        Signal(HasLostPart ? DeviceSignal.SelfTestLimited : DeviceSignal.SelfTestPassed);
    }

    private Decision Resend(string key)
    {
        if (Find(key) is not StudyRecord study)
        {
            return Refuse(NoSuchStudy);
        }

        if (destinations.Count == 0)
        {
            return Refuse("no destination is set");
        }

        if (!isJournalRead)
        {
            return Refuse("the journal is still being read: try again in a moment");
        }

        if (study.Id == removing || study.State != StudyState.Sent)
        {
            return Refuse(study.Id == removing ? "it is being removed" : $"it is still on its way ({study.State}, {study.Owed} owed)");
        }

        // From here on it is not removable; how many objects it has is counted where they lie.
        study.OweAgain(new Dictionary<string, int>());
        return new Decision(null, GoesOn: true, Study: study.Id);
    }

    /// <summary>A part that is missing is an alarm, and everything else goes on.</summary>
    private Decision Panel(string troubles, DateTimeOffset now)
    {
        const string name = "panel";
        bool isTold = alarms.TryGetValue(name, out Alarm? before) && before.Text == troubles;
        if (troubles.Length == 0)
        {
            Clear(name);
        }
        else if (!isTold)
        {
            events.Write(DeviceEvent.CheckFailed, name, troubles);
            Raise(name, DeviceEvent.CheckFailed, AlarmLevel.Attention, troubles, now,
                "Look at the panel's cables, at the machine's sensors and event log, and at board_file.");
        }

        return new Decision(null, "noted");
    }

    private Decision Patient(string key, string by)
    {
        if (Find(key) is not StudyRecord study)
        {
            return Refuse(NoSuchStudy);
        }

        events.Write(DeviceEvent.PatientShown, Key(study.Id), by);
        return new Decision(null, GoesOn: true, Study: study.Id);
    }

    private Decision OfStudy(string key) => Find(key) is StudyRecord study
        ? new Decision(null, GoesOn: true, Study: study.Id)
        : Refuse(NoSuchStudy);

    private Decision Reanalyse(string key)
    {
        if (Find(key) is not StudyRecord study)
        {
            return Refuse(NoSuchStudy);
        }

        if (study.Id == removing || study.IsOpen || study.Originals == 0)
        {
            return Refuse(study.IsOpen ? "it is still being received or analysed" : "there is nothing to analyse");
        }

        return new Decision(null, GoesOn: true, Study: study.Id, Series: study.ReopenAll());
    }

    private Decision Cancel(string key) => Find(key) is not StudyRecord study
        ? Refuse(NoSuchStudy)
        : study.IsOpen ? new Decision(null, GoesOn: true, Study: study.Id) : Refuse("nothing of it is to be analysed");

    private Decision Acknowledge(string name, DateTimeOffset now)
    {
        string[] named = [.. alarms.Keys.Where(each => name == "all" || each == name)];
        foreach (string each in named)
        {
            alarms[each] = alarms[each] with { Acknowledged = alarms[each].Acknowledged ?? now };
        }

        return named.Length == 0 ? Refuse("no such alarm") : new Decision(null, $"{named.Length} alarms acknowledged; each stays until "
            + "its cause has gone");
    }

    private Decision At(string name, Func<DestinationRecord, Decision> decide) =>
        destinations.TryGetValue(name, out DestinationRecord? destination) ? decide(destination) : Refuse("no such destination");

    private Decision Pause(DestinationRecord destination, DateTimeOffset now)
    {
        destination.IsPaused = true;
        RaiseOrClear(destination, now);
        return Elsewhere();
    }

    // Its alarm waits for what it answers now: it is asked elsewhere.
    private static Decision Resume(DestinationRecord destination)
    {
        destination.IsPaused = false;
        return Elsewhere();
    }

    private Decision TestAgain()
    {
        if (device.State is not (DeviceState.Ready or DeviceState.Degraded))
        {
            return Refuse($"not in this state: {device.State}");
        }

        Signal(DeviceSignal.SelfTestBegan);
        return Elsewhere();
    }

    private Decision Identify(DateTimeOffset until)
    {
        identifyUntil = until;
        return new Decision(null, until == DateTimeOffset.MinValue
            ? "the lamp shows the state again"
            : $"the lamp blinks blue for {Core.Limits.IdentifyMs / 60_000} minutes");
    }

    private Decision TestLamp(DateTimeOffset now)
    {
        lampTestFrom = now;
        string colours = string.Join(", ", TestColours);
        return new Decision(null, $"the lamp shows {colours}, {Core.Limits.LampTestColourMs} ms each; then the buzzer chirps");
    }

    /// <summary>The step of the lamp test now: first the colours, then the buzzer; what is none of them is no test.</summary>
    private int LampTestAt(DateTimeOffset now) => (int)Math.Clamp(
        Math.Floor((now - lampTestFrom).TotalMilliseconds / Core.Limits.LampTestColourMs), -1, TestColours.Length + 1);

    /// <summary>The study whose key begins so; null where none or several do.</summary>
    private StudyRecord? Find(string key)
    {
        StudyRecord[] found = key.Length < Limits.StudyKeyShortestDigits
            ? []
            : [.. studies.Values.Where(study => study.Id.StartsWith(key, StringComparison.Ordinal)).Take(2)];
        return found.Length == 1 ? found[0] : null;
    }
}
