using System.Net;
using System.Net.Mime;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Appliance.Core;
using Appliance.Daemon.Supervision;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Appliance.Daemon.Screen;

/// <summary>What of the box the page shows, and whom it asks.</summary>
/// <param name="Ask">A command, and who gives it.</param>
/// <param name="Studies">The journal's folder of studies.</param>
public sealed record ShownBox(
    Func<Status> Status, Func<LatencyAnswer> Latency, Func<CommandRequest, string, Task<CommandAnswer>> Ask, string Studies);

/// <summary>Serves the page of the touchscreen: to a browser on this machine, and to others over TLS after a login.</summary>
/// <remarks>
/// <code>
/// GET  /, /*.js, ...        the page, part of the program
/// GET  /v1/status, /watch   the snapshot, and a stream of them
/// GET  /metrics, /v1/latency
/// GET  /v1/screen           addresses, and who one is
/// GET  /v1/studies/...      single pictures (StudyPictures)
/// GET  /v1/patients         the names of the studies in the list; audited
/// WS   /v1/view             wishes and pictures of an opened study (Viewer)
/// POST /v1/command          as on the Unix socket, but for what concerns the whole box
/// POST /v1/login, /logout
/// </code>
/// Studies are named by hashes; only /v1/patients and the pictures are patient data. Who may come in: <see cref="PageDoor"/>.
/// </remarks>
public sealed class PageServer : IAsyncDisposable
{
    private const string FactsPath = "/v1/screen";
    private const string ViewPath = "/v1/view";
    private const string PatientsPath = "/v1/patients";
    private const string LoginPath = "/v1/login";
    private const string LogoutPath = "/v1/logout";
    private const string LoginPage = "/login.html";

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>What a page may ask for; the rest is for service.</summary>
    private static readonly HashSet<CommandVerb> PageVerbs =
    [
        CommandVerb.StudyResend, CommandVerb.StudyReanalyse, CommandVerb.StudyCancel, CommandVerb.AlarmAck, CommandVerb.DestinationEcho,
        CommandVerb.DestinationPause, CommandVerb.DestinationResume, CommandVerb.IdentifyOn, CommandVerb.IdentifyOff, CommandVerb.LampTest,
        CommandVerb.SelfTest, CommandVerb.ConflictList, CommandVerb.ConflictAccept, CommandVerb.ConflictDiscard,
    ];

    private readonly WebApplication web;
    private readonly ScreenSettings settings;
    private readonly ShownBox box;
    private readonly EventLog events;
    private readonly Watch watch;
    private readonly StudyPictures pictures;
    private readonly SupervisedPainter painter;
    private readonly Sessions sessions;
    private readonly PageDoor door;

    private PageServer(
        WebApplication web, ScreenSettings settings, ShownBox box, EventLog events, Supervisor supervisor, TimeProvider time)
    {
        this.web = web;
        this.settings = settings;
        this.box = box;
        this.events = events;
        watch = new Watch(box.Status, time);
        pictures = new StudyPictures(box.Studies, time);
        painter = new SupervisedPainter((worker, refused) => new Painter(
            box.Studies, supervisor, worker, refused, time, failure => events.Write(DeviceEvent.PartFailed, "painter", failure)));
        sessions = new Sessions(settings.Users, events, time);
        door = new PageDoor(settings, sessions);
    }

    /// <summary>Where the page is, e.g. <c>http://127.0.0.1:8080/</c>.</summary>
    public Uri Address => new(web.Urls.First());

