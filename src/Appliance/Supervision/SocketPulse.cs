using System.Net.Sockets;

namespace Appliance.Daemon.Supervision;

/// <summary>
/// The hearts of what has no thread of its own: the thread pool, and the event loop of all sockets. Where one of them stops, associations,
/// page and answers have stopped too.
/// </summary>
/// <remarks>
/// A pool that is busy is no pool that hangs: it lives while it ends any piece of work, however long ours waits in its queue. And a byte
/// that does not come back says something about the sockets only while the pool has time to take it.
/// </remarks>
public sealed class SocketPulse(Supervisor supervisor)
{
    private volatile bool poolRan;
    private volatile bool hasCome;

    /// <summary>Goes on until stopped, on a thread of its own.</summary>
    public void Start(CancellationToken stop) => new Thread(() => Loop(stop)) { Name = "pulse", IsBackground = true }.Start();

    private void Loop(CancellationToken stop)
    {
        // An abstract name: no file is left behind by a process that was killed.
        UnixDomainSocketEndPoint here = new($"\0appliance-pulse-{Environment.ProcessId}-{Guid.NewGuid():N}");
        using Socket receiver = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        using Socket sender = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        receiver.Bind(here);
        using Work pool = supervisor.Beating(new Worker("thread pool"), Operations.Roundtrip);
        using Work sockets = supervisor.Beating(new Worker("sockets"), Operations.Roundtrip);
        (poolRan, hasCome) = (true, true);
        long completed = 0;
        while (!stop.WaitHandle.WaitOne(Limits.SupervisionMs))
        {
            // 1. What came of the last round.
            long ended = ThreadPool.CompletedWorkItemCount;
            if (poolRan || ended != completed)
            {
                pool.Beat();
            }

            if (hasCome || !poolRan)
            {
                sockets.Beat();
            }

            completed = ended;

            // 2. The next one: a byte, and behind it a piece of work.
            if (hasCome)
            {
                hasCome = false;
                _ = ReceiveAsync(receiver, stop);
                sender.SendTo([1], SocketFlags.None, here);
            }

            if (poolRan)
            {
                poolRan = false;
                ThreadPool.UnsafeQueueUserWorkItem(static pulse => pulse.poolRan = true, this, preferLocal: false);
            }
        }
    }

    private async Task ReceiveAsync(Socket receiver, CancellationToken stop)
    {
        try
        {
            // Asked for before it is sent: what is there already would be taken without the event loop.
            await receiver.ReceiveAsync(new byte[1], stop).ConfigureAwait(false);
            hasCome = true;
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Asked to end, or the sockets were closed meanwhile.
        }
    }
}
