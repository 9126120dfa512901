using System.Net.Sockets;
using System.Text;
using Appliance.Board;
using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>
/// The daemon's side of the panel: tells the panel's process what the lamp is to show. Each telling is a lease; a process that is not
/// told again in time says by itself that the appliance does not answer.
/// </summary>
/// <remarks>A datagram over a Unix socket, never waited for: a panel that hangs or is gone costs nothing but its light.</remarks>
/// <param name="drawing">Where the lamp is drawn too: the terminal of a demo.</param>
/// <param name="isNeeded">The box has a panel: it is told when nobody listens.</param>
public sealed class PanelLease(string socketPath, IBoard drawing, bool isNeeded) : IBoard, IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    private readonly UnixDomainSocketEndPoint panel = new(socketPath);
    private volatile string text = "";

    public string Name => drawing.Name;

    public Refusal? Set(Lamp lamp)
    {
        text = PanelText.Of(lamp);
        return drawing.Set(lamp) ?? Renew();
    }

    /// <summary>The lamp holds for <see cref="Core.Limits.PanelLeaseMs"/> from now. The control thread says so while it lives.</summary>
    public Refusal? Renew()
    {
        try
        {
            socket.SendTo(Encoding.UTF8.GetBytes(text), SocketFlags.None, panel);
            return null;
        }
        catch (SocketException failure)
        {
            return isNeeded
                ? new Refusal(RefusalReason.NotReachable, $"the panel's process does not answer ({failure.SocketErrorCode})")
                : null;
        }
    }

    public int FrameMs => drawing.FrameMs;

    public IReadOnlyList<string> Troubles => drawing.Troubles;

    public void Draw() => drawing.Draw();

    public IReadOnlyList<Temperature> Temperatures() => drawing.Temperatures();

    public void Dispose() => socket.Dispose();
}

/// <summary>A lamp in a datagram: colour, pattern, meaning, with a space between.</summary>
public static class PanelText
{
    public static string Of(Lamp lamp) => $"{lamp.Colour} {lamp.Pattern} {lamp.Meaning}";

    /// <summary>Null where it is none.</summary>
    public static Lamp? Read(string text) =>
        text.Split(' ', 3) is [string colour, string pattern, string meaning]
        && Enum.TryParse(colour, out LampColour read) && Enum.IsDefined(read)
        && Enum.TryParse(pattern, out LampPattern how) && Enum.IsDefined(how)
            ? new Lamp(read, how, meaning)
            : null;
}
