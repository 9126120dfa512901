using System.Globalization;
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
public sealed class PanelLease(string socketPath, IBoard drawing, bool isNeeded, TimeProvider time) : IBoard, IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    private readonly UnixDomainSocketEndPoint panel = new(socketPath);
    private volatile string lampText = "";
    private volatile string plateText = "";
    private string? ownAddress;
    private long addressAt;

    public string Name => drawing.Name;

    public Refusal? Set(Lamp lamp)
    {
        lampText = PanelText.Of(lamp);
        return drawing.Set(lamp) ?? Renew();
    }

    /// <summary>The lamp holds for <see cref="Core.Limits.PanelLeaseMs"/> from now. The control thread says so while it lives.</summary>
    public Refusal? Renew(Plate plate)
    {
        plateText = PanelText.Of(plate.IsAnywhere ? plate with { Address = OwnAddress() } : plate);
        return Renew();
    }

    /// <summary>
    /// The first address of this machine; it may be given another one while this runs. Looked up here: the panel's process has no network.
    /// </summary>
    private string OwnAddress()
    {
        if (ownAddress is null || time.GetElapsedTime(addressAt).TotalMilliseconds >= Limits.OwnAddressMs)
        {
            (ownAddress, addressAt) = (OwnAddresses.All().FirstOrDefault(Environment.MachineName), time.GetTimestamp());
        }

        return ownAddress;
    }

    private Refusal? Renew()
    {
        try
        {
            socket.SendTo(Encoding.UTF8.GetBytes(lampText + plateText), SocketFlags.None, panel);
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

/// <summary>A datagram: colour, pattern, sound and meaning of the lamp with a space between; then, each in a line, the plate.</summary>
public static class PanelText
{
    public static string Of(Lamp lamp) => $"{lamp.Colour} {lamp.Pattern} {lamp.Sound} {lamp.Meaning}";

    public static string Of(Plate plate) => $"\n{plate.AeTitle}\n{plate.Address}\n{plate.Port}\n{plate.Study}\n{plate.StudyState}";

    /// <summary>Null where it is no lamp.</summary>
    public static Lamp? Read(string text) =>
        text.Split('\n')[0].Split(' ', 4) is [string colour, string pattern, string sound, string meaning]
        && Enum.TryParse(colour, out LampColour read) && Enum.IsDefined(read)
        && Enum.TryParse(pattern, out LampPattern how) && Enum.IsDefined(how)
        && Enum.TryParse(sound, out LampSound heard) && Enum.IsDefined(heard)
            ? new Lamp(read, how, meaning, heard)
            : null;

    /// <summary>Null where nothing is on it, or what is no plate.</summary>
    public static Plate? ReadPlate(string text) =>
        text.Split('\n') is [_, string title, string address, string port, string study, string state]
        && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new Plate(title, address, number, study, state)
            : null;
}
