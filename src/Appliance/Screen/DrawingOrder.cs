using Appliance.Core;

namespace Appliance.Daemon.Screen;

/// <summary>Where the threads that draw stand: behind everything, unless a picture is late.</summary>
/// <remarks>
/// Beside two scanners there is processor enough for pictures, but whoever wakes must not wait for them: they take what is left over. While
/// networks take all of every processor nothing is left over, and a finger that turns a study would turn nothing: then they take a tenth of
/// a share, and for a while after.
/// </remarks>
public sealed class DrawingOrder : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<int> threads = [];
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private bool draws;
    private bool mayComeBack;
    private long? lateAt;

    public DrawingOrder(TimeProvider time)
    {
        this.time = time;
        timer = time.CreateTimer(_ => Late(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The thread that calls draws, until it leaves.</summary>
    public void Join()
    {
        lock (gate)
        {
            threads.Add(OwnThread.Id);

            // Whoever may not go further to the front may not come back from behind everything either.
            mayComeBack = OwnThread.Stand(ThreadOrder.Reception);
            OwnThread.Stand(ThreadOrder.Pictures);
        }
    }

    /// <summary>The thread that calls is about to end.</summary>
    public void Leave()
    {
        lock (gate)
        {
            threads.Remove(OwnThread.Id);
        }
    }

    /// <summary>A picture begins.</summary>
    public void Begin()
    {
        lock (gate)
        {
            draws = true;
            if (mayComeBack)
            {
                bool isLate = lateAt is long at && time.GetElapsedTime(at).TotalMilliseconds < Limits.PicturesInHasteMs;
                Stand(isLate ? ThreadOrder.Pictures : ThreadOrder.Leftover);
                timer.Change(TimeSpan.FromMilliseconds(Limits.PictureLateMs), Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>It is drawn, or given up.</summary>
    public void End()
    {
        lock (gate)
        {
            draws = false;
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => timer.Dispose();

    private void Late()
    {
        // A thread that only has what is left over may hold it for long, and this one is of the pool that receives.
        if (!gate.TryEnter())
        {
            timer.Change(TimeSpan.FromMilliseconds(Limits.PictureLateMs), Timeout.InfiniteTimeSpan);
            return;
        }

        try
        {
            if (draws)
            {
                lateAt = time.GetTimestamp();
                Stand(ThreadOrder.Pictures);
            }
        }
        finally
        {
            gate.Exit();
        }
    }

    private void Stand(ThreadOrder there) => threads.ForEach(thread => OwnThread.Stand(there, thread));
}
