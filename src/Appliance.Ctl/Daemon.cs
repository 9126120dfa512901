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
            Timeout = TimeSpan.FromMilliseconds(Limits.StatusAnswerMs),
            MaxResponseContentBufferSize = Limits.StatusAnswerBytes,
        };
    }

    /// <summary>The body as it came, or the refusal to show.</summary>
    public async Task<Outcome<byte[]>> Get(string path, CancellationToken cancel)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(path, cancel);
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadAsByteArrayAsync(cancel)
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
            return Silent($"no answer within {Limits.StatusAnswerMs} ms; the process hangs, or the machine is overloaded");
        }
    }

    public void Dispose() => http.Dispose();

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
