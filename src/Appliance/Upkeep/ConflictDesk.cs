using Appliance.Core;

namespace Appliance.Daemon.Upkeep;

/// <summary>What people decide about objects that came with other content under the same UID.</summary>
public sealed class ConflictDesk(Journal journal, Action<Happening> tell, TimeProvider time)
{
    /// <summary>What waits for a decision.</summary>
    /// <param name="study">Empty: of all.</param>
    public CommandAnswer List(string study)
    {
        string[] folders = study.Length > 0
            ? [study]
            : [.. Directory.GetDirectories(journal.Studies).Select(each => Path.GetFileName(each))];
        ContentConflict[] waiting =
            [.. folders.Where(each => Directory.Exists(journal.FolderOf(each))).SelectMany(journal.ConflictsOf).Select(Shown)];
        return CommandAnswer.Success(waiting.Length == 0 ? "no object waits for a decision" : "") with { Conflicts = waiting };
    }

    /// <param name="key">Of the object, as the list shows it.</param>
    public CommandAnswer Discard(string study, string key)
    {
        if (Find(study, key) is not JournalEntry conflict)
        {
            return Unknown();
        }

        journal.Discard(conflict);
        tell(new ConflictResolved(time.GetUtcNow(), conflict, Accepted: false));
        return CommandAnswer.Success($"object {conflict.ConflictKey} is deleted; the first one stays");
    }

    /// <summary>The rest is to be done: the study is to be sent again and the series to be analysed.</summary>
    /// <returns>The conflict that was resolved, or null with the answer.</returns>
    public (JournalEntry? Accepted, CommandAnswer Answer) Accept(string study, string key)
    {
        if (Find(study, key) is not JournalEntry conflict)
        {
            return (null, Unknown());
        }

        journal.Accept(conflict);
        tell(new ConflictResolved(time.GetUtcNow(), conflict, Accepted: true));
        return (conflict, CommandAnswer.Success(
            $"object {conflict.ConflictKey} is in the place of the first one; its study is sent and its series analysed again"));
    }

    private JournalEntry? Find(string study, string key) =>
        journal.ConflictsOf(study).Where(each => each.ConflictKey == key).Take(2).ToArray() is [JournalEntry one] ? one : null;

    private static CommandAnswer Unknown() => CommandAnswer.Failure("no such object: conflicts list shows study and object of each");

    private ContentConflict Shown(JournalEntry conflict)
    {
        FileInfo file = new(journal.PathOf(conflict));
        return new ContentConflict(
            JournalEntry.Key(conflict.Study), conflict.ConflictKey, JournalEntry.Key(conflict.Series), file.Length, file.LastWriteTimeUtc);
    }
}
