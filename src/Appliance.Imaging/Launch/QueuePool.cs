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
    private bool ended;

    public Launcher Launcher => launcher;

    /// <summary>Callers that have chosen this machine and are not done.</summary>
    public int Callers { get; private set; }

    /// <summary>A caller comes; it rents and returns, and then goes.</summary>
    public void Come()
    {
        lock (gate)
        {
            Callers++;
        }
    }

    public void Go()
    {
        lock (gate)
        {
            Callers--;
            EndWhenUnused();
        }
    }

    /// <summary>A queue, or a refusal: all are in use, or the machine has no memory for another.</summary>
    public Outcome<LaunchQueue> Rent()
    {
        lock (gate)
        {
            if (idleCount > 0)
            {
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
            }

            return queue;
        }
    }

    public void Return(LaunchQueue queue)
    {
        lock (gate)
        {
            if (closed)
            {
                queue.Dispose();
            }
            else
            {
                idle[idleCount++] = queue;
            }
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

    /// <summary>No queue is rented any more; the machine ends with its last caller.</summary>
    public void Dispose()
    {
        Rest();
        lock (gate)
        {
            closed = true;
            EndWhenUnused();
        }
    }

    private void EndWhenUnused()
    {
        if (closed && Callers == 0 && !ended)
        {
            ended = true;
            launcher.Dispose();
        }
    }
}
