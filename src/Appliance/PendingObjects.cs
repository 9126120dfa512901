using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>One object that a destination is still to get.</summary>
public sealed class PendingObject(OwedObject owed)
{
    public JournalEntry Entry { get; } = owed.Entry;

    /// <summary>See <see cref="OwedObject"/>.</summary>
    public JournalEntry? LabelMap { get; } = owed.LabelMap;

    /// <summary>An annotated slice or a view: one of many, which segmentations and reports overtake.</summary>
    public bool IsPicture { get; } = owed.Entry.Kind?.IsPicture() == true;

    /// <summary>How often the destination did not take it.</summary>
    public int Failures { get; set; }

    /// <summary>The destination will not take it as it is.</summary>
    public bool IsHeld { get; set; }
}

/// <summary>
/// What one destination is still to get, in order: originals as they came, then results, then annotated slices, and each set back one
/// when its time has come.
/// </summary>
/// <remarks>Time is an argument (since the daemon's start). Safe for one taker and many adders.</remarks>
public sealed class PendingObjects
{
    private readonly Lock gate = new();
    private readonly LinkedList<PendingObject> originals = new();
    private readonly LinkedList<PendingObject> results = new();
    private readonly LinkedList<PendingObject> pictures = new();
    private readonly PriorityQueue<PendingObject, TimeSpan> setBack = new();
    private int held;

    /// <summary>All that is pending, held objects included.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return originals.Count + results.Count + pictures.Count + setBack.Count;
            }
        }
    }

    /// <summary>Of these, the ones that the destination will not take as they are.</summary>
    public int Held
    {
        get
        {
            lock (gate)
            {
                return held;
            }
        }
    }

    public void Add(PendingObject item)
    {
        lock (gate)
        {
            ListOf(item).AddLast(item);
        }
    }

    /// <summary>The next object to send, or null. The caller puts it back or forgets it.</summary>
    public PendingObject? Take(TimeSpan now)
    {
        lock (gate)
        {
            while (setBack.TryPeek(out PendingObject? due, out TimeSpan at) && at <= now)
            {
                setBack.Dequeue();
                held -= due.IsHeld ? 1 : 0;
                due.IsHeld = false;
                ListOf(due).AddLast(due);
            }

            LinkedList<PendingObject> list = originals.Count > 0 ? originals : results.Count > 0 ? results : pictures;
            PendingObject? first = list.First?.Value;
            if (first is not null)
            {
                list.RemoveFirst();
            }

            return first;
        }
    }

    /// <summary>The destination could not be reached: the object is the next again.</summary>
    public void PutBack(PendingObject item)
    {
        lock (gate)
        {
            ListOf(item).AddFirst(item);
        }
    }

    /// <summary>The destination did not take it: the others go first.</summary>
    public void SetBack(PendingObject item, TimeSpan until)
    {
        lock (gate)
        {
            held += item.IsHeld ? 1 : 0;
            setBack.Enqueue(item, until);
        }
    }

    /// <summary>When the next object that was set back is due, or null.</summary>
    public TimeSpan? NextDue()
    {
        lock (gate)
        {
            return setBack.TryPeek(out _, out TimeSpan at) ? at : null;
        }
    }

    /// <summary>Up to so many of the objects that come next: what an association has to be negotiated for.</summary>
    public IReadOnlyList<PendingObject> Peek(int count)
    {
        lock (gate)
        {
            return [.. originals.Concat(results).Concat(pictures).Take(count)];
        }
    }

    private LinkedList<PendingObject> ListOf(PendingObject item) =>
        item.IsPicture ? pictures : item.Entry.IsResult ? results : originals;
}
