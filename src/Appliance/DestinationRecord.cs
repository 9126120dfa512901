using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>What the control thread knows of one destination.</summary>
public sealed class DestinationRecord(DestinationSettings settings)
{
    private bool? reachable;
    private long delivered;
    private DateTimeOffset? lastErrorAt;

    /// <summary>As the settings say until somebody says otherwise; the next start asks the settings again.</summary>
    public bool IsPaused { get; set; } = settings.Paused;

    public string Name => settings.Name;

    public bool IsDown => reachable == false;

    public bool IsWell => reachable == true;

    /// <summary>Why it did not answer, the last time that it did not; null where it always has.</summary>
    public string? LastError { get; private set; }

    /// <summary>When it took an object; null where it never has since the start.</summary>
    public DateTimeOffset? LastDeliveredAt { get; private set; }

    /// <summary>Which of the objects it is owed.</summary>
    public IEnumerable<JournalEntry> Owes(IReadOnlyList<JournalEntry> entries) =>
        Owed.To(settings, entries).Select(each => each.Entry);

    public void Seen(DestinationSeen seen)
    {
        reachable = seen.Down is null;
        if (seen.Down is not null)
        {
            LastError = seen.Down.Text;
            lastErrorAt = seen.When;
        }
    }

    public void Delivered(DateTimeOffset when)
    {
        delivered++;
        LastDeliveredAt = when;
    }

    public DestinationStatus ToStatus(IEnumerable<StudyRecord> studies)
    {
        int owed = 0;
        int held = 0;
        foreach (StudyRecord study in studies)
        {
            owed += study.OwedTo(settings.Name);
            held += study.HeldFor(settings.Name);
        }

        return new DestinationStatus(
            settings.Name, settings.AeTitle, settings.IsFolder ? settings.FolderRoot : settings.Host, settings.Port, IsPaused, reachable,
            owed, held, delivered,
            LastError, lastErrorAt, LastDeliveredAt);
    }
}
