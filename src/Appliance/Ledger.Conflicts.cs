using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>One UID, two objects or two places: told, and the first left to people to decide about.</summary>
public sealed partial class Ledger
{
    private void TellOfPlace(JournalEntry entry, (string Study, string Series)? there)
    {
        if (there is (string study, string series))
        {
            events.Write(
                DeviceEvent.InstanceElsewhere, ObjectKey(entry), Key(entry.Series), Key(entry.Study), Key(series), Key(study));
        }
    }

    private void Apply(ConflictResolved resolved)
    {
        if (studies.TryGetValue(resolved.Conflict.Study, out StudyRecord? study))
        {
            study.Resolved(resolved);
            AlarmOfConflicts(study, resolved.When);
        }
    }

    private void AlarmOfConflicts(StudyRecord study, DateTimeOffset when)
    {
        if (study.Conflicts == 0)
        {
            Clear($"conflict {study.Id}");
        }
        else
        {
            Raise(
                $"conflict {study.Id}",
                DeviceEvent.ContentConflict,
                AlarmLevel.Attention,
                $"study {Key(study.Id)}: {study.Conflicts} objects came with other content under a UID that was there",
                when,
                study: Key(study.Id));
        }
    }

    /// <summary>Accepted, the whole study is sent again: that is refused where a resend would be.</summary>
    private Decision Conflict(CommandRequest request)
    {
        string key = request.Target.Split(' ')[0];
        return Find(key) is not StudyRecord study ? Refuse(NoSuchStudy)
            : study.Conflicts == 0 ? Refuse("nothing of it waits for a decision")
            : study.Id == removing ? Refuse("it is being removed")
            : request.Verb == CommandVerb.ConflictDiscard || destinations.Count == 0 ? OfStudy(key)
            : study.IsOpen ? Refuse("it is still being received or analysed")
            : Resend(key);
    }
}