    /// <summary>Null where it is switched off, or port or certificate cannot be had: the device works without its page.</summary>
    public static async Task<PageServer?> StartAsync(
        ScreenSettings settings, ShownBox box, EventLog events, Supervisor supervisor, TimeProvider time)
    {
        if (!settings.Enabled)
        {
            return null;
        }

        PageServer? page = null;
        try
        {
            WebApplication web = Build(settings);
            page = new PageServer(web, settings, box, events, supervisor, time);
            web.UseWebSockets();
            web.Run(page.AnswerAsync);
            await web.StartAsync().ConfigureAwait(false);
            return page;
        }
        catch (Exception failure) when (failure is IOException or CryptographicException or UnauthorizedAccessException)
        {
            // The port is taken (IOException), or the certificate cannot be read or is none: settings that somebody has to mend.
            events.Write(DeviceEvent.CheckFailed, "screen", failure.Message);
            if (page is not null)
            {
                await page.FreeAsync().ConfigureAwait(false);
            }

            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync().ConfigureAwait(false);
        await FreeAsync().ConfigureAwait(false);
    }

    private async ValueTask FreeAsync()
    {
        await web.DisposeAsync().ConfigureAwait(false);
        painter.Dispose();
        pictures.Dispose();
        sessions.Dispose();
    }

    private static WebApplication Build(ScreenSettings settings)
    {
        X509Certificate2? certificate = settings.CertificateFile.Length == 0
            ? null
            : X509Certificate2.CreateFromPemFile(settings.CertificateFile, settings.KeyFile);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Core.Limits.CommandBytes;
            kestrel.Limits.MaxConcurrentConnections = Limits.PageConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = Limits.Viewers;
            kestrel.Listen(IPAddress.Parse(settings.Address), settings.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                {
                    // TLS 1.2 and 1.3, as the system's library has them (BCP 195).
                    listen.UseHttps(certificate);
                }
            });
        });
        return builder.Build();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // 1. Who may come in.
        HttpRequest request = context.Request;
        Harden(context.Response.Headers);
        string path = request.Path.Value ?? "/";
        if (door.Refuses(request) is int refused)
        {
            context.Response.StatusCode = refused;
            return;
        }

        Visitor? visitor = door.Find(request);
        if (visitor is null)
        {
            await AnswerStrangerAsync(context, path).ConfigureAwait(false);
            return;
        }

        // 2. What goes on by itself: the stream of snapshots, the pictures of a study.
        if (path == StatusJson.WatchPath)
        {
            await watch.AnswerAsync(context, web.Lifetime.ApplicationStopping).ConfigureAwait(false);
            return;
        }

        if (path == ViewPath && context.WebSockets.IsWebSocketRequest)
        {
            await ViewAsync(context).ConfigureAwait(false);
            return;
        }

        // 3. What changes something, and what is one answer.
        if (HttpMethods.IsPost(request.Method))
        {
            await AnswerPostAsync(context, path, visitor).ConfigureAwait(false);
            return;
        }

        await SendAsync(context, Answer(path, request.Query, visitor)).ConfigureAwait(false);
    }

    /// <summary>Nobody yet: the files of the page, which hold no secret, and the login.</summary>
    private async Task AnswerStrangerAsync(HttpContext context, string path)
    {
        if (path == LoginPath && HttpMethods.IsPost(context.Request.Method))
        {
            await LogInAsync(context).ConfigureAwait(false);
        }
        else if (path == "/")
        {
            context.Response.Redirect(LoginPage);
        }
        else if (HttpMethods.IsGet(context.Request.Method) && !path.StartsWith("/v1/", StringComparison.Ordinal))
        {
            await SendAsync(context, PageFiles.Find(path)).ConfigureAwait(false);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
    }

    private async Task AnswerPostAsync(HttpContext context, string path, Visitor visitor)
    {
        switch (path)
        {
            case CommandJson.Path:
                await CommandAsync(context, visitor).ConfigureAwait(false);
                break;
            case LoginPath:
                await LogInAsync(context).ConfigureAwait(false);
                break;
            case LogoutPath:
                sessions.LogOut(context.Request.Cookies[door.CookieName]);
                context.Response.Cookies.Delete(door.CookieName, door.Cookie);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private (string ContentType, byte[] Content)? Answer(string path, IQueryCollection query, Visitor visitor) => path switch
    {
        StatusJson.StatusPath => (MediaTypeNames.Application.Json, StatusJson.Write(box.Status())),
        StatusJson.LatencyPath => (MediaTypeNames.Application.Json, StatusJson.Write(box.Latency())),
        Metrics.Path => (Metrics.ContentType, Metrics.Write(box.Status(), box.Latency(), events.CountOf)),
        FactsPath =>
            (MediaTypeNames.Application.Json, JsonSerializer.SerializeToUtf8Bytes(Facts(visitor), ScreenContext.Default.ScreenFacts)),
        PatientsPath => (MediaTypeNames.Application.Json, Patients(visitor)),
        _ when path.StartsWith("/v1/studies/", StringComparison.Ordinal) => pictures.Answer(path, query),
        _ => PageFiles.Find(path),
    };

    private static async Task SendAsync(HttpContext context, (string ContentType, byte[] Content)? answer)
    {
        if (answer is not (string type, byte[] content))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = type;
        if (type.StartsWith("image/", StringComparison.Ordinal))
        {
            // A picture is preloaded and then shown. That is twice the same address within a second.
            context.Response.Headers.CacheControl = "private, max-age=10";
        }

        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task ViewAsync(HttpContext context)
    {
        using CancellationTokenSource ends =
            CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, web.Lifetime.ApplicationStopping);
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        await painter.ShowAsync(socket, ends.Token).ConfigureAwait(false);
    }

    private async Task CommandAsync(HttpContext context, Visitor visitor)
    {
        byte[]? body = await BodyAsync(context).ConfigureAwait(false);
        CommandRequest? request = body is null ? null : CommandJson.ReadRequest(body);
        if (request is null || request.Target.Length > Core.Limits.CommandTargetChars)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (!visitor.MayAct || !PageVerbs.Contains(request.Verb))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        CommandAnswer answer = await box.Ask(request, visitor.Name).WaitAsync(context.RequestAborted).ConfigureAwait(false);
        await SendAsync(context, (MediaTypeNames.Application.Json, CommandJson.Write(answer))).ConfigureAwait(false);
    }

    private async Task LogInAsync(HttpContext context)
    {
        byte[]? body = await BodyAsync(context).ConfigureAwait(false);
        if (ScreenContext.ReadLogin(body) is not LoginRequest request)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        LoginOutcome outcome = await sessions
            .LogInAsync(request.Name, request.Password, context.Connection.RemoteIpAddress, context.RequestAborted).ConfigureAwait(false);
        if (outcome.Token is string token)
        {
            context.Response.Cookies.Append(door.CookieName, token, door.Cookie);
        }
        else
        {
            context.Response.StatusCode = outcome.WaitS > 0 ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized;
            context.Response.Headers.RetryAfter = outcome.WaitS > 0 ? $"{outcome.WaitS}" : default;
        }

        byte[] answer = JsonSerializer.SerializeToUtf8Bytes(
            new LoginAnswer(outcome.Token is not null, outcome.WaitS), ScreenContext.Default.LoginAnswer);
        await SendAsync(context, (MediaTypeNames.Application.Json, answer)).ConfigureAwait(false);
    }

    /// <returns>Null where it is too long.</returns>
    private static async Task<byte[]?> BodyAsync(HttpContext context)
    {
        byte[] body = new byte[Core.Limits.CommandBytes + 1];
        int read = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted)
            .ConfigureAwait(false);
        return read > Core.Limits.CommandBytes ? null : body[..read];
    }

    private byte[] Patients(Visitor visitor)
    {
        events.Write(DeviceEvent.NamesShown, visitor.Name);
        return ShownPatient.Read(box.Studies, box.Status().Studies.Select(study => study.Key));
    }

    private static void Harden(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    private ScreenFacts Facts(Visitor visitor) => new(
        [.. OwnAddresses.All()],
        Core.Limits.TailMs,
        (int)settings.NamesHiddenAfter.TotalMilliseconds,
        Environment.MachineName,
        sessions.IsOpen ? null : visitor.Name,
        visitor.MayAct);
}
