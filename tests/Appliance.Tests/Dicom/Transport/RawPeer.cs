using System.Net;
using System.Net.Sockets;
using Appliance.Dicom.Network;

namespace Appliance.Tests.Dicom.Transport;

/// <summary>A peer that sends bytes as the test wants them and shows what comes back.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public RawPeer(IPEndPoint server)
    {
        socket.Connect(server);
        socket.ReceiveTimeout = 20_000;
        socket.SendTimeout = 20_000;
    }

    public static byte[] ReleaseRq => PduWriter.ReleaseRq.ToArray();

    /// <summary>A P-DATA-TF with one value.</summary>
    public static byte[] PData(byte contextId, bool isCommand, bool isLast, params byte[] fragment)
    {
        byte[] pdu = new byte[PDataWriter.HeaderBytes + fragment.Length];
        PDataWriter.Header(pdu, contextId, isCommand, isLast, fragment.Length);
        fragment.CopyTo(pdu, PDataWriter.HeaderBytes);
        return pdu;
    }

    public RawPeer Send(params byte[] bytes)
    {
        socket.Send(bytes);
        return this;
    }

    public RawPeer FinishSending()
    {
        socket.Shutdown(SocketShutdown.Send);
        return this;
    }

    /// <summary>The next whole PDU; empty when the server has closed.</summary>
    public byte[] Receive()
    {
        byte[] header = ReceiveExactly(6);
        if (header.Length < 6)
        {
            return header;
        }

        return [.. header, .. ReceiveExactly((header[2] << 24) | (header[3] << 16) | (header[4] << 8) | header[5])];
    }

    /// <summary>Everything until the server closes.</summary>
    public byte[] ReceiveAll() => ReceiveExactly(int.MaxValue);

    /// <summary>Completes when the server sends or closes.</summary>
    public Task<int> ReadableAsync() => socket.ReceiveAsync(new byte[64], SocketFlags.Peek);

    public void Dispose() => socket.Dispose();

    private byte[] ReceiveExactly(int count)
    {
        List<byte> received = [];
        byte[] buffer = new byte[Math.Min(count, 65536)];
        while (received.Count < count)
        {
            int more;
            try
            {
                more = socket.Receive(buffer, 0, Math.Min(buffer.Length, count - received.Count), SocketFlags.None);
            }
            catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
            {
                more = 0;
            }

            if (more == 0)
            {
                break;
            }

            received.AddRange(buffer.AsSpan(0, more));
        }

        return [.. received];
    }
}
