using Appliance.Daemon.Supervision;

namespace Appliance.Daemon;

/// <summary>All senders. What is owed stands in the journal; this is only who works on it.</summary>
public sealed class Outbox(IReadOnlyList<SupervisedSender> senders, Action<Happening> tell, TimeProvider time)
{
    /// <summary>Owes new objects to the destinations whose settings ask for them.</summary>
    public void Add(IReadOnlyList<JournalEntry> entries)
    {
        foreach (SupervisedSender sender in senders)
        {
            foreach (OwedObject owed in Owed.To(sender.Destination, entries))
            {
                sender.Add(owed);
            }
        }
    }

    /// <summary>Results have their names in the journal, which owes them from now on: that is told, and they go out.</summary>
    /// <param name="revision">Of the results of their series.</param>
    public void Owe(IReadOnlyList<JournalEntry> results, int revision = 1)
    {
        if (results.Count > 0)
        {
            tell(new ResultsStored(time.GetUtcNow(), results, revision));
            Add(results);
        }
    }

    /// <summary>Stops sending to a destination after the object in hand.</summary>
    public void Pause(string destination) => Of(destination).Pause();

    /// <summary>Goes on with sending as soon as that has been asked, whatever the answer, unless it was paused again meanwhile.</summary>
    public Task<T> ResumeAsync<T>(string destination, Func<Task<T>> ask) => Of(destination).ResumeAsync(ask);

    /// <summary>Owes what a study's delivery logs do not name: after a restart.</summary>
    public void Resume(ScannedStudy study)
    {
        foreach (SupervisedSender sender in senders)
        {
            foreach (OwedObject owed in study.Owed.GetValueOrDefault(sender.Name, []))
            {
                sender.Add(owed);
            }
        }
    }

    /// <summary>Runs until stopped.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(senders.Select(sender => sender.RunAsync(stop)));

    private SupervisedSender Of(string destination) => senders.First(sender => sender.Name == destination);
}
