using System.Net.Sockets;

namespace Appliance.Daemon.Supervision;

/// <summary>
/// The heart of everything that has no thread of its own: a byte goes through a socket, the event loop of all sockets, a timer and the
/// thread pool. Where it does not come back, associations, page and answers have stopped too.
/// </summary>
public sealed class SocketPulse(Supervisor supervisor, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(Limits.SupervisionMs);

    /// <summary>Runs until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        // An abstract name: no file is left behind by a process that was killed.
        UnixDomainSocketEndPoint here = new($"\0appliance-pulse-{Environment.ProcessId}-{Guid.NewGuid():N}");
        using Socket receiver = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        using Socket sender = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        receiver.Bind(here);
        using Work heart = supervisor.Beating(new Worker("sockets"), Operations.Roundtrip);
        using PeriodicTimer timer = new(Period, time);
        byte[] one = [1];
        byte[] received = new byte[1];
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                // Asked for first: what is there already would be taken without the event loop.
                ValueTask<int> receiving = receiver.ReceiveAsync(received, stop);
                sender.SendTo(one, SocketFlags.None, here);
                await receiving.ConfigureAwait(false);
                heart.Beat();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to end.
        }
    }
}
