using System.Net.Sockets;

namespace Appliance.Dicom.Transport;

/// <summary>A TCP connection as a stream. Whatever wraps the stream later (TLS) changes nothing above.</summary>
/// <remarks>
/// TCP_NODELAY lets our own responses go at once. TCP_QUICKACK makes Linux acknowledge at once what the peer sent: a
/// peer with Nagle's algorithm on (stock dcmtk) holds its last small segment back until then, 40 ms for every message. The
/// kernel takes the option back by itself, hence it is set again after each receive.
/// </remarks>
internal sealed class Connection : IDisposable
{
    private const int IpProtocolTcp = 6;
    private const int TcpQuickAck = 12;

    private readonly Socket socket;
    private readonly Stream stream;
    private readonly byte[] one = BitConverter.GetBytes(1);

    public Connection(Socket socket)
    {
        this.socket = socket;
        socket.NoDelay = true;
        stream = new NetworkStream(socket, ownsSocket: true);
        AcknowledgeAtOnce();
    }

    /// <returns>0 when the peer has closed.</returns>
    public ValueTask<int> ReceiveAsync(Memory<byte> to, CancellationToken cancel) => stream.ReadAsync(to, cancel);

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => stream.WriteAsync(bytes, cancel);

    public void AcknowledgeAtOnce()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            socket.SetRawSocketOption(IpProtocolTcp, TcpQuickAck, one);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The connection has gone; the next receive says so.
        }
    }

    /// <summary>Tells the peer that nothing follows, and still reads what it sends.</summary>
    public void FinishSending() => Shutdown(socket, SocketShutdown.Send);

    /// <summary>Also of a connection that another thread may just be closing.</summary>
    internal static void Shutdown(Socket socket, SocketShutdown what)
    {
        try
        {
            socket.Shutdown(what);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }
    }

    public void Dispose() => stream.Dispose();
}
