using System.Net.Sockets;
using System.Text;
using System.Text.Json;
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

    private delegate T Reading<T>(ReadOnlySpan<byte> json);

    /// <summary>The status, or the refusal to show.</summary>
    public Task<Outcome<Answer<Status>>> Status(CancellationToken cancel) => Get(StatusJson.StatusPath, StatusJson.ReadStatus, cancel);

    public Task<Outcome<Answer<EventsAnswer>>> Events(CancellationToken cancel) =>
        Get(StatusJson.EventsPath, StatusJson.ReadEvents, cancel);

    public Task<Outcome<Answer<LatencyAnswer>>> Latency(CancellationToken cancel) =>
        Get(StatusJson.LatencyPath, StatusJson.ReadLatency, cancel);

    /// <summary>A command; some take minutes.</summary>
    public async Task<Outcome<Answer<CommandAnswer>>> Command(CommandVerb verb, string target, CancellationToken cancel) =>
        Read(
            await Post(CommandJson.Write(new CommandRequest(verb, target) { Key = LoginKey.Fingerprint }), cancel),
            CommandJson.ReadAnswer);

    /// <summary>The answer to a command as it came.</summary>
    public Task<Outcome<byte[]>> Post(byte[] command, CancellationToken cancel) => Ask(
        () => new HttpRequestMessage(HttpMethod.Post, CommandJson.Path) { Content = new ByteArrayContent(command) },
        Limits.CommandAnswerMs, cancel);

    public void Dispose() => http.Dispose();

    private async Task<Outcome<Answer<T>>> Get<T>(string path, Reading<T> read, CancellationToken cancel) =>
        Read(await Ask(() => new HttpRequestMessage(HttpMethod.Get, path), Limits.StatusAnswerMs, cancel), read);

    private Outcome<Answer<T>> Read<T>(Outcome<byte[]> answer, Reading<T> read)
    {
        if (answer.Refused)
        {
            return answer.Refusal;
        }

        try
        {
            return new Answer<T>(answer.Value, read(answer.Value));
        }
        catch (JsonException e)
        {
            return new Refusal(RefusalReason.NotReachable, $"the answer on {socketPath} is not understood: {e.Message}");
        }
    }

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

/// <summary>An answer as it came and as it was understood.</summary>
internal sealed record Answer<T>(byte[] Json, T Said)
{
    /// <summary>For --json: as it came.</summary>
    public void WriteJson() => Console.Out.WriteLine(Encoding.UTF8.GetString(Json));
}
