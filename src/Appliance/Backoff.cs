using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>How long to wait after a failure. Nothing is ever given up; the waits only grow to a bound.</summary>
public static class Backoff
{
    // One object that the destination could not take now, while it takes others.
    private static readonly TimeSpan ObjectFirst = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ObjectLongest = TimeSpan.FromMinutes(10);

    /// <summary>A held object is offered again so that a destination that was reconfigured gets it without anyone's help here.</summary>
    public static TimeSpan Held { get; } = TimeSpan.FromHours(1);

    /// <summary>After the n-th failure in a row, from 1, to reach the destination or to keep its association.</summary>
    public static TimeSpan OfDestination(int failures, DestinationSettings settings) =>
        Doubled(settings.RetryFirst, settings.RetryLongest, failures);

    /// <summary>After the n-th time, from 1, that the destination did not take the object.</summary>
    public static TimeSpan OfObject(int failures) => Doubled(ObjectFirst, ObjectLongest, failures);

    private static TimeSpan Doubled(TimeSpan first, TimeSpan longest, int failures)
    {
        // 2^20 seconds are 12 days: beyond any bound here, and far from overflow.
        TimeSpan wait = first * Math.Pow(2, Math.Clamp(failures - 1, 0, 20));
        return wait < longest ? wait : longest;
    }
}
