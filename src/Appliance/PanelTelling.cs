using System.Net.Sockets;
using System.Threading.Channels;
using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>The panel's other direction: its process tells the daemon, over the socket of all commands, what people do at it.</summary>
/// <remarks>Told beside: a daemon that does not answer never holds up the light.</remarks>
public sealed class PanelTelling : IDisposable
{
    private readonly Channel<CommandRequest> queue = Channel.CreateBounded<CommandRequest>(
        new BoundedChannelOptions(Limits.PanelTellings) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource stopping = new();
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly Task telling;
    private string? reported;
    private long reportedAt;

    public PanelTelling(string socketPath, TimeProvider time)
    {
        this.time = time;
        SocketsHttpHandler over = new() { ConnectCallback = (_, cancel) => ConnectAsync(socketPath, cancel), UseProxy = false };
        http = new HttpClient(over)
        {
            BaseAddress = new Uri("http://localhost"),
            Timeout = TimeSpan.FromMilliseconds(Core.Limits.StatusAnswerMs),
        };
        telling = Task.Run(TellAsync);
    }

    public void Tell(CommandVerb verb, string target = "") => queue.Writer.TryWrite(new CommandRequest(verb, target));

    /// <summary>What is wrong with the body: told when it changes, and from time to time to a daemon that has started meanwhile.</summary>
    public void Report(IReadOnlyList<string> troubles)
    {
        string words = string.Join("; ", troubles);
        words = words[..Math.Min(words.Length, Core.Limits.CommandTargetChars)];
        bool isDue = time.GetElapsedTime(reportedAt).TotalMilliseconds >= Limits.PanelReportMs && words.Length > 0;
        if (words != reported || isDue)
        {
            (reported, reportedAt) = (words, time.GetTimestamp());
            Tell(CommandVerb.PanelReported, words);
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        queue.Writer.TryComplete();
        telling.Wait(Core.Limits.StatusAnswerMs);
        http.Dispose();
        stopping.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(string socketPath, CancellationToken cancel)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel).ConfigureAwait(false);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task TellAsync()
    {
        try
        {
            await foreach (CommandRequest request in queue.Reader.ReadAllAsync(stopping.Token).ConfigureAwait(false))
            {
                try
                {
                    using ByteArrayContent body = new(CommandJson.Write(request));
                    using HttpResponseMessage answer = await http.PostAsync(CommandJson.Path, body, stopping.Token).ConfigureAwait(false);
                }
                catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException && !stopping.IsCancellationRequested)
                {
                    // The daemon is away: a press is a press of that moment, and what is wrong is told again.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
    }
}
