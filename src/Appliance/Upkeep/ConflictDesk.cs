using System.Globalization;
using Appliance.Core;

namespace Appliance.Daemon.Upkeep;

/// <summary>What people decide about objects that came with other content under the same UID.</summary>
public sealed class ConflictDesk(Journal journal, Action<Happening> tell, TimeProvider time)
{
    /// <summary>One line for each: keys of study and object, by which it is decided on, then series, size and when it came.</summary>
    /// <param name="study">Empty: of all.</param>
    public CommandAnswer List(string study)
    {
        string[] folders = study.Length > 0
            ? [study]
            : [.. Directory.GetDirectories(journal.Studies).Select(each => Path.GetFileName(each))];
        string[] lines = [.. folders.Where(each => Directory.Exists(journal.FolderOf(each))).SelectMany(journal.ConflictsOf).Select(Line)];
        return CommandAnswer.Success(lines.Length == 0 ? "no object waits for a decision" : "") with { Lines = lines };
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

    private string Line(JournalEntry conflict)
    {
        FileInfo file = new(journal.PathOf(conflict));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{JournalEntry.Key(conflict.Study)} {conflict.ConflictKey}: series {JournalEntry.Key(conflict.Series)}, {file.Length} bytes, "
            + $"came {file.LastWriteTimeUtc:yyyy-MM-dd HH:mm:ss}Z");
    }
}
