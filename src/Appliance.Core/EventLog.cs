namespace Appliance.Core;

/// <summary>An event that happened.</summary>
/// <param name="Sequence">From 1 since the start of the process, without gaps.</param>
public sealed record EventRecord(long Sequence, DateTimeOffset When, int Number, string Name, EventLevel Level, string Text)
{
    /// <summary>
    /// One line for standard error: journald takes the priority from the prefix (sd-daemon(3)), a terminal's reader
    /// the rest.
    /// </summary>
    public string ToLine(bool journald) =>
        journald ? $"<{(int)Level}>{Number} {Name}: {Text}" : $"{When:HH:mm:ss.fff} {Level,-7} {Number} {Name}: {Text}";
}

/// <summary>The black box: the last events in a ring of fixed size, a counter for each kind, and whoever listens.</summary>
/// <remarks>Any thread may write. The listener is called outside the lock, so two events may reach it in either order.</remarks>
public sealed class EventLog
{
    private readonly EventRecord?[] ring = new EventRecord?[Limits.EventsKeptCount];
    private readonly Dictionary<DeviceEvent, long> counts = [];
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly Action<EventRecord> sink;
    private long written;

    public EventLog(TimeProvider time, Action<EventRecord> sink)
    {
        this.time = time;
        this.sink = sink;
    }

    /// <param name="happened">What.</param>
    /// <param name="values">For the holes of its text, in order, without patient data.</param>
    public void Write(DeviceEvent happened, params ReadOnlySpan<string> values)
    {
        EventDefinition definition = EventCatalogue.Of(happened);
        string text = definition.Fill(values);
        EventRecord record;
        lock (gate)
        {
            record = new EventRecord(written + 1, time.GetUtcNow(), definition.Number, happened.ToString(), definition.Level, text);
            ring[written % ring.Length] = record;
            written++;
            counts[happened] = counts.GetValueOrDefault(happened) + 1;
        }

        sink(record);
    }

    /// <summary>How often since the start, even where the ring has forgotten it.</summary>
    public long CountOf(DeviceEvent happened)
    {
        lock (gate)
        {
            return counts.GetValueOrDefault(happened);
        }
    }

    /// <summary>The last events, oldest first.</summary>
    public IReadOnlyList<EventRecord> Recent(int most = Limits.EventsKeptCount)
    {
        lock (gate)
        {
            int kept = (int)Math.Min(Math.Min(written, ring.Length), most);
            List<EventRecord> recent = new(kept);
            for (long i = written - kept; i < written; i++)
            {
                recent.Add(ring[i % ring.Length]!);
            }

            return recent;
        }
    }
}
