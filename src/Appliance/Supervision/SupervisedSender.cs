using Appliance.Core;

namespace Appliance.Daemon.Supervision;

/// <summary>
/// A destination's sender as others see it: another one in its place where it hangs. What it held in hand waits, as if it were refused.
/// </summary>
public sealed class SupervisedSender
{
    private static readonly Refusal Stuck = new(
        RefusalReason.DestinationRefused, "Reading it from the journal did not come back in its time. Check the disk.");

    private readonly Lock gate = new();
    private readonly PendingObjects pending = new();
    private readonly Func<PendingObjects, long, Worker, Sender> make;
    private readonly long start;
    private readonly Worker worker;
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Sender sender;
    private int wishes;
    private CancellationToken stopping;

    /// <param name="make">A sender of that queue, with its times from that moment on.</param>
    public SupervisedSender(DestinationSettings destination, Func<PendingObjects, long, Worker, Sender> make, TimeProvider time)
    {
        Destination = destination;
        this.make = make;
        start = time.GetTimestamp();
        worker = new Worker($"sender {destination.Name}", Replace);
        sender = make(pending, start, worker);
    }

    public DestinationSettings Destination { get; }

    public string Name => Destination.Name;

    public void Add(OwedObject owed)
    {
        lock (gate)
        {
            sender.Add(owed);
        }
    }

    /// <summary>Stops after the object in hand.</summary>
    public void Pause()
    {
        lock (gate)
        {
            wishes++;
            sender.Pause(true);
        }
    }

    /// <summary>Goes on as soon as that has been asked, whatever the answer, unless it was paused again meanwhile.</summary>
    /// <remarks>Asked before, not beside it: many a destination takes one association at a time.</remarks>
    public async Task<T> ResumeAsync<T>(Func<Task<T>> ask)
    {
        int mine;
        lock (gate)
        {
            mine = ++wishes;
        }

        try
        {
            return await ask().ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
            {
                if (mine == wishes)
                {
                    sender.Pause(false);
                }
            }
        }
    }

    /// <summary>Runs until stopped.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        lock (gate)
        {
            stopping = stop;
            Begin(sender);
        }

        return stopped.Task;
    }

    private void Begin(Sender next) => Task.Run(() => next.RunAsync(stopping), CancellationToken.None).ContinueWith(
        ended =>
        {
            // One that was given up ends whenever it comes back; the one that counts ends when it is told to.
            if (ReferenceEquals(next, sender))
            {
                _ = ended.IsFaulted ? stopped.TrySetException(ended.Exception!) : stopped.TrySetResult();
            }
        },
        TaskScheduler.Default);

    private void Replace(Work work)
    {
        lock (gate)
        {
            Sender before = sender;
            sender = make(pending, start, worker);
            sender.Pause(before.IsPaused);
            if (work.Subject is PendingObject given)
            {
                sender.Hold(given, Stuck);
            }

            Begin(sender);
        }
    }
}
