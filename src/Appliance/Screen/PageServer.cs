using System.Net;
using System.Net.Mime;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using Appliance.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Appliance.Daemon.Screen;

/// <summary>Serves the page of the touchscreen to a browser on this machine, over loopback TCP.</summary>
/// <remarks>
/// Whoever is logged in on the box may look; there is no login. So it only answers questions, changes nothing, and names studies by a
/// hash: no patient data leaves here. A page from elsewhere cannot read along: its host name is refused (DNS rebinding), and no answer
/// allows another origin.
/// </remarks>
public sealed class PageServer : IAsyncDisposable
{
    private const string FactsPath = "/v1/screen";

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly WebApplication web;
    private readonly Func<Status> status;
    private readonly Func<LatencyAnswer> latency;
    private readonly EventLog events;
    private readonly Watch watch;

    private readonly StudyPictures pictures;

    private PageServer(
        WebApplication web, Func<Status> status, Func<LatencyAnswer> latency, string studies, EventLog events, TimeProvider time)
    {
        this.web = web;
        this.status = status;
        this.latency = latency;
        this.events = events;
        watch = new Watch(status, time);
        pictures = new StudyPictures(studies, time);
    }

    /// <summary>Where the page is, e.g. <c>http://127.0.0.1:8080/</c>.</summary>
    public Uri Address => new(web.Urls.First());

    /// <summary>Null where it is switched off, or the port cannot be had: the device works without its page.</summary>
    /// <param name="studies">The journal's folder of studies.</param>
    public static async Task<PageServer?> StartAsync(
        ScreenSettings settings, Func<Status> status, Func<LatencyAnswer> latency, string studies, EventLog events, TimeProvider time)
    {
        if (!settings.Enabled)
        {
            return null;
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(settings.Address), settings.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        WebApplication web = builder.Build();
        PageServer page = new(web, status, latency, studies, events, time);
        web.Run(page.AnswerAsync);
        try
        {
            await web.StartAsync().ConfigureAwait(false);
            return page;
        }
        catch (IOException failure)
        {
            events.Write(DeviceEvent.CheckFailed, "screen", failure.Message);
            await web.DisposeAsync().ConfigureAwait(false);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync().ConfigureAwait(false);
        await web.DisposeAsync().ConfigureAwait(false);
        pictures.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // 1. Only a browser that was pointed at this machine, and only questions.
        HttpResponse response = context.Response;
        Harden(response.Headers);
        if (!IsLoopback(context.Request.Host.Host))
        {
            response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        // 2. The stream of snapshots goes on by itself.
        string path = context.Request.Path.Value ?? "/";
        if (path == StatusJson.WatchPath)
        {
            await watch.AnswerAsync(context, web.Lifetime.ApplicationStopping).ConfigureAwait(false);
            return;
        }

        // 3. Everything else is one answer.
        if (Answer(path, context.Request.Query) is not (string type, byte[] content))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        response.ContentType = type;
        if (type.StartsWith("image/", StringComparison.Ordinal))
        {
            // A picture is preloaded and then shown. That is twice the same address within a second.
            response.Headers.CacheControl = "private, max-age=10";
        }

        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content, context.RequestAborted).ConfigureAwait(false);
    }

    private (string ContentType, byte[] Content)? Answer(string path, IQueryCollection query) => path switch
    {
        StatusJson.StatusPath => (MediaTypeNames.Application.Json, StatusJson.Write(status())),
        StatusJson.LatencyPath => (MediaTypeNames.Application.Json, StatusJson.Write(latency())),
        Metrics.Path => (Metrics.ContentType, Metrics.Write(status(), latency(), events.CountOf)),
        FactsPath => (MediaTypeNames.Application.Json, JsonSerializer.SerializeToUtf8Bytes(Facts(), ScreenContext.Default.ScreenFacts)),
        _ when path.StartsWith("/v1/studies/", StringComparison.Ordinal) => pictures.Answer(path, query),
        _ => PageFiles.Find(path),
    };

    private static void Harden(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static ScreenFacts Facts() => new(
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(each => each.OperationalStatus == OperationalStatus.Up && each.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(each => each.GetIPProperties().UnicastAddresses)
                .Select(each => each.Address)
                .Where(address => address.AddressFamily == AddressFamily.InterNetwork)
                .Select(address => address.ToString()),
        ],
        Core.Limits.TailMs,
        Environment.MachineName);
}
