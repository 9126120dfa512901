using Appliance.Daemon.Supervision;

namespace Appliance.Daemon;

/// <summary>All senders. What is owed stands in the journal; this is only who works on it.</summary>
public sealed class Outbox(IReadOnlyList<SupervisedSender> senders)
{
    /// <summary>Owes new objects to every destination.</summary>
    /// <param name="arePictures">They are many and large, and let all others go first.</param>
    public void Add(IReadOnlyList<JournalEntry> entries, bool arePictures = false)
    {
        foreach (SupervisedSender sender in senders)
        {
            foreach (JournalEntry entry in entries)
            {
                sender.Add(entry, arePictures);
            }
        }
    }

    /// <summary>Stops sending to a destination after the object in hand, or goes on.</summary>
    public void Pause(string destination, bool paused) => senders.First(sender => sender.Name == destination).Pause(paused);

    /// <summary>Owes what a study's delivery logs do not name: after a restart.</summary>
    public void Resume(ScannedStudy study)
    {
        foreach (SupervisedSender sender in senders)
        {
            foreach (JournalEntry entry in study.Owed.GetValueOrDefault(sender.Name, []))
            {
                sender.Add(entry);
            }
        }
    }

    /// <summary>Runs until stopped.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(senders.Select(sender => sender.RunAsync(stop)));
}
