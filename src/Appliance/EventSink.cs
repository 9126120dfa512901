using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>Where events are written: to journald as fields (systemd.journal-fields(7)), else as lines on standard error.</summary>
/// <remarks>
/// Fields of an event: MESSAGE, PRIORITY, MESSAGE_ID, EVENT (its stable number), EVENT_NAME, SYSLOG_IDENTIFIER. So
/// <c>journalctl EVENT=307</c> finds all misses of the budget. Studies and series are hashes in MESSAGE, as everywhere.
/// </remarks>
public sealed class EventSink : IDisposable
{
    /// <summary>The native protocol of journald (systemd, "Native Journal Protocol").</summary>
    public const string JournalSocket = "/run/systemd/journal/socket";

    // The first 28 digits of every MESSAGE_ID of ours; the last four are the event's number.
    private const string Ours = "9b0d4c7e51f243a88c1e6a2f7d35";

    private readonly TextWriter lines;
    private readonly bool underSystemd;
    private readonly Socket? journal;

    /// <param name="underSystemd">Standard error is journald's: lines carry its priorities.</param>
    /// <param name="socket">Journald's; not asked unless under systemd.</param>
    public EventSink(TextWriter lines, bool underSystemd, string socket = JournalSocket)
    {
        this.lines = lines;
        this.underSystemd = underSystemd;
        journal = underSystemd && File.Exists(socket) ? Connected(socket) : null;
    }

    /// <summary>128 bits, the same for each event of one number on every box (sd-id128(3)).</summary>
    public static string MessageId(int number) => string.Create(CultureInfo.InvariantCulture, $"{Ours}{number:0000}");

    /// <summary>Any thread. Never waits for journald: what its socket does not take at once goes to standard error.</summary>
    public void Write(EventRecord record)
    {
        if (journal is null || !TrySend(Fields(record)))
        {
            lines.WriteLine(record.ToLine(underSystemd));
        }
    }

    public void Dispose() => journal?.Dispose();

    private static Socket? Connected(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>One field a line; the event log has taken control characters out of the text.</summary>
    private static byte[] Fields(EventRecord record) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"MESSAGE={record.Number} {record.Name}: {record.Text}\nPRIORITY={(int)record.Level}\nMESSAGE_ID={MessageId(record.Number)}\n")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"EVENT={record.Number}\nEVENT_NAME={record.Name}\nEVENT_SEQUENCE={record.Sequence}\nSYSLOG_IDENTIFIER=appliance\n"));

    private bool TrySend(byte[] fields)
    {
        try
        {
            return journal!.Send(fields) == fields.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
