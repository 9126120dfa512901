using System.Buffers.Binary;
using System.Net.Sockets;
using Appliance.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Appliance.Daemon;

/// <summary>Answers /v1 on a Unix socket: for the CLI, the page and scripts on this machine. Who may open the socket may ask.</summary>
public sealed class StatusServer : IAsyncDisposable
{
    private const UnixFileMode OwnerAndGroup =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private readonly WebApplication web;

    private StatusServer(WebApplication web)
    {
        this.web = web;
    }

    /// <exception cref="IOException">The socket cannot be made.</exception>
    public static async Task<StatusServer> StartAsync(
        string socketPath, Func<Status> status, Func<LatencyAnswer> latency, EventLog events,
        Func<CommandRequest, string, Task<CommandAnswer>> ask)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(socketPath)!);

        // What a process that was killed left behind; a socket that is in use loses its name to us, as after a restart.
        File.Delete(socketPath);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socketPath));
        WebApplication web = builder.Build();
        web.Run(context => AnswerAsync(context, status, latency, events, ask));
        await web.StartAsync().ConfigureAwait(false);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(socketPath, OwnerAndGroup);
        }

        return new StatusServer(web);
    }

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync().ConfigureAwait(false);
        await web.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task AnswerAsync(
        HttpContext context, Func<Status> status, Func<LatencyAnswer> latency, EventLog events,
        Func<CommandRequest, string, Task<CommandAnswer>> ask)
    {
        byte[]? answer = (context.Request.Method, context.Request.Path.Value) switch
        {
            ("GET", StatusJson.StatusPath) => StatusJson.Write(status()),
            ("GET", StatusJson.EventsPath) => StatusJson.Write(new EventsAnswer(Status.CurrentSchema, events.Recent())),
            ("GET", StatusJson.LatencyPath) => StatusJson.Write(latency()),
            ("GET", Metrics.Path) => Metrics.Write(status(), latency(), events.CountOf),
            ("POST", CommandJson.Path) => await CommandAsync(context, ask).ConfigureAwait(false),
            _ => null,
        };
        if (answer is null)
        {
            bool isCommand = context.Request.Path.Value == CommandJson.Path;
            context.Response.StatusCode = isCommand ? StatusCodes.Status400BadRequest : StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = context.Request.Path.Value == Metrics.Path ? Metrics.ContentType : "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted).ConfigureAwait(false);
    }

    /// <returns>Null where it is no command.</returns>
    private static async Task<byte[]?> CommandAsync(HttpContext context, Func<CommandRequest, string, Task<CommandAnswer>> ask)
    {
        byte[] body = new byte[Core.Limits.CommandBytes + 1];
        int read = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted)
            .ConfigureAwait(false);
        CommandRequest? request = read > Core.Limits.CommandBytes ? null : CommandJson.ReadRequest(body.AsSpan(0, read));
        if (request is null || request.Target.Length > Core.Limits.CommandTargetChars)
        {
            return null;
        }

        string by = request.Key is null ? PeerOf(context) : $"{PeerOf(context)}, key {request.Key}";
        return CommandJson.Write(await ask(request, by).WaitAsync(context.RequestAborted).ConfigureAwait(false));
    }

    /// <summary>The user at the other end, as the kernel knows it (unix(7), SO_PEERCRED: pid, uid, gid).</summary>
    private static string PeerOf(HttpContext context)
    {
        const int SolSocket = 1;
        const int SoPeerCred = 17;
        Span<byte> credentials = stackalloc byte[12];
        Socket? socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        return socket?.GetRawSocketOption(SolSocket, SoPeerCred, credentials) == credentials.Length
            ? $"user {BinaryPrimitives.ReadInt32LittleEndian(credentials[4..])}"
            : "somebody";
    }
}
