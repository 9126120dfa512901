using System.Globalization;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Appliance.SystemTests.Guest;

/// <summary>A root shell in the guest, on a serial wire: each start of the machine begins with a line that says so.</summary>
internal sealed class GuestShell : IDisposable
{
    private readonly NetworkStream wire;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private int asked;

    public GuestShell(NetworkStream wire)
    {
        this.wire = wire;
        _ = ReadAsync();
    }

    public void AwaitStart(TimeSpan limit) =>
        Await(line => line.StartsWith("up ", StringComparison.Ordinal), "the machine is up", limit);

    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public string Do(string command, TimeSpan limit)
    {
        string end = $"--{Interlocked.Increment(ref asked)}--";
        List<string> output = [];
        wire.Write(System.Text.Encoding.UTF8.GetBytes($"( {command} ) < /dev/null 2>&1; echo; echo {end} $?\n"));
        string last = "";
        Await(
            line =>
            {
                output.Add(line);
                last = line;
                return line.StartsWith(end, StringComparison.Ordinal);
            },
            command, limit);
        string printed = string.Join('\n', output[..^1]).Trim();
        int code = int.Parse(last[end.Length..], CultureInfo.InvariantCulture);
        return code == 0 ? printed : throw new InvalidOperationException($"in the guest: {command}: exit {code}\n{printed}");
    }

    public void Dispose() => wire.Dispose();

    private void Await(Func<string, bool> isIt, string what, TimeSpan limit) => Wait.Until(
        () =>
        {
            while (lines.Reader.TryRead(out string? line))
            {
                if (isIt(line))
                {
                    return true;
                }
            }

            return false;
        },
        what, limit);

    private async Task ReadAsync()
    {
        using StreamReader reader = new(wire, leaveOpen: true);
        try
        {
            while (await reader.ReadLineAsync() is string line)
            {
                lines.Writer.TryWrite(line.TrimEnd('\r'));
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // The machine is switched off.
        }
    }
}
