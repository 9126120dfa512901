using System.Net.Sockets;
using System.Text;
using Appliance.Board;
using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>
/// The front panel as a process of its own (<c>appliance --drive-panel</c>): it lights what it was told last, while that holds, and tells
/// what people do at it.
/// </summary>
public sealed class PanelProcess : IDisposable
{
    /// <summary>What it shows without a lease: to whoever stands in front of it, the box wants to be looked at.</summary>
    public static readonly Lamp NoAnswer = new(LampColour.Amber, LampPattern.Steady, "the appliance does not answer");

    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly IBoard board;
    private readonly PanelTelling telling;
    private readonly TimeProvider time;
    private readonly Action alive;
    private Lamp? shown;
    private volatile bool isIdentified;

    /// <param name="telling">To whom it tells what people do at it.</param>
    /// <param name="alive">Called at least each <see cref="Core.Limits.PanelLeaseMs"/>: a watchdog.</param>
    /// <exception cref="SocketException">The socket cannot be made.</exception>
    public PanelProcess(string socketPath, IBoard board, PanelTelling telling, TimeProvider time, Action alive)
    {
        this.board = board;
        this.telling = telling;
        this.time = time;
        this.alive = alive;
        Directory.CreateDirectory(Path.GetDirectoryName(socketPath)!);
        File.Delete(socketPath);
        socket.Bind(new UnixDomainSocketEndPoint(socketPath));

        // The daemon is another user than whoever may write to LEDs; the folder keeps everybody else out.
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(socketPath, Everybody);
        }

        socket.ReceiveTimeout = board.FrameMs > 0 ? board.FrameMs : Core.Limits.PanelLeaseMs;
        if (board is FrontPanel panel)
        {
            // A press asks which box this is, and another one stops asking.
            panel.Pressed += () => telling.Tell(isIdentified ? CommandVerb.IdentifyOff : CommandVerb.IdentifyOn);
            panel.Held += () => telling.Tell(CommandVerb.LampTest);
        }
    }

    /// <summary>Runs until the process ends.</summary>
    public void Run()
    {
        Show(NoAnswer, null);
        byte[] datagram = new byte[Core.Limits.PanelTextBytes];
        long told = time.GetTimestamp();
        while (true)
        {
            // 1. What holds: told anew, or told not so long ago.
            string text = Next(datagram);
            if (PanelText.Read(text) is Lamp lamp)
            {
                told = time.GetTimestamp();
                Show(lamp, PanelText.ReadPlate(text));
            }
            else if (time.GetElapsedTime(told).TotalMilliseconds >= Core.Limits.PanelLeaseMs)
            {
                Show(NoAnswer, null);
            }

            // 2. What moves, and what is wrong with it.
            board.Draw();
            telling.Report(board.Troubles);
            alive();
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>What holds from now on; empty where nobody said anything. What is no lamp renews nothing.</summary>
    private string Next(byte[] datagram)
    {
        try
        {
            return Encoding.UTF8.GetString(datagram, 0, socket.Receive(datagram));
        }
        catch (SocketException silent) when (silent.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return "";
        }
    }

    /// <param name="plate">Null: of a daemon that does not answer nothing is said that may not hold any more.</param>
    private void Show(Lamp lamp, Plate? plate)
    {
        if (board is FrontPanel panel)
        {
            panel.Plate = plate;
        }

        isIdentified = lamp is { Colour: LampColour.Blue, Pattern: LampPattern.Blinking };
        if (lamp != shown)
        {
            // A lamp that could not be lit is tried again with the next lease.
            shown = board.Set(lamp) is null ? lamp : null;
        }
    }
}
