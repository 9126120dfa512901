using Appliance.Core;
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
    public static async Task<StatusServer> StartAsync(string socketPath, Func<Status> status, EventLog events)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(socketPath)!);

        // What a process that was killed left behind; a socket that is in use loses its name to us, as after a restart.
        File.Delete(socketPath);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socketPath));
        WebApplication web = builder.Build();
        web.Run(context => AnswerAsync(context, status, events));
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

    private static async Task AnswerAsync(HttpContext context, Func<Status> status, EventLog events)
    {
        byte[]? answer = (context.Request.Method, context.Request.Path.Value) switch
        {
            ("GET", StatusJson.StatusPath) => StatusJson.Write(status()),
            ("GET", StatusJson.EventsPath) => StatusJson.Write(new EventsAnswer(Status.CurrentSchema, events.Recent())),
            _ => null,
        };
        if (answer is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted).ConfigureAwait(false);
    }
}
