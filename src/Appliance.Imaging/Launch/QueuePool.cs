using Appliance.Core;

namespace Appliance.Imaging.Launch;

/// <summary>The queues of one machine, made when first needed and used again: renting one allocates nothing in steady state.</summary>
internal sealed class QueuePool(Launcher launcher, long scratchBytes, int queuesMost) : IDisposable
{
    private readonly Lock gate = new();
    private readonly LaunchQueue[] idle = new LaunchQueue[queuesMost];
    private int idleCount;
    private int made;
    private bool closed;

    public Launcher Launcher => launcher;

    /// <summary>Callers that have a queue now.</summary>
    public int Rented { get; private set; }

    /// <summary>A queue, or a refusal: all are in use, or the machine has no memory for another.</summary>
    public Outcome<LaunchQueue> Rent()
    {
        lock (gate)
        {
            if (idleCount > 0)
            {
                Rented++;
                return idle[--idleCount];
            }

            if (closed || made == queuesMost)
            {
                return new Refusal(RefusalReason.OutOfMemory, $"{launcher.Name} works for {made} callers already.");
            }

            Outcome<LaunchQueue> queue = launcher.NewQueue(scratchBytes);
            if (!queue.Refused)
            {
                made++;
                Rented++;
            }

            return queue;
        }
    }

    public void Return(LaunchQueue queue)
    {
        lock (gate)
        {
            Rented--;
            if (!closed)
            {
                idle[idleCount++] = queue;
                return;
            }

            queue.Dispose();
            EndWhenUnused();
        }
    }

    /// <summary>Gives the memory of idle queues back.</summary>
    public void Rest()
    {
        lock (gate)
        {
            while (idleCount > 0)
            {
                idle[--idleCount].Dispose();
                made--;
            }
        }
    }

    /// <summary>No queue is rented any more; the machine ends with the last that is given back.</summary>
    public void Dispose()
    {
        Rest();
        lock (gate)
        {
            if (!closed)
            {
                closed = true;
                EndWhenUnused();
            }
        }
    }

    private void EndWhenUnused()
    {
        if (Rented == 0)
        {
            launcher.Dispose();
        }
    }
}
