using System.Net.Sockets;
using System.Text;
using Appliance.Board;
using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>
/// The front panel as a process of its own (<c>appliance --drive-panel</c>): it lights what it was told last, while that holds.
/// </summary>
public sealed class PanelProcess : IDisposable
{
    /// <summary>What it shows without a lease: to whoever stands in front of it, the box wants to be looked at.</summary>
    public static readonly Lamp NoAnswer = new(LampColour.Amber, LampPattern.Steady, "the appliance does not answer");

    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly IBoard board;
    private Lamp? shown;

    /// <exception cref="SocketException">The socket cannot be made.</exception>
    public PanelProcess(string socketPath, IBoard board)
    {
        this.board = board;
        Directory.CreateDirectory(Path.GetDirectoryName(socketPath)!);
        File.Delete(socketPath);
        socket.Bind(new UnixDomainSocketEndPoint(socketPath));

        // The daemon is another user than whoever may write to LEDs; the folder keeps everybody else out.
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(socketPath, Everybody);
        }

        socket.ReceiveTimeout = Core.Limits.PanelLeaseMs;
    }

    /// <summary>Runs until the process ends.</summary>
    public void Run()
    {
        Show(NoAnswer);
        byte[] datagram = new byte[Core.Limits.PanelTextBytes];
        while (true)
        {
            Show(Next(datagram) ?? NoAnswer);
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>What holds from now on; null where the lease ran out. What is no lamp renews nothing.</summary>
    private Lamp? Next(byte[] datagram)
    {
        try
        {
            return PanelText.Read(Encoding.UTF8.GetString(datagram, 0, socket.Receive(datagram)));
        }
        catch (SocketException lapsed) when (lapsed.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return null;
        }
    }

    private void Show(Lamp lamp)
    {
        if (lamp != shown)
        {
            // A lamp that could not be lit is tried again with the next lease.
            shown = board.Set(lamp) is null ? lamp : null;
        }
    }
}
