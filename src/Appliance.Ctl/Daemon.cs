using System.Net.Sockets;
using Appliance.Core;

namespace Appliance.Ctl;

/// <summary>The daemon's answers: HTTP over its Unix socket.</summary>
internal sealed class Daemon : IDisposable
{
    private readonly string socketPath;
    private readonly HttpClient http;

    public Daemon(string socketPath)
    {
        this.socketPath = socketPath;
        http = new HttpClient(new SocketsHttpHandler { ConnectCallback = Connect, UseProxy = false })
        {
            BaseAddress = new Uri("http://localhost"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = Limits.StatusAnswerBytes,
        };
    }

    /// <summary>The body as it came, or the refusal to show.</summary>
    public Task<Outcome<byte[]>> Get(string path, CancellationToken cancel) =>
        Ask(() => new HttpRequestMessage(HttpMethod.Get, path), Limits.StatusAnswerMs, cancel);

    /// <summary>The same for a command; some take minutes.</summary>
    public Task<Outcome<byte[]>> Post(string path, byte[] body, CancellationToken cancel) =>
        Ask(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) }, Limits.CommandAnswerMs, cancel);

    public void Dispose() => http.Dispose();

    private async Task<Outcome<byte[]>> Ask(Func<HttpRequestMessage> request, int answerMs, CancellationToken cancel)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(answerMs);
        try
        {
            using HttpRequestMessage asked = request();
            string path = asked.RequestUri!.ToString();
            using HttpResponseMessage answer = await http.SendAsync(asked, limit.Token);
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadAsByteArrayAsync(limit.Token)
                : Silent($"it answers {(int)answer.StatusCode} to {path}; is it another version?");
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            return Silent("this user may not; try as root or as a member of group appliance");
        }
        catch (HttpRequestException e)
        {
            return Silent(e.InnerException is SocketException ? "is the appliance running? systemctl status appliance" : e.Message);
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Silent($"no answer within {answerMs} ms; the process hangs, or the machine is overloaded");
        }
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private Refusal Silent(string why) => new(RefusalReason.NotReachable, $"the appliance does not answer on {socketPath}: {why}");
}
