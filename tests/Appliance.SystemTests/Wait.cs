using System.Diagnostics;

namespace Appliance.SystemTests;

/// <summary>Waiting for another process. Only here: what we wait for is outside, there is no signal of ours to wait on.</summary>
internal static class Wait
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public static void Until(Func<bool> condition, string what, TimeSpan limit)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using ManualResetEventSlim never = new();
        while (!condition())
        {
            if (watch.Elapsed > limit)
            {
                throw new TimeoutException($"{what}: not within {limit.TotalSeconds} s");
            }

            never.Wait(Poll);
        }
    }
}
