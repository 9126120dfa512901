using System.Net.Sockets;
using System.Text;
using Appliance.Core;
using Appliance.Tests.Core;
using Xunit;

namespace Appliance.Tests.Ctl;

/// <summary>Over a real Unix socket; the answers are bytes.</summary>
public sealed class DaemonTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ctl-").FullName;

    private string SocketPath => Path.Combine(folder, Settings.SocketName);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_answer_on_the_socket_is_read()
    {
        byte[] json = StatusJson.Write(SampleStatus.Busy());
        Task<string> asked = AnswerOnce("200 OK", json);

        Outcome<Appliance.Ctl.Answer<Status>> answer = await Ask();

        Assert.Equal(json, answer.Value!.Json);
        Assert.Equal(json, StatusJson.Write(answer.Value.Said));
        Assert.StartsWith("GET /v1/status HTTP/1.1\r\n", await asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_of_another_version_is_a_refusal()
    {
        Task<string> asked = AnswerOnce("404 Not Found", []);

        Outcome<Appliance.Ctl.Answer<Status>> answer = await Ask();

        Assert.Contains("404", answer.Refusal?.Text, StringComparison.Ordinal);
        await asked;
    }

    [Fact]
    public async Task Nobody_there_is_a_refusal_that_says_what_to_try()
    {
        Outcome<Appliance.Ctl.Answer<Status>> answer = await Ask();

        Assert.Equal(RefusalReason.NotReachable, answer.Refusal?.Reason);
        Assert.Contains("systemctl status appliance", answer.Refusal!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_hangs_up_is_a_refusal()
    {
        Task<string> asked = AnswerOnce(null, []);

        Assert.True((await Ask()).Refused);
        await asked;
    }

    [Fact]
    public async Task An_answer_that_is_no_status_is_a_refusal()
    {
        Task<string> asked = AnswerOnce("200 OK", "{\"lamp\": 3"u8.ToArray());

        Outcome<Appliance.Ctl.Answer<Status>> answer = await Ask();

        Assert.Equal(RefusalReason.NotReachable, answer.Refusal?.Reason);
        Assert.Contains("not understood", answer.Refusal!.Text, StringComparison.Ordinal);
        await asked;
    }

    private async Task<Outcome<Appliance.Ctl.Answer<Status>>> Ask()
    {
        using Appliance.Ctl.Daemon daemon = new(SocketPath);
        return await daemon.Status(TestContext.Current.CancellationToken);
    }

    /// <summary>Listens at once; takes one request and answers it, or hangs up without a status line.</summary>
    private Task<string> AnswerOnce(string? statusLine, byte[] body)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        return Serve(listener, statusLine, body);
    }

    private static async Task<string> Serve(Socket listener, string? statusLine, byte[] body)
    {
        using Socket listening = listener;
        using Socket peer = await listening.AcceptAsync(TestContext.Current.CancellationToken);
        byte[] buffer = new byte[4096];
        StringBuilder request = new();
        while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await peer.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, read);
            request.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        if (statusLine is not null)
        {
            string head = $"HTTP/1.1 {statusLine}\r\nContent-Length: {body.Length}\r\n\r\n";
            await peer.SendAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
            await peer.SendAsync(body, TestContext.Current.CancellationToken);
        }

        return request.ToString();
    }
}
